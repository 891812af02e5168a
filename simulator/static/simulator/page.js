/* Making elements, times and words: what every other script of the phone page builds on. */

export const $ = (id) => document.getElementById(id);

/** An element: attributes, `class`, `text`, event handlers as `onclick`, then its children. */
export function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "text") element.textContent = value;
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** One of the drawings in icons.html; with a label it is read out, else it is decoration. */
export function icon(name, label = "", className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  if (className) svg.setAttribute("class", className);
  if (label) { svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label); }
  else svg.setAttribute("aria-hidden", "true");
  return svg;
}

const STATUS = {
  accepted: ["clock", "waiting"], sent: ["check", "sent"], delivered: ["checks", "delivered"],
  read: ["checks", "read"], played: ["checks", "played"], failed: ["close", "failed"],
};

/** The tick of one's own message. */
export function tick(status) {
  const [name, label] = STATUS[status] || STATUS.sent;
  return icon(name, label, status === "read" || status === "played" ? "is-read" : "");
}

const clock = new Intl.DateTimeFormat("en-ZA", { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat("en-ZA", { weekday: "long" });
const date = new Intl.DateTimeFormat("en-ZA", { day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("en-ZA", { day: "2-digit", month: "2-digit", year: "numeric" });

export const timeOf = (iso) => clock.format(new Date(iso));
export const dayOf = (iso) => new Date(iso).toDateString();

function daysBetween(iso, now) {
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(new Date(now)) - midnight(new Date(iso))) / 86400000);
}

/** Today, Yesterday, a weekday, or the date: what a day pill says. */
export function dayName(iso, now) {
  const days = daysBetween(iso, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 0 && days < 7 ? weekday.format(new Date(iso)) : date.format(new Date(iso));
}

/** The time in the list of chats: hour, Yesterday, weekday or date. */
export function listTime(iso, now) {
  const days = daysBetween(iso, now);
  if (days === 0) return timeOf(iso);
  if (days === 1) return "Yesterday";
  return days > 0 && days < 7 ? weekday.format(new Date(iso)) : short.format(new Date(iso));
}

/** `90000` -> `25 h`, for the offset of the clock. */
export function span(seconds) {
  const hours = Math.abs(seconds) / 3600;
  if (hours >= 48) return `${Math.round((hours / 24) * 10) / 10} days`;
  return hours >= 1 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours * 60)} min`;
}

/** `27821230001` -> `+27 82 123 0001`. */
export function phoneNumber(digits) {
  const parts = /^27(\d\d)(\d{3})(\d{4})$/.exec(digits);
  return parts ? `+27 ${parts[1]} ${parts[2]} ${parts[3]}` : `+${digits}`;
}

export const initials = (name) => name.split(/\s+/).filter(Boolean).map((part) => part[0]).filter((_, index, all) => index === 0 || index === all.length - 1).join("").toUpperCase();

/** A round picture with initials; the colour follows from the number. */
export function avatar(row) {
  const colour = [...row.wa_id].reduce((sum, digit) => sum + Number(digit), 0) % 8;
  return make("span", { class: `avatar a${colour}${row.off ? " is-off" : ""}`, "aria-hidden": "true", text: initials(row.name) });
}

const MARKUP = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'])|```([\s\S]+?)```|\*(\S(?:[^*\n]*\S)?)\*|(?<![\w])_(\S(?:[^_\n]*\S)?)_(?![\w])|~(\S(?:[^~\n]*\S)?)~/gu;

/** WhatsApp's own marks and links, as elements; whatever else stands there stays plain text. */
export function formatted(text) {
  const nodes = [];
  let from = 0;
  for (const hit of text.matchAll(MARKUP)) {
    nodes.push(text.slice(from, hit.index));
    const [whole, link, mono, bold, italic, struck] = hit;
    if (link) nodes.push(make("a", { href: link, target: "_blank", rel: "noopener noreferrer", text: link }));
    else if (mono) nodes.push(make("code", { text: mono }));
    else if (bold) nodes.push(make("strong", { text: bold }));
    else if (italic) nodes.push(make("em", { text: italic }));
    else nodes.push(make("s", { text: struck }));
    from = hit.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

let fading;
/** A word to the person at the page, gone after a while. */
export function toast(words) {
  $("toast").textContent = words;
  $("toast").classList.add("is-shown");
  clearTimeout(fading);
  fading = setTimeout(() => $("toast").classList.remove("is-shown"), 3500);
}

/** JSON from the simulator. Throws an Error with its own words where it refuses. */
export async function ask(url, { method = "GET", body } = {}) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(given.error || `HTTP ${answer.status}`);
  return given;
}

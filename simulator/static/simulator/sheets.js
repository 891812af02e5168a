/* Everything that slides up: list menus, attachments, reactions, forms, the clock, a phone's settings. */

import { $, ask, icon, make, span, toast } from "./page.js";

/** Show a sheet with this title, these children and this footer; the old one is gone. */
function open(title, inside, footer = null) {
  const sheet = $("sheet");
  sheet.replaceChildren(
    make("header", {}, make("h2", { id: "sheet-title", text: title }),
      make("button", { class: "icon", type: "button", "aria-label": "Close", onclick: close }, icon("close"))),
    make("div", { class: "inside" }, inside),
    ...(footer ? [make("footer", {}, footer)] : []));
  if (!sheet.open) sheet.showModal();
}

const close = () => $("sheet").close();
$("sheet").addEventListener("click", (event) => { if (event.target === $("sheet")) close(); });

/** The rows of a list message, one to be chosen. */
export function listSheet(list, choose) {
  const send = make("button", { class: "solid", type: "button", text: "Send", disabled: true });
  let chosen = null;
  const row = (one) => make("label", { class: "row" },
    make("span", {}, one.title, one.description ? make("small", { text: one.description }) : ""),
    make("input", { type: "radio", name: "row", value: one.id, onchange: () => { chosen = one; send.disabled = false; } }));
  const inside = list.sections.flatMap((section) => [
    section.title ? make("h3", { text: section.title }) : "",
    ...section.rows.map(row),
  ]);
  send.addEventListener("click", () => { close(); choose(chosen); });
  open(list.button, make("div", { role: "radiogroup", "aria-labelledby": "sheet-title" }, inside), send);
}

const ATTACHMENTS = [
  ["photo", "Photo", "From this computer", (acts) => acts.choose("image")],
  ["file", "Document", "From this computer", (acts) => acts.choose("document")],
  ["photo", "Sample photo", "Table Mountain, more or less", (acts) => acts.say({ type: "image", caption: "Is this the right one?" })],
  ["file", "Sample document", "Proof of payment, PDF", (acts) => acts.say({ type: "document" })],
  ["video", "Sample video", "Three seconds", (acts) => acts.say({ type: "video" })],
  ["smile", "Sticker", "A smile", (acts) => acts.say({ type: "sticker" })],
  ["pin", "Location", "Sandton, Johannesburg", (acts) => acts.say({ type: "location", name: "Sandton City", address: "83 Rivonia Road, Sandhurst" })],
  ["person", "Contact", "Naledi Khoza", (acts) => acts.say({ type: "contacts" })],
];

/** What the plus offers. */
export function attachSheet(acts) {
  const rows = ATTACHMENTS.map(([name, title, about, act], index) => make("button", {
    class: "row", type: "button", onclick: () => { close(); act(acts); },
  }, make("i", { class: `glyph g${index % 7}` }, icon(name)), make("span", {}, title, make("small", { text: about }))));
  open("Send", rows);
}

const FACES = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** React to a message, or reply to it. */
export function messageSheet(message, acts) {
  const react = (emoji) => () => { close(); acts.say({ type: "reaction", message_id: message.wamid, emoji }); };
  const given = new Set(acts.reactions);
  const faces = FACES.map((face) => make("button", {
    type: "button", "aria-label": `React with ${face}`, "aria-pressed": String(given.has(face)), text: face, onclick: react(given.has(face) ? "" : face),
  }));
  open("React or reply", [
    make("div", { class: "faces" }, faces),
    make("button", { class: "row", type: "button", onclick: () => { close(); acts.reply(message); } }, make("i", { class: "glyph g2" }, icon("reply")), make("span", { text: "Reply" })),
    make("button", { class: "row", type: "button", onclick: () => { close(); acts.say({ type: "text", text: message.text || "…", forwarded: true }); } }, make("i", { class: "glyph g0" }, icon("link")), make("span", { text: "Forward it to the business" })),
  ]);
}

/** A flow's form is drawn by WhatsApp itself; here its answer is written by hand. */
export function flowSheet(title, send) {
  const field = make("textarea", { "aria-label": "Answer as JSON" });
  field.value = JSON.stringify({ flow_token: "unused", name: "Thandi", date: "2026-12-01" }, null, 2);
  open(title, [make("p", { class: "hint", text: "A real phone shows a form here. Write what it would send back." }), field],
    make("button", { class: "solid", type: "button", text: "Send", onclick: () => {
      try { JSON.parse(field.value); } catch { toast("This is no JSON."); return; }
      close(); send(field.value);
    } }));
}

const JUMPS = [["1 h", "the window stays open", 3600], ["23 h", "one hour is left", 82800], ["25 h", "the window shuts", 90000]];

/** The clock of the whole simulated world, and the console's with it. */
export function clockSheet(world, jump) {
  const moment = new Intl.DateTimeFormat("en-ZA", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }).format(new Date(world.now));
  const go = (wanted) => { close(); jump(wanted); };
  const amount = make("input", { type: "number", value: "2", min: "1", max: "10000", "aria-label": "How many" });
  const unit = make("select", { "aria-label": "Of what" }, ...[["minutes", 60], ["hours", 3600], ["days", 86400]].map(([name, seconds]) => make("option", { value: seconds, selected: name === "days", text: name })));
  open("Jump the clock", [
    make("p", { class: "now" }, make("strong", { text: moment }), world.offset_seconds ? `${span(world.offset_seconds)} ${world.offset_seconds > 0 ? "ahead of" : "behind"} real time` : "This is real time"),
    make("div", { class: "jumps" }, JUMPS.map(([name, why, seconds]) => make("button", { type: "button", onclick: () => go({ seconds }) }, name, make("small", { text: why })))),
    make("div", { class: "custom" }, amount, unit, make("button", { class: "solid", type: "button", text: "Jump", onclick: () => go({ seconds: Number(amount.value) * Number(unit.value) }) })),
  ], world.offset_seconds ? make("button", { class: "soft", type: "button", text: "Back to now", onclick: () => go({ offset_seconds: 0 }) }) : null);
}

const TRAITS = [
  ["phone_is_off", "Phone is off", "Messages wait at one tick"],
  ["sends_read_receipts", "Read receipts", "Blue ticks for the business"],
  ["hides_number", "Hides the phone number", "Webhooks carry the user id only"],
  ["takes_marketing", "Takes marketing messages", "Off: 131050"],
  ["is_reachable", "Is on WhatsApp", "Off: 131026"],
];

/** What this customer's phone does. */
export async function phoneSheet(waId, changed) {
  const customer = await ask(`/control/customers/${waId}/`);
  const set = (name) => async (event) => {
    try { await ask(`/control/customers/${waId}/`, { method: "PATCH", body: { [name]: event.target.checked } }); changed(); }
    catch (problem) { toast(problem.message); }
  };
  open(customer.name, [
    make("p", { class: "hint", text: `User id ${customer.bsuid}${customer.blocked ? " · blocked by the business" : ""}` }),
    ...TRAITS.map(([name, title, about]) => make("label", { class: "row" },
      make("span", {}, title, make("small", { text: about })),
      make("input", { type: "checkbox", role: "switch", checked: customer[name], onchange: set(name) }))),
  ]);
}

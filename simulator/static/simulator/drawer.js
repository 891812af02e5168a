/* The developer drawer: the newest webhooks and Graph API calls, each to be unfolded. */

import { $, make } from "./page.js";

const clock = new Intl.DateTimeFormat("en-ZA", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

export class Drawer {
  constructor(changed) {
    this.changed = changed;
    this.tab = "webhooks";
    this.log = { webhooks: [], calls: [] };
    $("close-log").addEventListener("click", () => this.toggle());
    for (const name of ["webhooks", "calls"]) {
      $(`tab-${name}`).addEventListener("click", () => this.choose(name));
      $(`tab-${name}`).addEventListener("keydown", (event) => {
        if (event.key === "ArrowRight" || event.key === "ArrowLeft") this.choose(name === "calls" ? "webhooks" : "calls", true);
      });
    }
  }

  get isOpen() { return !$("drawer").hidden; }

  toggle() {
    $("drawer").hidden = this.isOpen;
    $("open-log").setAttribute("aria-expanded", String(this.isOpen));
    (this.isOpen ? $("close-log") : $("open-log")).focus();
    this.changed();
  }

  choose(name, focus = false) {
    this.tab = name;
    for (const one of ["webhooks", "calls"]) {
      $(`tab-${one}`).setAttribute("aria-selected", String(one === name));
      $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    }
    $("entries").setAttribute("aria-labelledby", `tab-${name}`);
    $("entries").replaceChildren();
    if (focus) $(`tab-${name}`).focus();
    this.draw(this.log);
  }

  /** Rows that did not change keep their place and stay unfolded. */
  draw(log) {
    this.log = log;
    const old = new Map([...$("entries").children].map((item) => [item.dataset.key, item]));
    const draw = this.tab === "webhooks" ? webhook : call;
    const items = log[this.tab].map((row) => {
      const key = `${this.tab} ${row.id} ${row.attempts || ""} ${row.status}`;
      const item = old.get(key) || make("li", {}, draw(row));
      item.dataset.key = key;
      return item;
    });
    if (!items.length) items.push(make("li", { class: "none", text: this.tab === "webhooks" ? "No webhook was sent yet." : "Nobody has called the Graph API yet." }));
    if (items.length !== $("entries").children.length || items.some((item, index) => item !== $("entries").children[index])) $("entries").replaceChildren(...items);
  }
}

function webhook(row) {
  const [what, more] = told(row.body);
  const tries = row.attempts > 1 ? ` · ${row.attempts} attempts` : "";
  const code = row.status ? String(row.status) : row.attempts ? "no answer" : "…";
  return entry(row.at, code, row.taken ? "" : row.attempts ? "is-bad" : "is-waiting", what, `${more}${tries}${row.error ? ` · ${row.error}` : ""}`, [["Body", row.body]]);
}

function told(body) {
  const changes = body.entry.flatMap((one) => one.changes);
  const parts = changes.flatMap(({ field, value }) => [
    ...(value.messages || []).map((one) => ["message", `${one.type} from ${one.from || one.from_user_id}`]),
    ...(value.statuses || []).map((one) => [one.status, `to ${one.recipient_id || one.recipient_user_id}`]),
    ...(field === "messages" ? [] : [[field, value.event || ""]]),
  ]);
  if (!parts.length) return ["messages", ""];
  return parts.length === 1 ? parts[0] : [`${parts.length} updates`, [...new Set(parts.map(([name]) => name))].join(", ")];
}

function call(row) {
  const body = row.body || {};
  const what = body.status === "read" ? "mark as read" : body.type || row.path.split("/").slice(3).join("/") || "node";
  const problem = row.answer && row.answer.error ? row.answer.error.message : "";
  const more = `${row.method} ${row.path} · ${row.milliseconds} ms`;
  return entry(row.at, String(row.status), row.status < 400 ? "" : "is-bad", problem || what, more, [["Asked", row.body], ["Answered", row.answer]]);
}

function entry(at, code, state, what, more, bodies) {
  return make("details", {},
    make("summary", {}, make("span", { class: `code ${state}`, text: code }), make("span", { class: "what", text: what }), make("time", { datetime: at, text: clock.format(new Date(at)) }), make("span", { class: "more", text: more })),
    ...bodies.filter(([, body]) => body).flatMap(([name, body]) => [make("h3", { text: name }), make("pre", { tabindex: "0", text: JSON.stringify(body, null, 2) })]));
}

/* The list of customers: whose phone is whose, what came last, what is unread. */

import { avatar, listTime, make, tick } from "./page.js";

/** Draw the rows that `wanted` lets through; rows that did not change are left alone. */
export function drawChats(list, rows, { open, now, wanted, choose }) {
  const words = wanted.trim().toLowerCase();
  const shown = rows.filter((row) => !words || row.name.toLowerCase().includes(words) || row.wa_id.includes(words.replace(/\D/g, "") || "-"));
  const old = new Map([...list.children].map((item) => [item.dataset.waId, item]));
  const items = shown.map((row) => {
    const key = JSON.stringify([row, row.wa_id === open, row.at ? listTime(row.at, now) : ""]);
    const item = old.get(row.wa_id);
    if (item && item.dataset.key === key) return item;
    const fresh = drawRow(row, { open, now, choose });
    fresh.dataset.key = key;
    if (item && item.contains(document.activeElement)) queueMicrotask(() => fresh.firstChild.focus());
    return fresh;
  });
  if (!items.length) items.push(make("li", { class: "none", text: rows.length ? "Nobody of that name" : "There are no customers." }));
  if (items.length !== list.children.length || items.some((item, index) => item !== list.children[index])) list.replaceChildren(...items);
}

function drawRow(row, { open, now, choose }) {
  const unread = row.unread && row.wa_id !== open;
  const button = make("button", {
    type: "button", class: unread ? "has-unread" : "", "aria-current": row.wa_id === open ? "true" : null,
    onclick: () => choose(row.wa_id),
  },
  avatar(row),
  make("span", { class: "name", text: row.name }),
  row.at ? make("time", { datetime: row.at, text: listTime(row.at, now) }) : make("span"),
  lastLine(row),
  unread ? make("span", { class: "count", "aria-label": `${row.unread} unread`, text: String(row.unread) }) : "");
  const item = make("li", {}, button);
  item.dataset.waId = row.wa_id;
  return item;
}

function lastLine(row) {
  if (row.typing) return make("span", { class: "line is-typing", text: "typing…" });
  if (!row.preview) return make("span", { class: "line", text: row.off ? "Phone is off" : "No messages yet" });
  // On this customer's phone the customer's own messages carry the ticks.
  return make("span", { class: "line" }, row.direction === "in" && row.type !== "reaction" ? tick(row.status) : "", row.preview);
}

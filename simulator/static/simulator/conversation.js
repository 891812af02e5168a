/* One open chat: keeps what it has seen, draws what changed, sticks to the newest. */

import { $, dayName, dayOf, make } from "./page.js";
import { drawMessage } from "./bubbles.js";

const NEAR_THE_END_PX = 90;

export class Conversation {
  constructor(acts) {
    this.acts = acts;
    this.messages = new Map();
    this.clear();
    $("scroll").addEventListener("scroll", () => this.watchEnd());
    $("to-end").addEventListener("click", () => this.toEnd(true));
  }

  get isEmpty() { return this.messages.size === 0; }

  /** Another phone is opened: nothing of the former one stays. */
  clear() {
    this.messages.clear();
    this.reactions = {};
    this.cursor = "";
    this.chatId = null;
    this.drawn = new Set();
    $("log").replaceChildren();
    $("typing").hidden = true;
  }

  /** What the last look brought. True when something of the business is new. */
  show(chat, now) {
    if (this.chatId !== null && this.chatId !== chat.id) this.clear();
    const isFirst = this.chatId === null;
    this.isFirst = isFirst;
    this.chatId = chat.id;
    this.cursor = chat.cursor;
    const stuck = isFirst || this.isAtEnd();
    const fresh = chat.messages.filter((one) => one.direction === "out" && !this.messages.has(one.id));
    const changedReactions = JSON.stringify(chat.reactions) !== JSON.stringify(this.reactions);
    this.reactions = chat.reactions;
    this.take(chat.messages, now, changedReactions);
    $("typing").hidden = !chat.typing;
    if (stuck) this.toEnd();
    if (fresh.length && !isFirst) $("announce").textContent = `Message: ${fresh.at(-1).text || fresh.at(-1).type}`;
    this.watchEnd();
    return fresh.length > 0;
  }

  /** Add or change messages, and draw those that look different from before. */
  take(messages, now, all = false) {
    const changed = messages.filter((one) => JSON.stringify(this.messages.get(one.id)) !== JSON.stringify(one));
    changed.forEach((one) => this.messages.set(one.id, one));
    if (changed.length || all) this.draw(now);
  }

  draw(now) {
    const ordered = [...this.messages.values()].sort((one, other) => one.id - other.id);
    const old = new Map([...$("log").children].map((item) => [item.dataset.key, item]));
    const items = [];
    ordered.forEach((message, index) => {
      const before = ordered[index - 1];
      const newDay = !before || dayOf(before.at) !== dayOf(message.at);
      if (newDay) items.push(pill(old, dayName(message.at, now)));
      const first = newDay || before.direction !== message.direction || before.type === "system";
      items.push(this.item(old, message, first));
    });
    patch($("log"), items);
  }

  item(old, message, first) {
    const reactions = this.reactions[message.wamid] || [];
    // The ticks of the business's messages are not on this phone: drawing one anew for them would
    // stop a voice note that is being played.
    const status = message.direction === "out" ? "" : message.status;
    const key = JSON.stringify([{ ...message, status }, first, reactions]);
    const found = old.get(key);
    if (found) return found;
    const arrives = !this.drawn.has(message.id);
    this.drawn.add(message.id);
    const item = drawMessage(message, { first, reactions, ...this.acts, find: (wamid) => this.find(wamid) });
    item.classList.toggle("arrives", arrives && !this.isFirst);
    item.dataset.key = key;
    return item;
  }

  find(wamid) {
    const target = [...$("log").children].find((item) => item.dataset.wamid === wamid);
    if (target) target.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  isAtEnd() {
    const box = $("scroll");
    return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END_PX;
  }

  toEnd(smooth = false) {
    const box = $("scroll");
    box.scrollTo({ top: box.scrollHeight, behavior: smooth ? "smooth" : "auto" });
  }

  watchEnd() { $("to-end").hidden = this.isAtEnd(); }
}

/** Put the items in order, moving none that stands right: a moved one would blink and lose focus. */
function patch(list, items) {
  const kept = new Set(items);
  [...list.children].forEach((child) => { if (!kept.has(child)) child.remove(); });
  items.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] || null);
  });
}

function pill(old, words) {
  const key = `day ${words}`;
  const found = old.get(key);
  if (found) return found;
  const item = make("li", { class: "day" }, make("span", { text: words }));
  item.dataset.key = key;
  return item;
}

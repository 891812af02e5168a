/* Writing as the customer: text, quick words, replies, and everything behind the plus. */

import { $, icon, make, toast } from "./page.js";
import { attachSheet } from "./sheets.js";

const QUICK = ["Hi", "Do I still owe you anything?", "Where is my order?", "I want to talk to a person", "STOP"];
const LARGEST_FILE = 16 * 1024 * 1024;

export class Composer {
  constructor(say) {
    this.say = say;
    this.quoted = null;
    this.drafts = new Map();
    this.phone = "";
    $("composer").addEventListener("submit", (event) => { event.preventDefault(); this.sendText(); });
    $("text").addEventListener("input", () => this.fit());
    $("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.sendText(); }
      if (event.key === "Escape" && this.quoted) this.reply(null);
    });
    $("attach").addEventListener("click", () => attachSheet({ say: (message) => this.sendThis(message), choose: (kind) => this.chooseFile(kind) }));
    $("voice").addEventListener("click", () => this.sendThis({ type: "voice" }));
    $("file").addEventListener("change", () => this.sendFile());
    $("quick").append(...QUICK.map((words) => make("button", { type: "button", text: words, onclick: () => this.sendThis({ type: "text", text: words }) })));
  }

  /** Another phone: what was half written stays with the former one. */
  open(phone) {
    if (this.phone) this.drafts.set(this.phone, $("text").value);
    this.phone = phone;
    $("text").value = this.drafts.get(phone) || "";
    this.reply(null);
    this.fit();
  }

  quickMessages(isShown) { $("quick").hidden = !isShown; }

  /** The next message quotes this one; null: none. */
  reply(message) {
    this.quoted = message;
    $("replying").hidden = !message;
    if (!message) return;
    const author = message.direction === "in" ? "You" : $("app").dataset.business;
    $("replying").replaceChildren(
      make("div", {}, make("strong", { text: author }), make("span", { text: message.text || message.type })),
      make("button", { class: "icon", type: "button", "aria-label": "Do not reply to this", onclick: () => this.reply(null) }, icon("close")));
    $("text").focus();
  }

  async sendText() {
    const text = $("text").value.trim();
    if (!text || !this.phone) return;
    this.sendWith(text, { type: "text", text });
  }

  /** Send it, with the words taken out of the field: back they go where it could not be sent. */
  async sendWith(words, message) {
    const phone = this.phone;
    $("text").value = "";
    this.fit();
    if (await this.sendThis(message) || !words) return;
    if (phone !== this.phone) this.drafts.set(phone, words);
    else if (!$("text").value) { $("text").value = words; this.fit(); }
  }

  async sendThis(message) {
    const { quoted, phone } = this;
    this.reply(null);
    const sent = await this.say(quoted ? { ...message, context: quoted.wamid } : message);
    if (!sent && quoted && phone === this.phone && !this.quoted) this.reply(quoted);
    return sent;
  }

  chooseFile(kind) {
    $("file").accept = { image: "image/jpeg,image/png", video: "video/mp4,video/3gpp", document: "" }[kind] ?? "";
    $("file").dataset.kind = kind;
    $("file").value = "";
    $("file").click();
  }

  async sendFile() {
    const file = $("file").files[0];
    if (!file) return;
    if (file.size > LARGEST_FILE) { toast("This file is larger than 16 MB."); return; }
    const body = { type: $("file").dataset.kind, file: await base64(file), mime_type: file.type, filename: file.name };
    const text = $("text").value.trim();
    if (text) body.caption = text;
    this.sendWith(text, body);
  }

  fit() {
    const box = $("text");
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 148)}px`;
    const hasText = box.value.trim() !== "";
    $("send").hidden = !hasText;
    $("voice").hidden = hasText;
  }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",")[1] || ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

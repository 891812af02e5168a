/* One message as WhatsApp draws it: from the JSON of simulator.phone.bubbles to elements. */

import { formatted, icon, make, phoneNumber, tick, timeOf, toast } from "./page.js";
import { card, contactCards, map, order, picture, sound, stickerOf } from "./cards.js";
import { flowSheet, listSheet, messageSheet } from "./sheets.js";

const ONLY_EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,8}$/u;

/** The list item of a message; `acts` are say, reply, find. */
export function drawMessage(message, acts) {
  if (message.type === "system") return make("li", { class: "system" }, make("span", { text: message.content.body || "" }));
  const mine = message.direction === "in";
  const item = make("li", { class: [mine ? "mine" : "theirs", acts.first ? "first" : "", acts.reactions.length ? "reacted" : ""].join(" ") });
  item.dataset.wamid = message.wamid;
  const buttons = message.shape.buttons || [];
  const hasButtons = buttons.length > 0 || Boolean(message.shape.list);
  item.append(drawBubble(message, mine, acts, hasButtons));
  if (hasButtons) item.append(drawButtons(message, acts));
  if (acts.reactions.length) item.lastChild.append(drawReactions(acts.reactions));
  return item;
}

function drawBubble(message, mine, acts, wide) {
  const { shape } = message;
  const bubble = make("div", { class: "bubble" });
  if (wide) bubble.classList.add("wide");
  bubble.append(make("span", { class: "hear", text: mine ? "The customer: " : "The business: " }));
  if (message.context && (message.context.forwarded || message.context.frequently_forwarded)) {
    bubble.append(make("p", { class: "forwarded" }, icon("reply"), "Forwarded"));
  }
  if (shape.quote) bubble.append(drawQuote(shape.quote, acts));
  drawHead(bubble, shape);
  drawBody(bubble, message, acts);
  if (shape.footer) {
    bubble.classList.add("has-foot");
    bubble.append(make("p", { class: "foot", text: shape.footer }));
  }
  bubble.append(drawMeta(message, mine));
  bubble.append(make("button", {
    class: "menu", type: "button", "aria-label": "React or reply", "aria-haspopup": "dialog",
    onclick: () => messageSheet(message, acts),
  }, icon("down")));
  onHold(bubble, () => messageSheet(message, acts));
  return bubble;
}

const HOLD_MS = 450;

/** A finger that rests on the bubble does what the small arrow does for a mouse. */
function onHold(bubble, act) {
  let timer;
  const stop = () => clearTimeout(timer);
  bubble.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(act, HOLD_MS);
  });
  ["pointerup", "pointercancel", "pointermove", "pointerleave"].forEach((name) => bubble.addEventListener(name, stop));
  bubble.addEventListener("contextmenu", (event) => { if (matchMedia("(hover: none)").matches) event.preventDefault(); });
}

function drawHead(bubble, shape) {
  const header = shape.header;
  if (!header) return;
  if (header.kind === "text") bubble.append(make("p", { class: "head", text: header.text }));
  else if (header.kind === "location") bubble.append(map(header));
  else if (shape.media && header.kind === "document") bubble.append(card(shape.media, header));
  else if (shape.media) { bubble.classList.add("has-picture"); bubble.append(picture(shape.media)); }
}

function drawBody(bubble, message, acts) {
  const draw = BODIES[message.type];
  if (draw) draw(bubble, message, acts);
  else if (message.text || message.type === "text") words(bubble, message.text);
  else words(bubble, `Unsupported message (${message.type})`, "odd");
}

function words(bubble, text, className = "") {
  const big = ONLY_EMOJI.test(text) ? " big" : "";
  bubble.append(make("p", { class: `words ${className}${big}` }, formatted(text)));
}

function caption(bubble, message) {
  if (message.text) words(bubble, message.text);
  else { bubble.classList.add("bare"); bubble.append(make("p", { class: "words" })); }
}

const BODIES = {
  text: (bubble, message) => words(bubble, message.text),
  template: (bubble, message) => words(bubble, message.text),
  button: (bubble, message) => words(bubble, message.text),
  interactive: (bubble, message) => words(bubble, message.text || "Form sent"),
  image: (bubble, message) => { bubble.classList.add("has-picture"); bubble.append(picture(message.shape.media)); caption(bubble, message); },
  video: (bubble, message) => { bubble.classList.add("has-picture"); bubble.append(picture(message.shape.media)); caption(bubble, message); },
  document: (bubble, message) => { bubble.append(card(message.shape.media, message.content)); caption(bubble, message); },
  audio: (bubble, message) => bubble.append(sound(message)),
  sticker: (bubble, message) => { bubble.classList.add("sticker"); bubble.append(stickerOf(message)); },
  location: (bubble, message) => {
    bubble.append(map(message.content));
    const { name, address } = message.content;
    words(bubble, [name, address].filter(Boolean).join("\n") || "Location");
  },
  contacts: (bubble, message) => { contactCards(message.content).forEach((one) => bubble.append(one)); caption(bubble, message); },
  order: (bubble, message) => { bubble.append(order(message.content)); caption(bubble, message); },
};

function drawQuote(quote, acts) {
  return make("button", { class: "quote", type: "button", onclick: () => acts.find(quote.wamid) },
    make("strong", { text: quote.direction === "in" ? "You" : document.getElementById("app").dataset.business }),
    make("span", { text: quote.text }));
}

function drawReactions(reactions) {
  return make("span", { class: "reactions", role: "img", "aria-label": `Reactions: ${reactions.join(" ")}`, text: reactions.join("") });
}

function drawMeta(message, mine) {
  return make("span", { class: "meta" }, make("time", { datetime: message.at, text: timeOf(message.at) }), mine ? tick(message.status) : "");
}

function drawButtons(message, acts) {
  const { buttons = [], list } = message.shape;
  const rows = buttons.map((one) => drawButton(one, message, acts));
  if (list) rows.push(tap("list", list.button, () => listSheet(list, (row) => acts.say(listReply(row, message)))));
  return make("div", { class: "buttons" }, rows);
}

function drawButton(one, message, acts) {
  if (one.kind === "url") {
    return make("a", { class: "tap", href: one.url, target: "_blank", rel: "noopener noreferrer" }, icon("link"), one.text);
  }
  const act = {
    reply: () => acts.say({ type: "button_reply", id: one.id, title: one.text, context: message.wamid }),
    quick_reply: () => acts.say({ type: "button", text: one.text, payload: one.payload, context: message.wamid }),
    phone_number: () => toast(`A real phone would call ${phoneNumber(String(one.phone).replace(/\D/g, ""))}.`),
    copy_code: () => navigator.clipboard.writeText(one.code).then(() => toast("Code copied"), () => toast(one.code)),
    location_request_message: () => acts.say({ type: "location", context: message.wamid }),
    request_contact_info: () => acts.say({ type: "contacts", context: message.wamid }),
    flow: () => flowSheet(one.text, (answer) => acts.say({ type: "nfm_reply", response_json: answer, context: message.wamid })),
  }[one.kind];
  return tap(ICONS[one.kind] || "reply", one.text, act || (() => toast("A phone would do something here.")));
}

const ICONS = {
  phone_number: "call", copy_code: "copy", location_request_message: "pin", request_contact_info: "person", flow: "form",
};

const tap = (name, text, act) => make("button", { class: "tap", type: "button", onclick: act }, icon(name), text);

function listReply(row, message) {
  const reply = { type: "list_reply", id: row.id, title: row.title, context: message.wamid };
  return row.description ? { ...reply, description: row.description } : reply;
}

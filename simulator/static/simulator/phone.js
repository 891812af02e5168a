/* The phone page: which customer's phone is open, what it shows, and the look once a second. */

import { $, ask, make, phoneNumber, span, toast } from "./page.js";
import { drawChats } from "./chats.js";
import { Conversation } from "./conversation.js";
import { Composer } from "./composer.js";
import { clockSheet, phoneSheet } from "./sheets.js";
import { Drawer } from "./drawer.js";

const LOOK_EVERY_MS = 1000;
const LOOK_AFTER_FAILURE_MS = 4000;

const state = { chats: [], world: { now: new Date().toISOString(), offset_seconds: 0, switched: {} }, open: "", failures: 0 };
let timer;
let looking = false;

const say = async (message) => {
  try {
    const said = await ask(`/phone/${state.open}/say/`, { method: "POST", body: message });
    // A reaction is no bubble: the next look hangs it on the message that it is about.
    if (said.type !== "reaction") { conversation.take([said], state.world.now); conversation.toEnd(); }
  } catch (problem) {
    toast(problem.message);
    return false;
  }
  look();
  return true;
};
const composer = new Composer(say);
const conversation = new Conversation({ say, reply: (bubble) => composer.reply(bubble) });
const drawer = new Drawer(() => look());

/** Ask what changed and draw it. One look at a time; a second wish is served by the next. */
async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  if (!looking) {
    looking = true;
    try {
      await lookOnce();
      state.failures = 0;
    } catch {
      state.failures += 1;
      if (state.failures === 3) toast("The simulator does not answer.");
    }
    looking = false;
  }
  timer = setTimeout(look, state.failures ? LOOK_AFTER_FAILURE_MS : LOOK_EVERY_MS);
}

async function lookOnce() {
  const open = state.open;
  const query = new URLSearchParams();
  if (open) { query.set("chat", open); query.set("after", conversation.cursor); }
  if (drawer.isOpen) query.set("log", "1");
  const given = await ask(`/phone/changes/?${query}`);
  Object.assign(state, { chats: given.chats, world: given.world });
  drawChats($("chats"), given.chats, { open: state.open, now: given.world.now, wanted: $("search").value, choose });
  drawNotice();
  if (given.log) drawer.draw(given.log);
  if (open && open === state.open && !given.chat) {
    toast("Nobody has this number any more.");
    choose("");
    return;
  }
  // Another phone may have been opened while this answer was on its way.
  if (given.chat && open === state.open) showChat(given.chat);
}

function showChat(chat) {
  const row = state.chats.find((one) => one.wa_id === state.open);
  const isNew = conversation.show(chat, state.world.now);
  $("subtitle").textContent = chat.typing ? "typing…" : row ? `on ${row.name}'s phone · ${phoneNumber(row.wa_id)}` : "";
  $("subtitle").classList.toggle("is-typing", chat.typing);
  composer.quickMessages(conversation.isEmpty);
  if (isNew || (row && row.unread)) markSeen();
}

function markSeen() {
  if (document.hidden || !state.open) return;
  ask(`/phone/${state.open}/seen/`, { method: "POST", body: {} }).catch(() => {});
}

function choose(waId, { focus = true } = {}) {
  state.open = waId;
  $("app").toggleAttribute("data-open", Boolean(waId));
  $("chat").toggleAttribute("data-empty", !waId);
  conversation.clear();
  composer.open(waId);
  const address = waId ? `#${waId}` : location.pathname;
  if (location.hash.slice(1) !== waId) history.pushState(null, "", address);
  drawChats($("chats"), state.chats, { open: waId, now: state.world.now, wanted: $("search").value, choose });
  if (waId && focus && matchMedia("(hover: hover)").matches) $("text").focus();
  look();
}

function drawNotice() {
  const { offset_seconds: offset, switched } = state.world;
  const names = Object.keys(switched);
  const key = `${offset} ${names}`;
  if ($("notice").dataset.key === key) return;
  $("notice").dataset.key = key;
  const lines = [];
  if (offset) {
    const words = `The clock is ${span(offset)} ${offset > 0 ? "ahead" : "behind"}`;
    lines.push(make("p", {}, make("span", { text: words }), make("button", { type: "button", text: "Back to now", onclick: () => jump({ offset_seconds: 0 }) })));
  }
  if (names.length) {
    const words = names.length === 1 ? "One switch is not as usual" : `${names.length} switches are not as usual`;
    lines.push(make("p", {}, make("span", { text: words }), make("a", { href: "/faults/", text: "Show" })));
  }
  $("notice").replaceChildren(...lines);
  $("notice").hidden = !lines.length;
}

async function jump(wanted) {
  try {
    const given = await ask("/phone/jump/", { method: "POST", body: wanted });
    toast(given.console === "ok" ? "The clock moved, and the console's with it." : `The clock moved here. Console: ${given.console}`);
  } catch (problem) {
    toast(problem.message);
  }
  look();
}

$("open-clock").addEventListener("click", () => clockSheet(state.world, jump));
$("open-phone").addEventListener("click", () => phoneSheet(state.open, look));
$("open-log").addEventListener("click", () => drawer.toggle());
$("back").addEventListener("click", () => choose(""));
$("search").addEventListener("input", look);
addEventListener("popstate", () => choose(location.hash.slice(1), { focus: false }));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !$("sheet").open && drawer.isOpen) drawer.toggle();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) { look(); markSeen(); } });

choose(location.hash.slice(1), { focus: false });

/* What a message carries besides words: pictures, documents, voice notes, places, people. */

import { ask, icon, make, phoneNumber, toast } from "./page.js";

/** A photo or a video; one by a link that was not fetched is a card with its address. */
export function picture(media) {
  if (!media || !media.url) return card(media || { kind: "image" }, {});
  if (media.kind === "video") {
    return make("div", { class: "picture" }, make("video", { src: media.url, controls: true, preload: "metadata", "aria-label": media.name || "Video" }));
  }
  return make("a", { class: "picture", href: media.url, target: "_blank", rel: "noopener" }, make("img", { src: media.url, alt: "Photo", loading: "lazy" }));
}

/** A document, or anything that can only be named. */
export function card(media, content) {
  const file = media || {};
  const name = content.filename || file.name || "Document";
  const ending = (/\.([a-z0-9]{1,5})$/i.exec(name) || [null, file.kind === "image" ? "IMG" : "FILE"])[1].toUpperCase();
  const about = [ending, file.size ? size(file.size) : "", file.url ? "" : file.link ? host(file.link) : ""].filter(Boolean).join(" · ");
  const inside = [
    make("span", { class: ending === "PDF" ? "glyph" : "glyph plain", text: ending }),
    make("span", { class: "about" }, make("strong", { text: name }), make("small", { text: about })),
  ];
  const address = file.url || file.link;
  return address
    ? make("a", { class: "card", href: address, target: "_blank", rel: "noopener noreferrer" }, inside)
    : make("div", { class: "card" }, inside);
}

export const stickerOf = (message) => message.shape.media && message.shape.media.url
  ? make("img", { src: message.shape.media.url, alt: "Sticker", width: "150", height: "150" })
  : make("p", { class: "words odd", text: "Sticker" });

/** A drawn map: real tiles would come from another host. */
export function map(place) {
  const where = `${place.latitude}, ${place.longitude}`;
  return make("div", { class: "map", role: "img", "aria-label": `Map at ${where}`, title: where }, icon("pin"));
}

export const contactCards = (contacts) => contacts.map((one) => {
  const phone = ((one.phones || [])[0] || {}).phone || "";
  return make("div", { class: "card" },
    make("span", { class: "glyph plain" }, icon("person")),
    make("span", { class: "about" }, make("strong", { text: one.name.formatted_name }), make("small", { text: /^\d+$/.test(phone) ? phoneNumber(phone) : phone })));
});

export function order(content) {
  const items = content.product_items || [];
  return make("div", { class: "card" },
    make("span", { class: "glyph plain" }, icon("list")),
    make("span", { class: "about" }, make("strong", { text: `Order of ${items.length} ${items.length === 1 ? "item" : "items"}` }), make("small", { text: content.text || "" })));
}

let playing = null;

/** A voice note with its wave; playing one of the business's says so to the simulator. */
export function sound(message) {
  const media = message.shape.media;
  const bars = wave(message.wamid);
  const time = make("small", { text: "" });
  const button = make("button", { type: "button", "aria-label": "Play" }, icon("play"));
  if (!media || !media.url) {
    button.addEventListener("click", () => toast("This file was sent by a link that is not fetched."));
    return make("div", { class: "sound" }, button, make("span", { class: "wave" }, bars), time);
  }
  const audio = new Audio();
  audio.preload = "metadata";
  audio.src = media.url;
  const show = () => drawProgress(audio, bars, button, time);
  ["timeupdate", "play", "pause", "ended", "loadedmetadata"].forEach((name) => audio.addEventListener(name, show));
  audio.addEventListener("play", () => {
    if (message.direction === "out") ask(`/phone/messages/${message.id}/played/`, { method: "POST", body: {} }).catch(() => {});
  }, { once: true });
  button.addEventListener("click", () => toggle(audio));
  return make("div", { class: "sound" }, button, make("span", { class: "wave", "aria-hidden": "true" }, bars), time);
}

function toggle(audio) {
  if (playing && playing !== audio) playing.pause();
  playing = audio;
  if (audio.paused) audio.play().catch(() => toast("This browser cannot play the file."));
  else audio.pause();
}

function drawProgress(audio, bars, button, time) {
  const part = Number.isFinite(audio.duration) ? audio.currentTime / audio.duration : 0;
  bars.forEach((bar, index) => bar.classList.toggle("done", part > 0 && index / bars.length < part));
  const whole = Number.isFinite(audio.duration) ? audio.duration : 0;
  const seconds = Math.round(audio.paused && !audio.currentTime ? whole : audio.currentTime);
  time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  button.replaceChildren(icon(audio.paused ? "play" : "pause"));
  button.setAttribute("aria-label", audio.paused ? "Play" : "Pause");
}

function wave(seed) {
  return Array.from({ length: 34 }, (_, index) => {
    const code = seed.charCodeAt((index * 7 + 11) % seed.length);
    const bar = make("i");
    bar.style.height = `${22 + ((code * 37 + index * 13) % 70)}%`;
    return bar;
  });
}

const size = (bytes) => bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1)} MB`;

function host(link) {
  try { return new URL(link).host; } catch { return ""; }
}

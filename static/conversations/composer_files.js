/* Files on their way: chosen, pasted or dropped; looked at before the upload, sent one after the other
   in their order, each exactly once. What did not go stays, with the reason. */
(() => {
  "use strict";
  const wa = window.wa, { $, $$ } = wa;
  const MB = 1024 * 1024, CAPTION = 1024;
  const ICONS = { image: "image", video: "movie", audio: "graphic_eq", document: "description" };
  const trays = new Map(); // thread -> items, also while another conversation is open
  const items = (thread = wa.thread()) => trays.get(thread) || [];
  const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MB).toFixed(1)} MB`);

  function add(files) {
    if (!wa.box() || !files.length) return;
    const fresh = files.map((file) => ({ file, kind: wa.kindOf(file), problem: wa.problemOf(file), isFinal: Boolean(wa.problemOf(file)), reference: wa.reference(), caption: "" }));
    trays.set(wa.thread(), [...items(), ...fresh]);
    show();
    const bad = fresh.filter((item) => item.problem).length;
    wa.say(`${fresh.length - bad} files attached${bad ? `, ${bad} cannot be sent` : ""}.`);
    wa.box().focus();
  }

  function show() {
    if (!wa.box()) return;
    if (!items().length) return wa.noExtra("files");
    wa.extra("files").replaceChildren(...items().map(card));
  }
  function card(item) {
    const node = (item.node ||= made(item));
    node.classList.toggle("is-wrong", Boolean(item.problem));
    $("[data-problem]", node).textContent = item.problem;
    $("progress", node).hidden = item.sent === undefined;
    $("progress", node).value = item.sent || 0;
    $("input", node).hidden = item.kind === "audio" || item.isFinal;
    $("input", node).disabled = item.sent !== undefined;
    // Once everything is there it can no longer be called back.
    $("button", node).hidden = item.sent === 1;
    $("button", node).setAttribute("aria-label", `${item.sent === undefined ? "Remove" : "Cancel"} ${item.file.name}`);
    return node;
  }
  function made(item) {
    const node = wa.made(`<div class="wa-file"><span class="wa-file-pic">${wa.icon(ICONS[item.kind] || "description")}</span><div class="wa-file-in"><p><b></b> <small>${size(item.file.size)}</small></p><input class="wa-input" placeholder="Caption" maxlength="${CAPTION}" autocomplete="off"><progress max="1"></progress><p class="wa-file-wrong" data-problem role="alert"></p></div><button type="button" class="wa-icon">${wa.icon("close")}</button></div>`);
    $("b", node).textContent = item.file.name;
    $("input", node).setAttribute("aria-label", `Caption of ${item.file.name}`);
    $("progress", node).setAttribute("aria-label", `Upload of ${item.file.name}`);
    $("input", node).addEventListener("input", ({ target }) => { item.caption = target.value; });
    $("button", node).addEventListener("click", () => {
      if (item.request) item.request.abort();
      else remove(item);
    });
    if (item.kind === "image") {
      const picture = Object.assign(document.createElement("img"), { alt: "", src: URL.createObjectURL(item.file) });
      picture.onload = () => URL.revokeObjectURL(picture.src);
      $(".wa-file-pic", node).replaceChildren(picture);
    }
    return node;
  }
  function remove(item) {
    for (const [thread, list] of trays) trays.set(thread, list.filter((other) => other !== item));
    show();
    wa.box()?.focus();
  }

  // The file is with the server, or `item.problem` says why not; whether it is.
  async function upload(form, item, more = {}) {
    const body = new FormData(), talk = wa.talk();
    const fields = { csrfmiddlewaretoken: $("[name=csrfmiddlewaretoken]", form).value, reference: item.reference, caption: item.caption || "", ...more };
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    for (const name of wa.marks) body.set(name, talk.dataset[name]);
    body.set("file", item.file, item.file.name);
    const tell = (sent) => {
      item.sent = sent;
      item.tell?.();
    };
    item.sent = 0;
    item.problem = "";
    const problem = await wa.carry(form.dataset.attach, body, tell, (request) => { item.request = request; }).then(
      (response) => answered(response, item),
      ({ type }) => (type === "abort" ? "Not sent: you cancelled it. Press Send to send it after all." : "The connection broke. Press Send to try again: it is sent once."),
    );
    Object.assign(item, { request: undefined, sent: undefined, problem });
    if (!form.isConnected && problem) wa.toast(`${item.file.name}: ${problem}`);
    return !problem;
  }
  // Why it is not with the server, or "".
  async function answered(response, item) {
    if (wa.lostSession(response)) return "You are signed out.";
    if (!response.headers.get("Content-Type")?.includes("json")) {
      return response.status === 413 ? "The server does not take files of this size." : `That did not work (${response.status}). Press Send to try again.`;
    }
    const news = await response.json();
    item.isFinal = response.status === 422;
    wa.apply({ ...news, toast: "" });
    return response.ok ? "" : news.toast || "That did not work.";
  }

  // One after the other: the next goes when the one before stands in the conversation.
  async function sendAll(form) {
    const thread = wa.thread();
    for (const item of items(thread)) {
      if (item.isFinal) continue;
      // Begun before another conversation was looked at: its turn is not over.
      if (item.request) return false;
      item.tell = () => card(item);
      const quotes = $("[name=quotes]", form), isSent = upload(form, item, { quotes: quotes.value });
      card(item);
      if (!(await isSent)) {
        card(item);
        return false; // what stands behind it waits, or the order would be another
      }
      if (wa.tools.bubbles && form.isConnected) wa.tools.bubbles.noAnswer();
      remove(item);
      if (form.isConnected) wa.toEnd();
    }
    // Those that WhatsApp would not take hold nothing up, and stay until somebody takes them away.
    return true;
  }
  wa.beforeSend.push((form) => (items().length ? sendAll(form) : true));

  let leaving = 0;
  wa.tools.files = {
    add,
    upload,
    open() {
      const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
      input.addEventListener("change", () => add([...input.files]));
      input.click();
    },
    over() {
      wa.talk()?.classList.add("is-over");
      clearTimeout(leaving);
      leaving = setTimeout(() => wa.talk()?.classList.remove("is-over"), 250);
    },
  };
  wa.onFoot.push(show);
  addEventListener("beforeunload", (event) => {
    if ([...trays.values()].some((list) => list.some((item) => !item.isFinal))) event.preventDefault();
  });
})();

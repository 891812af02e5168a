/* Drafts on the server, of messages and of notes: a moment after the last key, and when one leaves.
   The copy of the tab stays as long as the server has not said that it has it. */
(() => {
  "use strict";
  const wa = window.wa, { $, on } = wa;
  const WAIT = 1000; // milliseconds after the last key
  const kept = new Map(); // key of a draft -> what the server has
  let timer = 0, saving = Promise.resolve();

  const keyOf = (text) => wa.draftOf(wa.thread(), text.id === "wa-note" ? "note" : "draft");
  // A slash that asks for canned replies is nothing one would come back to.
  const said = ({ value }) => (/^\/[\w-]*$/.test(value) ? "" : value);
  // What there is to be kept.
  function unkept() {
    const texts = [wa.box(), $("#wa-note")].filter((text) => text && said(text) !== (kept.get(keyOf(text)) ?? text.defaultValue));
    return texts.map((text) => {
      const body = wa.body(), { form } = text;
      body.set("reference", form.elements.reference.value);
      body.set("text", said(text));
      return { thread: wa.thread(), key: keyOf(text), words: said(text), body, url: `${form.dataset.draft}?${wa.query()}` };
    });
  }

  function save() {
    clearTimeout(timer);
    for (const draft of unkept()) {
      kept.set(draft.key, draft.words);
      saving = saving.then(() => post(draft));
    }
  }

  async function post({ thread, key, words, body, url }) {
    try {
      const response = await fetch(url, { method: "POST", headers: wa.headers(), body, signal: AbortSignal.timeout(10000) });
      if (wa.lostSession(response)) return;
      if (!response.ok) throw new Error(response.status);
      sessionStorage.setItem(`${key}-kept`, words);
      if (response.status === 200) show(thread, wa.made(await response.text()));
    } catch {
      if (kept.get(key) === words) kept.delete(key); // the tab's own copy is there
    }
  }

  function show(thread, row) {
    const old = $(`#t${thread}`), isFocused = old?.contains(document.activeElement);
    if (!old) return;
    old.replaceWith(row);
    htmx.process(row);
    wa.mark();
    if (isFocused) $("a", row).focus({ preventScroll: true });
  }

  on("htmx:beforeSwap", ({ detail }) => { if (detail.target === wa.main) save(); });
  on("visibilitychange", () => { if (document.hidden) leave(); });
  addEventListener("pagehide", leave);
  addEventListener("online", save);
  // The page may be gone before an answer comes: a beacon is sent all the same.
  function leave() {
    for (const { key, words, url, body } of unkept()) if (navigator.sendBeacon(url, body)) kept.set(key, words);
  }

  wa.beforeSend.unshift(() => tool.settled().then(() => true));
  on("wa:sent", () => {
    tool.sent(wa.box());
    tool.changed();
  });

  const tool = (wa.tools.drafts = {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    },
    // A draft that is on its way arrives before its message, so that sending takes it away. One that
    // takes long is not waited for: the server knows by the reference that it is late.
    settled() {
      clearTimeout(timer);
      return Promise.race([saving, new Promise((done) => { setTimeout(done, 1500); })]);
    },
    // The server took the draft away with what was sent.
    sent(text) {
      kept.set(keyOf(text), "");
      sessionStorage.removeItem(`${keyOf(text)}-kept`);
    },
  });
})();

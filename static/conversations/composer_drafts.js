/* Drafts on the server: a moment after the last key, and when one leaves. The copy of the tab stays
   as long as the server has not said that it has it. */
(() => {
  "use strict";
  const wa = window.wa, { $, on } = wa;
  const WAIT = 1000; // milliseconds after the last key
  const kept = new Map(); // thread -> what the server has
  let timer = 0, saving = Promise.resolve();

  // What there is to be kept, or null.
  function unkept() {
    const text = wa.box(), thread = wa.thread();
    if (!text || text.value === (kept.get(thread) ?? text.defaultValue)) return null;
    const body = new FormData(), { form } = text;
    for (const name of ["csrfmiddlewaretoken", "reference"]) body.set(name, $(`[name=${name}]`, form).value);
    body.set("text", text.value);
    return { thread, words: text.value, body, url: `${form.dataset.draft}?${wa.query()}` };
  }

  function save() {
    clearTimeout(timer);
    const draft = unkept();
    if (!draft) return;
    kept.set(draft.thread, draft.words);
    saving = saving.then(() => post(draft));
  }

  async function post({ thread, words, body, url }) {
    try {
      const response = await fetch(url, { method: "POST", headers: wa.headers(), body, signal: AbortSignal.timeout(10000) });
      if (wa.lostSession(response)) return;
      if (!response.ok) throw new Error(response.status);
      sessionStorage.setItem(`${wa.draftOf(thread)}-kept`, words);
      if (response.status === 200) show(thread, wa.made(await response.text()));
    } catch {
      if (kept.get(thread) === words) kept.delete(thread); // the tab's own copy is there
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
    const draft = unkept();
    if (!draft || !navigator.sendBeacon(draft.url, draft.body)) return;
    kept.set(draft.thread, draft.words);
  }

  // A draft that is on its way arrives before its message, so that sending takes it away. One that
  // takes long is not waited for: the server knows by the reference that it is late.
  wa.beforeSend.unshift(async () => {
    clearTimeout(timer);
    await Promise.race([saving, new Promise((done) => { setTimeout(done, 1500); })]);
    return true;
  });
  on("wa:sent", () => {
    kept.set(wa.thread(), "");
    sessionStorage.removeItem(`${wa.draftOf(wa.thread())}-kept`);
    tool.changed();
  });

  const tool = (wa.tools.drafts = {
    changed() {
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    },
  });
})();

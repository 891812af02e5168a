/* Writing: drafts, sending once, acts of the head and the foot. What is more comes with its first use. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$, on } = wa;
  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  const box = () => $("#wa-text");
  const draftOf = (thread) => `wa-draft-${wa.root.dataset.user}-${thread}`;

  // A tool comes with its first use, and with it what all of them share.
  wa.tools = {};
  wa.use = (name) => wa.need("tools").then(() => wa.need(name)).then(() => wa.tools[name]);
  wa.box = box;
  wa.draftOf = draftOf;
  wa.beforeSend = []; // steps that may say no
  wa.onFoot = [];

  wa.keepDraft = () => {
    if (box()?.value) sessionStorage.setItem(draftOf(wa.thread()), box().value);
    else if (box()) sessionStorage.removeItem(draftOf(wa.thread()));
  };
  wa.onComposer = (focus) => {
    if (box()) fill(focus);
    wa.onFoot.forEach((act) => act());
  };
  function fill(focus) {
    const key = draftOf(wa.thread()), copy = sessionStorage.getItem(key);
    // Words of this tab that the server has not got win; else those that came with the page are newer.
    if (copy && copy !== sessionStorage.getItem(`${key}-kept`)) box().value = copy;
    box().form.noValidate = true;
    fit();
    if (focus) box().focus();
  }
  wa.onShown.push(() => wa.onComposer(!isTouch() && !$(".wa-rows").contains(document.activeElement)));

  const fit = (wa.fit = () => {
    const text = box(), length = text?.value.length, limit = Number(text?.dataset.limit), counter = $("#wa-counter");
    if (!text) return;
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    }
    counter.textContent = length >= limit - 296 ? `${length} of ${limit}` : "";
    counter.classList.toggle("is-over", length > limit);
    $(".wa-send").disabled = length > limit || !navigator.onLine || Boolean(text.form.dataset.sending);
  });

  wa.post = async (form) => {
    if (form.dataset.busy) return false;
    const body = new FormData(form), talk = wa.talk(), buttons = $$("button", form);
    if (talk) for (const name of wa.marks) body.set(name, talk.dataset[name]);
    form.dataset.busy = "1";
    buttons.forEach((button) => { button.disabled = true; });
    try {
      return await answered(await fetch(form.action, { method: "POST", headers: wa.headers(), body }));
    } catch {
      wa.toast("No connection. Try again in a moment.");
      return false;
    } finally {
      delete form.dataset.busy;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };

  async function answered(response) {
    if (wa.lostSession(response)) return false;
    if (response.headers.get("Content-Type")?.includes("json")) await wa.apply(await response.json());
    else if (response.status === 403) wa.toast("You may not do this, or the page is old: reload it.");
    else if (!response.ok) wa.toast(`That did not work (${response.status}). Try again.`);
    return response.ok;
  }

  // The server gave the form an id; its last digits count on from there.
  function renew(reference) {
    const end = (parseInt(reference.value.slice(-6), 16) + 1) % 0x1000000;
    reference.value = reference.value.slice(0, -6) + end.toString(16).padStart(6, "0");
  }
  const words = (form) => [...new FormData(form)].filter(([name]) => !/^(reference|csrf)/.test(name)).join("\n");

  async function send(form) {
    if (form.dataset.sending || !navigator.onLine || box().value.length > Number(box().dataset.limit)) return;
    form.dataset.sending = "1";
    fit();
    try {
      for (const step of wa.beforeSend) if (!(await step(form))) return;
      await sendText(form);
    } finally {
      delete form.dataset.sending;
      fit();
    }
  }
  async function sendText(form) {
    const text = $("textarea", form), sent = text.value, thread = wa.thread(), reference = $("[name=reference]", form);
    if (!form.isConnected || !sent.trim() || sent.length > Number(text.dataset.limit)) return;
    // The same again after a broken connection is the same message; anything else is another.
    if (form.dataset.tried && form.dataset.tried !== words(form)) renew(reference);
    form.dataset.tried = words(form);
    if (!(await wa.post(form))) return;
    delete form.dataset.tried;
    renew(reference);
    if (sessionStorage.getItem(draftOf(thread)) === sent) sessionStorage.removeItem(draftOf(thread));
    if (!text.isConnected) return;
    if (text.value.startsWith(sent)) text.value = text.value.slice(sent.length).trimStart();
    wa.keepDraft();
    document.dispatchEvent(new Event("wa:sent"));
    wa.toEnd();
    text.focus();
  }

  wa.answered = answered;
  wa.showDialog = (...given) => wa.need("dialogs").then(() => wa.dialogs.show(...given));
  wa.openTemplates = (link, from) => wa.need("dialogs").then(() => wa.dialogs.open(link, from));

  on("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-send], [data-act]")) return;
    event.preventDefault();
    if (form.matches("[data-send]")) return send(form);
    const takes = $("[name=to]", form)?.value === "staff";
    if ((await wa.post(form)) && takes) box()?.focus();
  });
  on("click", (event) => {
    const link = event.target.closest("[data-template]"), tool = event.target.closest("[data-tool]");
    if (tool) wa.use(tool.dataset.tool).then((found) => found.open(tool));
    if (!link) return;
    event.preventDefault();
    wa.openTemplates(link, link);
  });
  on("input", ({ target }) => {
    if (target !== box()) return;
    fit();
    wa.keepDraft();
    wa.need("tools").then(() => wa.typed());
  });
  on("keydown", (event) => {
    const key = event.key.toLowerCase();
    // Where only templates can be sent the slash is theirs alone.
    if (key === "/" && event.target.matches("[data-kind=shut] *")) {
      event.preventDefault();
      return wa.openTemplates($("#wa-foot [data-template]"), event.target);
    }
    if (event.target !== box() || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const mark = (event.ctrlKey || event.metaKey) && { b: "*", i: "_" }[key];
    const sends = key === "enter" && !event.shiftKey && !isTouch();
    if (sends || mark) event.preventDefault();
    if (sends) box().form.requestSubmit();
    if (mark) wa.use("format").then((tool) => tool.wrap(mark));
  });

  // Files by paste and drag; what can be done with a bubble, when somebody comes near one.
  const hasFiles = (data) => box() && [...(data?.types || [])].includes("Files");
  for (const name of ["dragover", "drop", "paste"]) {
    on(name, (event) => {
      const data = event.dataTransfer || event.clipboardData;
      if (!hasFiles(data) || !event.target.closest("#wa-talk")) return;
      event.preventDefault();
      const files = [...data.files];
      wa.use("files").then((tool) => (name === "dragover" ? tool.over() : tool.add(files)));
    });
  }
  for (const name of ["pointerover", "focusin"]) {
    on(name, ({ target, pointerType }) => {
      if (box() && target.closest?.(".wa-log")) wa.use("bubbles").then((tool) => tool.near(target, pointerType));
    });
  }
})();

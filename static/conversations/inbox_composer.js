/* Writing: the draft, the height of its box, and who is called for what else one may want to do. */
const { wa } = window, { $, on } = wa;
const isTouch = () => matchMedia("(pointer: coarse)").matches;
const box = () => $("#wa-text");
const draftOf = (thread, what = "draft") => `wa-${what}-${wa.root.dataset.user}-${thread}`;

// A tool comes with its first use, and with it what all of them share.
wa.tools = {};
wa.use = (name) => wa.need("tools").then(() => wa.need(name)).then(() => wa.tools[name]);
wa.box = box;
wa.draftOf = draftOf;
wa.beforeSend = []; // steps that may say no
wa.onFoot = [];

// An empty box is kept too, where the server still has words that stood in it.
wa.keep = (text, key) => {
  if (text.value !== text.defaultValue || sessionStorage.getItem(key) !== null) sessionStorage.setItem(key, text.value);
};
wa.keepDraft = () => { if (box()) wa.keep(box(), draftOf(wa.thread())); };
// Words of this tab that the server has not got win; else those that came with the page are newer.
function fill(text, key) {
  const copy = sessionStorage.getItem(key);
  if (copy !== null && copy !== sessionStorage.getItem(`${key}-kept`)) text.value = copy;
}
wa.onComposer = (focus) => {
  if (box()) {
    fill(box(), draftOf(wa.thread()));
    box().form.noValidate = true;
    wa.fit();
    if (focus) box().focus();
  }
  wa.onFoot.forEach((act) => act());
};
wa.onShown.push(() => {
  const note = $("#wa-note");
  if (note) fill(note, draftOf(wa.thread(), "note"));
  if (note?.value) wa.need("notes").then(() => { $("#wa-noting").open = true; });
  wa.onComposer(!isTouch() && !$(".wa-rows").contains(document.activeElement));
});

wa.fit = () => {
  const text = box(), length = text?.value.length, limit = Number(text?.dataset.limit), counter = $("#wa-counter");
  if (!text) return;
  if (!CSS.supports("field-sizing", "content")) {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }
  counter.textContent = length >= limit - 296 ? `${length} of ${limit}` : "";
  counter.classList.toggle("is-over", length > limit);
  $(".wa-send").disabled = length > limit || !navigator.onLine || Boolean(text.form.dataset.sending);
};

on("submit", (event) => {
  if (!event.target.matches("[data-send], [data-act]")) return;
  event.preventDefault();
  wa.during(wa.need("send").then(() => wa.submit(event.target)));
});
on("click", ({ target }) => {
  const tool = target.closest("[data-tool]");
  if (tool) wa.use(tool.dataset.tool).then((found) => found.open(tool));
});
on("input", ({ target }) => {
  if (target !== box()) return;
  wa.fit();
  wa.keepDraft();
  wa.need("tools").then(() => wa.typed());
});
on("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (event.target !== box() || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const mark = (event.ctrlKey || event.metaKey) && { b: "*", i: "_" }[key];
  const sends = key === "enter" && !event.shiftKey && !isTouch();
  if (sends || mark) event.preventDefault();
  if (sends) box().form.requestSubmit();
  if (mark) wa.use("format").then((tool) => tool.wrap(mark));
});

// Files by paste and drag; what can be done with a bubble, when somebody comes near one.
for (const name of ["dragover", "drop", "paste"]) {
  on(name, (event) => {
    const { types, files } = event.dataTransfer || event.clipboardData || {};
    if (!box() || !types?.includes("Files") || !event.target.closest("#wa-talk")) return;
    event.preventDefault();
    const given = [...files];
    wa.use("files").then((tool) => (name === "dragover" ? tool.over() : tool.add(given)));
  });
}
for (const name of ["pointerover", "focusin"]) {
  on(name, ({ target, pointerType }) => {
    if (box() && target.closest?.(".wa-log")) wa.use("bubbles").then((tool) => tool.near(target, pointerType));
  });
}

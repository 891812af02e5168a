/* What the tools of the composer share: who is called when somebody types, places over the text,
   writing into it, things that pop up. */
(() => {
  "use strict";
  const wa = window.wa, { $ } = wa;

  wa.typed = () => {
    const said = wa.box()?.value || "";
    wa.use("drafts").then((tool) => tool.changed());
    if (wa.tools.format || /[*_~`]|^>/m.test(said)) wa.use("format").then((tool) => tool.show());
    if (wa.tools.slash || said.startsWith("/")) wa.use("slash").then((tool) => tool.show());
  };

  // An id of its own for what is sent once; `crypto.randomUUID` is not there without https.
  wa.reference = () => {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-8$4-$5");
  };

  // A place over the text for one tool; the styles say in which order they stand.
  wa.extra = (name) => {
    const found = $(`#wa-extras > .is-${name}`);
    if (found) return found;
    const part = Object.assign(document.createElement("div"), { className: `wa-extra is-${name}` });
    $("#wa-extras").append(part);
    return part;
  };
  wa.noExtra = (name) => $(`#wa-extras > .is-${name}`)?.remove();

  // In place of what is marked, or of everything; the browser's own undo takes it back.
  wa.write = (words, isAll = false) => {
    const text = wa.box();
    text.focus();
    if (isAll) text.select();
    const isDone = document.execCommand(words ? "insertText" : "delete", false, words);
    if (isDone) return;
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // HTML of our own making only: what people wrote comes in as text.
  wa.made = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html.trim();
    return box.content.firstElementChild;
  };
  wa.icon = (name) => `<span class="material-symbols-outlined" aria-hidden="true">${name}</span>`;

  // One thing pops up at a time. It goes at Escape, at a press elsewhere, and with the foot.
  let shown = null;
  wa.pop = (node, from, gone = () => {}) => {
    wa.unpop();
    shown = { node, from, gone };
    $("#wa-foot").append(node);
    from?.setAttribute("aria-expanded", "true");
  };
  wa.unpop = (focus = false) => {
    if (!shown) return;
    const { node, from, gone } = shown;
    shown = null;
    node.remove();
    from?.setAttribute("aria-expanded", "false");
    gone();
    if (focus) (from?.isConnected ? from : wa.box())?.focus();
  };
  wa.popped = () => (shown?.node.isConnected ? shown.node : null);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !wa.popped()) return;
    event.preventDefault();
    event.stopPropagation();
    wa.unpop(true);
  }, true);
  document.addEventListener("pointerdown", ({ target }) => {
    if (!wa.popped() || wa.popped().contains(target) || shown.from?.contains(target) || target === wa.box()) return;
    wa.unpop();
  });
  wa.onFoot.push(() => { if (!wa.popped()) wa.unpop(); });
})();

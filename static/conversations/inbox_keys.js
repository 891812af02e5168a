/* Single keys outside of fields. They can be switched off in the list that "?" shows. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$, on, root } = wa;
  const OFF = "wa-keys-off";
  const press = (key) => $(`#wa-talk [data-key="${key}"]`)?.click();

  function step(by) {
    const links = $$(".wa-row > a");
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
    if (!next || next.hasAttribute("aria-current")) return;
    next.focus();
    next.click();
  }
  function help() {
    wa.showDialog($("#wa-help").innerHTML, document.activeElement, true).then(() => {
      $("[data-keys-switch]").checked = !localStorage.getItem(OFF);
    });
  }
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => $("#wa-q").focus(),
    r: () => ($("#wa-text") || $("#wa-foot a, #wa-foot button"))?.focus(),
    t: () => press("t"),
    b: () => press("b"),
    e: () => press("e"),
    m: () => press("m"),
    c: () => $("[data-new]")?.click(),
    x: () => $("#wa-bulk-bar") && wa.need("bulk").then(() => wa.pickHere()),
    i: () => $("[data-panel]")?.click(),
    n: () => press("n"),
    "?": help,
  };

  on("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented) return;
    const typing = target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (key === "Escape") {
      if (typing && root.contains(target)) target.blur();
      else root.classList.remove("shows-panel");
      return;
    }
    // While another conversation is on its way a key would act on the one that leaves.
    if (wa.main.inert) return;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open], :popover-open")) return;
    const act = acts[key.length === 1 ? key.toLowerCase() : key];
    if (!act || (localStorage.getItem(OFF) && key !== "?")) return;
    event.preventDefault();
    act();
  });
  on("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
})();

/* What the single keys do outside of fields, and their list. Comes with the first of them. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$, on } = wa;
  const OFF = "wa-keys-off";
  const press = (key) => $(`#wa-talk [data-key="${key}"]`)?.click();

  function step(by) {
    const links = $$(".wa-row > a");
    // Of quick steps the last one counts: each goes on from the row that was chosen, not from the one that is there.
    const at = links.findIndex((link) => (wa.main.inert ? link === document.activeElement : link.hasAttribute("aria-current")));
    const next = links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)];
    if (!next || next === links[at]) return;
    next.focus();
    next.click();
  }
  async function help() {
    await wa.need("dialogs");
    wa.dialogs.show($("#wa-help").innerHTML, document.activeElement, true);
    $("[data-keys-switch]").checked = !localStorage.getItem(OFF);
  }
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    // Where only templates can be sent the slash is theirs, in the foot.
    "/": () => $("#wa-foot [data-template]")?.click(),
    r: () => $("#wa-foot a, #wa-foot button")?.focus(),
    c: () => $("[data-new]")?.click(),
    x: () => {
      const row = document.activeElement.closest(".wa-row");
      if ($("#wa-bulk-bar")) wa.need("bulk").then(() => wa.pickHere(row));
    },
    i: () => $("[data-panel]")?.click(),
    "?": help,
  };
  // While another conversation is on its way a key would act on the one that leaves; the list stays.
  wa.press.keys = (key) => {
    if (!wa.main.inert || "jkx".includes(key)) (acts[key] || press)(key);
  };

  on("change", (event) => {
    if (!event.target.matches("[data-keys-switch]")) return;
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
})();

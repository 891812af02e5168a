/* The slash in an empty message: canned replies, filled in for this customer, and templates last. */
(() => {
  "use strict";
  const wa = window.wa, { $, $$ } = wa;
  let asked = 0, node = null, coming = null, left = null;
  const wanted = () => /^\/([\w-]*)$/.exec(wa.box()?.value || "")?.[1];
  const options = () => $$("[role=option]", node);
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  function close() {
    asked += 1;
    coming = null;
    left = wa.box()?.value; // with which the list was let go
    if (node && wa.popped() === node) wa.unpop();
    node = null;
    for (const name of ["aria-controls", "aria-activedescendant"]) wa.box()?.removeAttribute(name);
  }

  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    wa.box().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function show() {
    const mine = (coming = ask());
    mine.finally(() => { if (coming === mine) coming = null; });
  }
  async function ask() {
    const prefix = wanted();
    if (prefix === undefined) return close();
    const turn = (asked += 1), form = wa.box().form;
    left = null;
    const response = await fetch(`${form.dataset.canned}?${new URLSearchParams({ q: prefix })}`, { headers: wa.headers() }).catch(() => null);
    if (turn !== asked || !form.isConnected) return;
    if (!response?.ok) return response ? wa.lostSession(response) : wa.toast("No connection. Canned replies cannot be shown.");
    const html = await response.text();
    if (turn !== asked) return;
    const fresh = wa.made(html);
    wa.pop(fresh, null, close);
    node = fresh;
    left = null;
    wa.box().setAttribute("aria-controls", "wa-slash-list");
    choose(options()[0]);
  }

  function take(option) {
    // A hole in a greeting is worse than no greeting: say what is missing, and leave the list open.
    if (option.dataset.problem) return wa.toast(`Not filled in. ${option.dataset.problem}`);
    const isTemplate = "offerTemplate" in option.dataset;
    close();
    wa.write(isTemplate ? "" : option.dataset.offer, true);
    if (isTemplate) wa.need("dialogs").then(() => wa.dialogs.open($("#wa-foot [data-template]"), wa.box()));
  }

  document.addEventListener("keydown", (event) => {
    if (!node || wa.popped() !== node || event.target !== wa.box() || event.isComposing) return;
    if (coming && event.key === "Enter") return; // sending waits for the list of what was typed last
    const at = options().indexOf(chosen()), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const takes = (event.key === "Enter" && !event.shiftKey) || (event.key === "Tab" && !event.shiftKey);
    if (!step && !takes) return;
    event.preventDefault();
    event.stopPropagation();
    if (step) choose(options()[(at + step + options().length) % options().length]);
    else take(chosen());
  }, true);
  document.addEventListener("pointerdown", (event) => {
    const option = node && event.target.closest("#wa-slash [role=option]");
    if (!option) return;
    event.preventDefault(); // the box keeps the focus
    take(option);
  });
  // An Enter that was faster than the list takes from it; it does not send the slash to a customer.
  wa.beforeSend.unshift(async () => {
    if (wanted() === undefined || left === wa.box().value) return true;
    if (!node && !coming) show();
    while (coming) await coming;
    if (node) take(chosen());
    return false;
  });
  wa.tools.slash = { show };
})();

/* Notes for colleagues: their draft, sending once, and the menu of people after an @. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, on } = wa;
  const box = () => $("#wa-note");
  let people = null, menu = null, chosen = 0;

  wa.sawNotes = async () => {
    const { dataset } = wa.talk();
    if (!("namesMe" in dataset)) return;
    delete dataset.namesMe;
    const response = await fetch(dataset.seen, { method: "POST", headers: wa.headers(), body: wa.body() }).catch(() => null);
    if (response?.ok) wa.apply({ named: await response.text() });
    else dataset.namesMe = "";
  };

  const key = () => wa.draftOf(wa.thread(), "note");
  function keep() {
    wa.keep(box(), key());
    wa.use("drafts").then((tool) => tool.changed());
  }
  function opened() {
    if (box() && $("#wa-noting").open) box().focus();
  }
  document.addEventListener("toggle", ({ target }) => {
    if (target.id !== "wa-noting") return;
    if (target.open) opened();
    else $("#wa-text")?.focus();
  }, true);
  opened();
  // What was typed while this file was on its way.
  if (box()?.value) {
    keep();
    suggest();
  }

  on("submit", async (event) => {
    const form = event.target, text = box();
    if (!form.matches("[data-note]")) return;
    event.preventDefault();
    const wrote = text.value, thread = wa.thread();
    if (!wrote.trim()) return;
    // The same words again after a broken connection are the same note; others are another.
    if (form.dataset.tried && form.dataset.tried !== wrote) form.elements.reference.value = wa.reference();
    form.dataset.tried = wrote;
    await wa.tools.drafts?.settled();
    if (!(await wa.post(form)) || thread !== wa.thread() || !text.isConnected) return;
    delete form.dataset.tried;
    form.elements.reference.value = wa.reference();
    text.defaultValue = "";
    sessionStorage.removeItem(key());
    if (text.value === wrote) text.value = "";
    wa.tools.drafts?.sent(text);
    keep();
    wa.toEnd();
    $("#wa-noting").open = false;
  });

  // "Ask @ki|": what stands between the last @ before the caret and the caret.
  function started() {
    const before = box().value.slice(0, box().selectionStart);
    return before.match(/(?:^|[^\w@.+-])@([\w.+-]{0,40})$/)?.[1];
  }
  async function suggest() {
    if (started() === undefined) return hide();
    people ??= fetch(`${wa.root.dataset.root}people/`, { headers: wa.headers() })
      .then((response) => (response.ok ? response.json() : Promise.reject(response)))
      .then((answer) => answer.people);
    const all = await people.catch(() => { people = null; return []; });
    const begun = box() && started()?.toLowerCase();
    if (begun === undefined || begun === null) return hide();
    const found = all.filter(({ name, login }) => `${name} ${login}`.toLowerCase().split(" ").some((word) => word.startsWith(begun)));
    if (!found.length) return hide();
    show(found.slice(0, 8));
  }
  function show(found) {
    hide();
    menu = Object.assign(document.createElement("ul"), { className: "wa-people", id: "wa-people" });
    menu.setAttribute("role", "listbox");
    menu.setAttribute("aria-label", "Colleagues");
    for (const { name, login } of found) {
      const item = Object.assign(document.createElement("li"), { id: `wa-person-${menu.children.length}` });
      item.setAttribute("role", "option");
      item.dataset.login = login;
      item.append(name, Object.assign(document.createElement("small"), { textContent: `@${login}` }));
      menu.append(item);
    }
    $("#wa-noting").append(menu);
    box().setAttribute("aria-controls", "wa-people");
    move(0);
  }
  function hide() {
    menu?.remove();
    menu = null;
    box()?.removeAttribute("aria-activedescendant");
  }
  function move(to) {
    const items = [...menu.children];
    chosen = (to + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", n === chosen));
    items[chosen].scrollIntoView({ block: "nearest" });
    box().setAttribute("aria-activedescendant", items[chosen].id);
  }
  function take(item) {
    const at = box().selectionStart, begun = started();
    hide();
    box().setRangeText(`@${item.dataset.login} `, at - begun.length - 1, at, "end");
    keep();
    box().focus();
  }

  on("input", ({ target }) => {
    if (target !== box()) return;
    keep();
    suggest();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box().form.requestSubmit();
    const acts = menu && {
      ArrowDown: () => move(chosen + 1),
      ArrowUp: () => move(chosen - 1),
      Enter: () => take(menu.children[chosen]),
      Tab: () => take(menu.children[chosen]),
      Escape: hide,
    }[event.key];
    if (!acts) return;
    event.preventDefault();
    event.stopPropagation();
    acts();
  }, true);
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest(".wa-people li");
    if (!item) return menu && event.target !== box() && hide();
    event.preventDefault();
    take(item);
  });
})();

/* Menus: what a button offers, fetched when it is opened and shown over everything else. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$, on } = wa;
  const menu = $("#wa-menu");
  let opener = null, closedAt = 0;

  wa.press.menus = async (button) => {
    if (button.dataset.also) await wa.need(button.dataset.also);
    // The press that shut it by lying outside of it is not one that opens it anew.
    if (button === opener && Date.now() - closedAt < 300) return;
    const html = await asked(button.dataset.menu);
    if (html === null) return;
    opener = button;
    menu.innerHTML = html;
    menu.setAttribute("aria-label", button.getAttribute("aria-label") || button.textContent.trim());
    menu.showPopover();
    place(button.getBoundingClientRect());
    button.setAttribute("aria-expanded", "true");
    items()[0]?.focus();
    menu.dispatchEvent(new CustomEvent("wa:menu", { bubbles: true }));
  };

  async function asked(from) {
    if (from.startsWith("#")) return $(from).innerHTML;
    const address = new URL(from, location);
    for (const [name, value] of wa.query()) address.searchParams.set(name, value);
    const response = await fetch(address, { headers: wa.headers() }).catch(() => null);
    if (response?.ok) return response.text();
    if (!response) wa.toast("No connection. Try again in a moment.");
    else if (!wa.lostSession(response)) wa.toast("You may not do this, or the page is old: reload it.");
    return null;
  }

  // Under the button, and inside of the window; on a phone the style puts it at the foot.
  function place(spot) {
    const { offsetWidth: width, offsetHeight: height } = menu;
    const below = spot.bottom + 6 + height < innerHeight ? spot.bottom + 6 : Math.max(8, spot.top - 6 - height);
    menu.style.left = `${Math.max(8, Math.min(spot.left, innerWidth - width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(below, innerHeight - height - 8))}px`;
  }
  // What the arrows go through; a date has arrows of its own, and is reached by Tab.
  const items = () => $$("[data-item], [type=checkbox]", menu);

  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    closedAt = Date.now();
    opener?.removeAttribute("aria-expanded");
    const isInside = menu.contains(document.activeElement) || document.activeElement === document.body;
    if (isInside && opener?.isConnected) opener.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.type === "datetime-local") return;
    event.preventDefault();
    const all = items(), at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length].focus();
  });
  menu.addEventListener("click", (event) => {
    const label = event.target.closest("[data-label]");
    if (!label || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    menu.hidePopover();
    wa.label(label.dataset.label, $(".wa-chip", label)?.textContent);
    wa.choose($("#wa-f").value);
  });
  // What was chosen is on its way; its answer is told where the menu stood over.
  on("submit", (event) => { if (menu.contains(event.target)) setTimeout(() => menu.hidePopover()); });
})();

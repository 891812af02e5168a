/* Selecting conversations in the list, by mouse, finger or key, and doing something with all. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$, on, root } = wa;
  const list = $(".wa-list"), picked = new Set(), HOLD = 500; // milliseconds
  const rows = () => $$(".wa-row", list);
  // The boxes are made here: a page in which nobody selects is lighter without.
  const boxOf = (row) => $(".wa-pick", row) || boxed(row);
  const bar = document.importNode($("#wa-bulk-bar").content, true).firstElementChild;
  let last = null, hold = 0, held = null;

  // Boxes and bar appear with their styles, or the rows would jump under the finger.
  wa.offerPicking = () => {
    if (bar.isConnected) return;
    $("#wa-rows").before(bar);
    new MutationObserver(show).observe(list, { childList: true, subtree: true });
    show();
  };

  wa.pick = (row, isOn = !picked.has(row.dataset.thread)) => {
    picked[isOn ? "add" : "delete"](row.dataset.thread);
    last = row.dataset.thread;
    show();
  };
  // The row that had the focus, or the conversation that is open, or the first one.
  wa.pickHere = (focused) => {
    wa.offerPicking();
    const row = (focused?.isConnected && focused) || $(".wa-row:has([aria-current])") || rows()[0];
    if (row) wa.pick(row);
  };

  function boxed(row) {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", className: "wa-pick", tabIndex: -1 });
    box.setAttribute("aria-label", `Select ${$(".wa-name", row).textContent}`);
    row.prepend(box);
    return box;
  }

  function show() {
    const there = new Set(rows().map((row) => row.dataset.thread));
    // What is no more in the list cannot be seen, and nothing shall happen to it unseen.
    for (const pk of picked) if (!there.has(pk)) picked.delete(pk);
    for (const row of rows()) boxOf(row).checked = picked.has(row.dataset.thread);
    root.classList.toggle("is-picking", picked.size > 0);
    // The bar stands in the list that is watched: written only where it differs, or it never ends.
    const words = `${picked.size} selected`, line = $("[data-picked]", bar);
    if (line.textContent !== words) line.textContent = words;
  }

  function clear() {
    picked.clear();
    show();
  }

  function range(row, isOn) {
    const all = rows(), from = all.findIndex((one) => one.dataset.thread === last), to = all.indexOf(row);
    const [first, end] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (const one of all.slice(first, end + 1)) picked[isOn ? "add" : "delete"](one.dataset.thread);
    last = row.dataset.thread;
    show();
  }

  list.addEventListener("click", (event) => {
    const row = event.target.closest(".wa-row"), box = event.target.closest(".wa-pick");
    if (box && event.shiftKey) return range(row, box.checked);
    if (box) return wa.pick(row, box.checked);
    // A finger that holds has selected already; while some are selected a tap selects.
    if (!row || !(held === row || (picked.size && matchMedia("(hover: none)").matches))) return;
    event.preventDefault();
    event.stopPropagation();
    if (held !== row) wa.pick(row);
    held = null;
  }, true);
  list.addEventListener("pointerdown", (event) => {
    held = null;
    const row = event.pointerType === "touch" && event.target.closest(".wa-row");
    if (row) hold = setTimeout(() => { held = row; wa.pick(row); }, HOLD);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) {
    list.addEventListener(name, ({ movementX, movementY }) => {
      if (name !== "pointermove" || Math.abs(movementX) + Math.abs(movementY) > 4) clearTimeout(hold);
    });
  }
  list.addEventListener("contextmenu", (event) => {
    if (event.pointerType === "touch" && event.target.closest(".wa-row")) event.preventDefault();
  });

  bar.addEventListener("click", (event) => {
    if (event.target.closest("[data-unpick]")) clear();
    if (event.target.closest("[data-pick-all]")) {
      for (const row of rows()) picked.add(row.dataset.thread);
      show();
    }
  });
  on("keydown", (event) => {
    if (event.key === "Escape" && picked.size && !$("dialog[open], :popover-open") && !event.target.closest("input[type=search], textarea")) clear();
  });
  on("submit", async (event) => {
    if (!event.target.matches("[data-bulk]")) return;
    event.preventDefault();
    const body = new FormData(event.target, event.submitter);
    for (const pk of picked) body.append("thread", pk);
    const response = await fetch(event.target.action, { method: "POST", headers: wa.headers(), body }).catch(() => null);
    if (!response) return wa.toast("No connection. Nothing was changed; try again in a moment.");
    if (wa.lostSession(response)) return;
    if (!response.headers.get("Content-Type").includes("json")) return wa.toast("You may not do this, or the page is old: reload it.");
    wa.toast((await response.json()).toast);
    if (!response.ok) return;
    clear();
    wa.poll(true);
  });
})();

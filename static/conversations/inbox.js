/* The inbox in the browser: panes, list, scrolling, short messages. htmx swaps; this keeps order. */
(() => {
  "use strict";
  const root = document.getElementById("wa");
  if (!root) return;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const on = (name, act) => document.addEventListener(name, act);
  const main = $("#wa-main"), toasts = $("#wa-toasts"), coming = {};

  const wa = (window.wa = {
    root, main, $, $$, on,
    marks: ["last", "event", "note"], // the newest of each that the page shows
    skew: Number(root.dataset.now) * 1000 - Date.now(), // the business's clock may be moved
    talk: () => $("#wa-talk"),
    thread: () => Number(wa.talk()?.dataset.thread || 0),
    headers: () => ({ "HX-Request": "true", "HX-Current-URL": location.href }),
    query() {
      const given = new URLSearchParams();
      if ($("#wa-f").value !== "open") given.set("f", $("#wa-f").value);
      if ($("#wa-l").value) given.set("l", $("#wa-l").value);
      if ($("#wa-q").value.trim()) given.set("q", $("#wa-q").value.trim());
      return given;
    },
    say(words) { $("#wa-status").textContent = words; },
    toast(words) {
      const line = Object.assign(document.createElement("p"), { className: "wa-toast", textContent: words });
      // Under an open dialog it would be in the dark, and said to nobody.
      ($("dialog[open]") || document.body).append(toasts);
      toasts.append(line);
      setTimeout(() => line.remove(), 8000);
    },
    // A session that ended leads to the login as a whole page; drafts stay in the tab.
    lostSession(response) {
      const elsewhere = response.headers.get("HX-Redirect");
      if (elsewhere) location.assign(elsewhere);
      return Boolean(elsewhere);
    },
    atEnd() {
      const log = $("#wa-log");
      return log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    },
    toEnd() {
      if (wa.talk().dataset.more) htmx.ajax("GET", `${root.dataset.root}${wa.thread()}/`, { target: main });
      else $("#wa-log").scrollTop = $("#wa-log").scrollHeight;
    },
    mark() {
      for (const link of $$(".wa-row > a")) {
        wa.current(link, link.parentNode.id === `t${wa.thread()}`);
      }
    },
    // A POST, never part of a GET: a prefetch must not mark anything as read.
    read() {
      const talk = wa.talk();
      if (!talk?.dataset.read || document.hidden || !Number(talk.dataset.unread)) return;
      talk.dataset.unread = "0";
      const body = new FormData();
      body.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]").value);
      fetch(talk.dataset.read, { method: "POST", headers: wa.headers(), body }).catch(() => { talk.dataset.unread = "1"; });
    },
    // As a value: the bare attribute means "not the current one" to a screen reader.
    current: (link, is) => (is ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")),
    choose(name) {
      $("#wa-f").value = name;
      for (const chip of $$(".wa-chips a")) {
        const chosen = chip.dataset.filter === name;
        wa.current(chip, chosen);
        chip.tabIndex = chosen ? 0 : -1;
      }
      history.replaceState(history.state, "", withQuery(location.pathname));
      htmx.ajax("GET", withQuery(`${root.dataset.root}list/`), { target: "#wa-rows", swap: "outerHTML" });
    },
    // Files that are not needed at first sight wait in a template of the page, by name.
    need(name) {
      return (coming[name] ??= Promise.all($$(`[data-for="${name}"]`, $("#wa-later").content).map(bring)).catch((error) => {
        delete coming[name];
        wa.toast("No connection. Try again in a moment.");
        throw error;
      }));
    },
    // Notes that name this person count as seen once they stand before their eyes.
    seen() {
      if ("namesMe" in (wa.talk()?.dataset || {}) && !document.hidden) wa.need("notes").then(() => wa.sawNotes());
    },
    noteOf: () => `wa-note-${root.dataset.user}-${wa.thread()}`,
    find(node) {
      for (const old of $$(".is-found")) old.classList.remove("is-found");
      node.classList.add("is-found");
      node.scrollIntoView({ block: "center" });
    },
    label(pk = "", name = "Any label") {
      $("#wa-l").value = pk;
      $("[data-label-name]").textContent = name;
      $("#wa-label").classList.toggle("is-on", Boolean(pk));
    },
    onShown: [],
  });
  const bring = (file) => new Promise((done, failed) => {
    const fresh = document.importNode(file, true);
    Object.assign(fresh, { onload: done, onerror: failed });
    document.head.append(fresh);
  });
  const withQuery = (path) => `${path}?${wa.query()}`.replace(/\?$/, "");

  function shown() {
    const talk = wa.talk(), log = $("#wa-log");
    root.classList.toggle("has-thread", Boolean(talk || $(".wa-panel-in", main)));
    root.classList.remove("shows-panel");
    wa.mark();
    document.title = document.title.replace(/^[^|]*/, `${talk ? talk.dataset.name : "Inbox"} `);
    if (!talk) return;
    const sought = $(`#m${talk.dataset.at || 0}`);
    let isStuck = !sought, top = 0;
    // Fonts and a growing text box change heights: only who scrolls up leaves the end.
    const heights = new ResizeObserver(() => { if (isStuck) log.scrollTop = log.scrollHeight; });
    [log, $("#wa-log-in")].forEach((box) => heights.observe(box));
    const scrolled = () => {
      const { more } = talk.dataset; // later messages that are not here yet
      if (more && wa.atEnd()) wa.poll(true);
      isStuck = $("#wa-jump").hidden = !more && (wa.atEnd() || (isStuck && log.scrollTop >= top));
      top = log.scrollTop;
      if (isStuck) $("#wa-jump").classList.remove("has-news");
      // Pills stick to the top one over the other: only the newest of them is to be seen.
      const pills = $$(".wa-day", log), tops = pills.map((pill) => pill.getBoundingClientRect().top);
      pills.forEach((pill, n) => pill.classList.toggle("is-under", tops[n + 1] - tops[n] < 30));
    };
    if (sought) wa.find(sought);
    else wa.toEnd();
    log.addEventListener("scroll", scrolled, { passive: true });
    scrolled();
    wa.read();
    wa.seen();
    wa.need("panel");
    if (sessionStorage.getItem(wa.noteOf()) && $("#wa-noting")) wa.need("notes").then(() => { $("#wa-noting").open = true; });
    wa.onShown.forEach((act) => act());
  }

  function fail(target, status) {
    const reasons = {
      403: ["You may not see this conversation", "Ask a supervisor."],
      404: ["This conversation is gone", "It was deleted."],
      0: ["No connection", "Your drafts are kept."],
    };
    const panel = $("#wa-error").content.cloneNode(true);
    [$("h2", panel).textContent, $("p", panel).textContent] = reasons[status] || ["This did not load", `Error ${status}.`];
    target.replaceChildren(panel);
    if (target === main) root.classList.add("has-thread");
  }

  let asked = null, anchor = null; // what failed last, and what older messages must not move
  on("htmx:beforeRequest", ({ detail }) => { if (detail.target === main) main.inert = true; });
  on("htmx:afterRequest", ({ detail }) => { if (detail.target === main) main.inert = false; });
  on("htmx:beforeSwap", ({ detail }) => {
    // The panel says itself why nothing was done.
    if (detail.xhr.status === 422 && detail.target.matches?.(".wa-panel-in")) Object.assign(detail, { shouldSwap: true, isError: false });
    const first = detail.target.matches?.(".wa-older") && $(".wa-bubble", $("#wa-log"));
    anchor = first && { first, top: first.getBoundingClientRect().top, day: $(".wa-day", $("#wa-log")) };
  });
  on("htmx:afterSwap", ({ detail }) => {
    if (detail.target === main) shown();
    if (anchor) keepPlace(anchor);
    anchor = null;
    // A row that moved up while its page was on its way is there already.
    for (const row of $$(".wa-row")) if ($(`#${row.id}`) !== row) row.remove();
    wa.mark();
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    on(name, ({ detail }) => {
      if (detail.xhr.status === 401) return;
      asked = detail;
      if (detail.target.matches(".wa-older, .wa-more")) detail.target.textContent = "Could not load. Press to try again.";
      else fail(detail.target, detail.xhr.status);
    });
  }

  // Older messages came in above: what was first stays where it was, and a day has one pill.
  function keepPlace({ first, top, day }) {
    const pills = $$(".wa-day", $("#wa-log")), place = pills.indexOf(day);
    if (place > 0 && pills[place - 1].dataset.day === day.dataset.day) day.remove();
    $("#wa-log").scrollTop += first.getBoundingClientRect().top - top;
  }

  const clicks = {
    "[data-filter]"(filter) {
      if (!filter.closest(".wa-chips")) {
        $("#wa-q").value = "";
        wa.label();
      }
      wa.choose(filter.dataset.filter);
    },
    "[data-back]"() {
      const left = wa.thread();
      history.pushState({}, "", withQuery(root.dataset.root));
      htmx.ajax("GET", root.dataset.root, { target: "#wa-main" }).then(() => $(`#t${left} > a`)?.focus());
    },
    "[data-panel]"() {
      root.classList.toggle(matchMedia("(min-width: 1280px)").matches ? "no-panel" : "shows-panel");
    },
    "[data-retry]"() {
      if (asked?.pathInfo) htmx.ajax("GET", asked.pathInfo.requestPath, { target: asked.target });
      else location.reload();
    },
    "[data-jump], [data-to-panel]"(link) { wa.need("jump").then(() => wa.jump(link)); },
    "#wa-jump"() { wa.toEnd(); },
    "[data-new]"(link) { wa.need("new").then(() => wa.begin(link)); },
    "[data-menu]"(button) {
      Promise.all(["menus", button.dataset.also || "menus"].map(wa.need)).then(() => wa.menu(button));
    },
  };
  on("click", (event) => {
    if (event.metaKey || event.ctrlKey) return;
    const wants = event.target.closest("[data-need]");
    if (wants) wa.need(wants.dataset.need);
    for (const [selector, act] of Object.entries(clicks)) {
      const found = event.target.closest(selector);
      if (!found) continue;
      event.preventDefault();
      act(found);
    }
  });
  $(".wa-chips").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const chips = $$(".wa-chips a");
    const next = chips[(chips.indexOf(document.activeElement) + step + chips.length) % chips.length];
    next.focus();
    wa.choose(next.dataset.filter);
  });
  // A file that left the storage says so in its place.
  document.addEventListener("error", ({ target }) => {
    target.closest?.(".wa-picture, .wa-sound")?.replaceWith("The file is no longer here, or you may not see it.");
  }, true);
  // Selecting comes with the first mouse or finger over the list, or with its key.
  if ($("#wa-bulk-bar")) $(".wa-list").addEventListener("pointerover", () => wa.need("bulk"), { once: true });
  // Scripts run in order before the page is ready, so that the others are heard by `shown`.
  on("DOMContentLoaded", shown);
})();

/* The inbox in the browser: panes, list, scrolling, short messages. htmx swaps; this keeps order. */
(() => {
  "use strict";
  const root = document.getElementById("wa");
  if (!root) return;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const main = $("#wa-main");
  const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 60;

  const wa = (window.wa = {
    root, main, $, $$,
    user: root.dataset.user,
    skew: Number(root.dataset.now) * 1000 - Date.now(), // the business's clock may be moved
    now: () => Date.now() + wa.skew,
    talk: () => $("#wa-talk"),
    thread: () => Number(wa.talk()?.dataset.thread || 0),
    isWide: () => matchMedia("(min-width: 1280px)").matches,
    headers: () => ({ "HX-Request": "true", "HX-Current-URL": location.href }),
    query() {
      const given = new URLSearchParams();
      if ($("#wa-f").value !== "open") given.set("f", $("#wa-f").value);
      if ($("#wa-q").value.trim()) given.set("q", $("#wa-q").value.trim());
      return given;
    },
    say(words) { $("#wa-status").textContent = words; },
    toast(words) {
      const line = Object.assign(document.createElement("p"), { className: "wa-toast", textContent: words });
      $("#wa-toasts").append(line);
      setTimeout(() => line.remove(), 8000);
    },
    // A session that ended leads to the login as a whole page; drafts stay in the tab.
    lostSession(response) {
      if (response.status !== 401) return false;
      location.assign(response.headers.get("HX-Redirect") || root.dataset.root);
      return true;
    },
    toEnd() {
      const log = $("#wa-log");
      if (log) log.scrollTop = log.scrollHeight;
    },
    mark() {
      const open = `t${wa.thread()}`;
      for (const link of $$(".wa-row > a")) {
        if (link.parentNode.id === open) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
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
    shown() {
      root.classList.toggle("has-thread", Boolean(wa.talk()) || Boolean($(".wa-panel-in", main)));
      root.classList.remove("shows-panel");
      wa.mark();
      const talk = wa.talk();
      document.title = document.title.replace(/^[^|]*/, `${talk ? talk.dataset.name : "Inbox"} `);
      if (!talk) return;
      const log = $("#wa-log"), bar = $(".wa-newbar", log);
      wa.toEnd();
      if (bar) log.scrollTop = Math.min(log.scrollTop, bar.offsetTop - log.offsetTop - 60);
      log.addEventListener("scroll", () => {
        if (atEnd(log)) $("#wa-jump").classList.remove("has-news");
        $("#wa-jump").hidden = atEnd(log);
        onePill(log);
      }, { passive: true });
      onePill(log);
      wa.read();
      wa.onShown.forEach((act) => act());
    },
    onShown: [],
    atEnd: () => atEnd($("#wa-log")),
    fail(target, status) {
      const reasons = {
        403: ["You may not see this conversation", "Ask a supervisor if you need it."],
        404: ["This conversation is gone", "It was deleted, or the link is wrong."],
        0: ["No connection", "Your drafts are kept."],
      };
      const [title, text] = reasons[status] || ["This did not load", `The server answered ${status}.`];
      const panel = $("#wa-error").content.cloneNode(true);
      $("h2", panel).textContent = title;
      $("p", panel).textContent = text;
      target.replaceChildren(panel);
      if (target === main) root.classList.add("has-thread");
    },
  });

  let asked = null; // what failed last, for "Try again"
  const on = (name, act) => document.addEventListener(name, act);

  on("htmx:beforeRequest", ({ detail }) => {
    if (detail.target === main) main.inert = true;
  });
  on("htmx:afterRequest", ({ detail }) => {
    if (detail.target === main) main.inert = false;
  });
  on("htmx:beforeSwap", ({ detail }) => {
    if (detail.xhr.responseURL.includes("/login/")) {
      detail.shouldSwap = false;
      location.reload();
    }
    if (detail.target.matches?.(".wa-older")) {
      const first = $(".wa-bubble", $("#wa-log"));
      wa.anchor = first && { first, top: first.getBoundingClientRect().top, day: $(".wa-day", $("#wa-log")) };
    }
  });
  on("htmx:afterSwap", ({ detail }) => {
    if (detail.target === main) wa.shown();
    if (wa.anchor && $("#wa-log")?.contains(wa.anchor.first)) keepPlace(wa.anchor);
    wa.anchor = null;
    if ($("#wa-rows")) wa.mark();
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    on(name, ({ detail }) => {
      if (detail.xhr.status === 401) return;
      asked = detail;
      const target = detail.target;
      if (target.matches(".wa-older, .wa-more")) target.replaceChildren("Could not load. Press to try again.");
      else wa.fail(target, detail.xhr.status);
    });
  }

  // Pills stick to the top one over the other: only the newest of them is to be seen.
  function onePill(log) {
    const pills = $$(".wa-day", log), tops = pills.map((pill) => pill.getBoundingClientRect().top);
    pills.forEach((pill, n) => pill.classList.toggle("is-under", tops[n + 1] - tops[n] < 30));
  }

  // Older messages came in above: what was first stays where it was, and a day has one pill.
  function keepPlace({ first, top, day }) {
    const pills = $$(".wa-day", $("#wa-log"));
    const place = pills.indexOf(day);
    if (place > 0 && pills[place - 1].dataset.day === day.dataset.day) day.remove();
    $("#wa-log").scrollTop += first.getBoundingClientRect().top - top;
  }

  function choose(name) {
    const others = $$(".wa-chips a");
    $("#wa-f").value = name;
    for (const chip of others) {
      const chosen = chip.dataset.filter === name;
      chip.toggleAttribute("aria-current", chosen);
      chip.tabIndex = chosen ? 0 : -1;
      if (chosen) chip.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    const query = wa.query().toString();
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
    return htmx.ajax("GET", `${root.dataset.root}list/?${query}`, { target: "#wa-rows", swap: "outerHTML" });
  }
  wa.choose = choose;

  document.addEventListener("click", (event) => {
    const filter = event.target.closest("[data-filter]");
    if (filter && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      if (!filter.closest(".wa-chips")) $("#wa-q").value = "";
      choose(filter.dataset.filter);
    }
    if (event.target.closest("[data-back]")) {
      event.preventDefault();
      const left = wa.thread();
      const query = wa.query().toString();
      history.pushState({}, "", root.dataset.root + (query ? `?${query}` : ""));
      htmx.ajax("GET", root.dataset.root, { target: "#wa-main" }).then(() => $(`#t${left} > a`)?.focus());
    }
    if (event.target.closest("[data-panel]")) {
      event.preventDefault();
      if (wa.isWide()) root.classList.toggle("no-panel");
      else root.classList.toggle("shows-panel");
    }
    if (event.target.closest("[data-panel-close]")) root.classList.remove("shows-panel");
    if (event.target.closest("[data-retry]")) {
      if (asked?.pathInfo) htmx.ajax("GET", asked.pathInfo.requestPath, { target: asked.target });
      else location.reload();
    }
    if (event.target.closest("#wa-jump")) wa.toEnd();
  });
  $(".wa-chips").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const chips = $$(".wa-chips a");
    const next = chips[(chips.indexOf(document.activeElement) + step + chips.length) % chips.length];
    next.focus();
    choose(next.dataset.filter);
  });
  // Scripts run in order before the page is ready, so that the others are heard by `shown`.
  document.addEventListener("DOMContentLoaded", () => wa.shown());
})();

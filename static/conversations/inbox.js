/* The inbox in the browser: panes, list, scrolling, short messages. htmx swaps; this keeps order. */
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const on = (name, act) => document.addEventListener(name, act);
const root = $("#wa"), main = $("#wa-main"), toasts = $("#wa-toasts"), coming = new Map();
let resting = 0;

const wa = (window.wa = {
  root, main, $, $$, on,
  marks: ["last", "event", "note"], // the newest of each that the page shows
  skew: Number(root.dataset.now) * 1000 - Date.now(), // the business's clock may be moved
  onShown: [],
  press: {}, // name of a file -> what it does at a press
  talk: () => $("#wa-talk"),
  thread: () => Number(wa.talk()?.dataset.thread || 0),
  headers: () => ({ "HX-Request": "true", "HX-Current-URL": location.href }),
  body() {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]").value);
    return body;
  },
  query() {
    const given = new URLSearchParams();
    for (const name of ["f", "l", "q"]) {
      const value = $(`#wa-${name}`).value.trim();
      if (value && `${name}=${value}` !== "f=open") given.set(name, value);
    }
    return given;
  },
  // Until it is done no key acts on the page: what is typed by then is meant for what comes.
  during(work) {
    resting += 1;
    work.finally(() => { resting -= 1; });
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
  atEnd: () => $("#wa-log").scrollTop > -60, // the log is scrolled from its end, which is 0
  toEnd() {
    if (wa.talk().dataset.more) htmx.ajax("GET", `${root.dataset.root}${wa.thread()}/`, { target: main });
    else $("#wa-log").scrollTop = 0;
  },
  // As a value: the bare attribute means "not the current one" to a screen reader.
  current: (link, is) => (is ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")),
  mark() {
    for (const link of $$(".wa-row > a")) wa.current(link, link.parentNode.id === `t${wa.thread()}`);
  },
  // A POST, never part of a GET: a prefetch must not mark anything as read.
  read() {
    const { dataset } = wa.talk() || root;
    if (!dataset.read || document.hidden || !Number(dataset.unread)) return;
    dataset.unread = "0";
    fetch(dataset.read, { method: "POST", headers: wa.headers(), body: wa.body() }).catch(() => { dataset.unread = "1"; });
  },
  // Files that are not needed at first sight wait in a template of the page, by what needs them.
  // Plain scripts: a module that failed to come once would never be asked for again.
  need: (name) => Promise.all($$(`[data-for~="${name}"]`, $("#wa-later").content).map(bring)),
  // Notes that name this person count as seen once they stand before their eyes.
  seen() {
    if ("namesMe" in (wa.talk() || root).dataset && !document.hidden) wa.need("notes").then(() => wa.sawNotes());
  },
  find(node) {
    $(".is-found")?.classList.remove("is-found");
    node.classList.add("is-found");
    node.scrollIntoView({ block: "center" });
  },
});

function bring(file) {
  if (coming.has(file)) return coming.get(file);
  const fresh = document.importNode(file, true);
  const there = new Promise((onload, onerror) => Object.assign(fresh, { onload, onerror, async: false })).catch((error) => {
    const words = "No connection. Try again in a moment.";
    coming.delete(file);
    if (!toasts.textContent.includes(words)) wa.toast(words); // every key that is typed asks anew
    throw error;
  });
  coming.set(file, there);
  document.head.append(fresh);
  return there;
}

addEventListener("unhandledrejection", (event) => { if (event.reason instanceof Event) event.preventDefault(); }); // told above

function shown() {
  const talk = wa.talk(), log = $("#wa-log");
  root.classList.toggle("has-thread", Boolean(talk || $(".wa-panel-in", main)));
  root.classList.remove("shows-panel");
  wa.mark();
  document.title = document.title.replace(/^[^|]*/, `${talk ? talk.dataset.name : "Inbox"} `);
  if (!talk) return;
  const sought = $(`#m${talk.dataset.at || 0}`), jump = $("#wa-jump");
  const scrolled = () => {
    const { more } = talk.dataset, isAtEnd = wa.atEnd(); // more: later messages that are not here yet
    if (more && isAtEnd) wa.poll(true);
    jump.hidden = !more && isAtEnd;
    if (jump.hidden) jump.classList.remove("has-news");
    // Pills stick to the top one over the other: only the newest of them is to be seen.
    const pills = $$(".wa-day", log), tops = pills.map((pill) => pill.getBoundingClientRect().top);
    pills.forEach((pill, n) => pill.classList.toggle("is-under", tops[n + 1] - tops[n] < 30));
  };
  if (sought) wa.find(sought);
  log.addEventListener("scroll", scrolled, { passive: true });
  scrolled();
  wa.read();
  wa.seen();
  wa.need("panel");
  wa.onShown.forEach((act) => act());
}

// Says in the place of what did not come why, and offers to ask again.
function fail({ target, xhr: { status } }) {
  if (target.matches(".wa-older, .wa-more")) return target.replaceChildren("Could not load. Press to try again.");
  const panels = $("#wa-error").content;
  const panel = ($(`[data-status="${status}"]`, panels) || panels.lastElementChild).cloneNode(true);
  $("b", panel)?.append(status);
  target.replaceChildren(panel);
  if (target === main) root.classList.add("has-thread");
}
for (const name of ["htmx:responseError", "htmx:sendError"]) {
  on(name, ({ detail }) => {
    if (detail.xhr.status === 401) return;
    wa.failed = detail;
    fail(detail);
  });
}

let awaited = null; // the request of the newest choice; its row may be replaced while it is away
on("htmx:beforeRequest", ({ detail: { target, xhr } }) => {
  if (target !== main) return;
  main.inert = true;
  awaited = xhr;
  xhr.addEventListener("loadend", () => { if (xhr === awaited) main.inert = false; });
});
on("htmx:beforeSwap", ({ detail }) => {
  // The panel says itself why nothing was done.
  if (detail.xhr.status === 422 && detail.target.matches?.(".wa-panel-in")) Object.assign(detail, { shouldSwap: true, isError: false });
});
on("htmx:afterSwap", ({ detail }) => {
  if (detail.target === main) shown();
  // Older messages came in above: a day has one pill.
  $$(".wa-day").forEach((pill, n, all) => { if (pill.dataset.day === all[n - 1]?.dataset.day) pill.remove(); });
  // A row that moved up while its page was on its way is there already.
  for (const row of $$(".wa-row")) if ($(`#${row.id}`) !== row) row.remove();
  wa.mark();
});

// What a press on these does comes with the first one.
const presses = {
  "[data-filter], [data-back], [data-retry], [data-jump], [data-to-panel]": "ways",
  "[data-menu]": "menus",
  "[data-new]": "new",
  "[data-template]": "dialogs",
};
on("click", (event) => {
  if (event.metaKey || event.ctrlKey) return;
  const pressed = (selector) => event.target.closest(selector);
  const wants = pressed("[data-need]");
  if (wants) wa.need(wants.dataset.need);
  if (pressed("#wa-jump")) wa.toEnd();
  if (pressed("[data-panel]")) {
    event.preventDefault();
    root.classList.toggle(matchMedia("(min-width: 1280px)").matches ? "no-panel" : "shows-panel");
  }
  for (const [selector, name] of Object.entries(presses)) {
    const found = pressed(selector);
    if (!found) continue;
    event.preventDefault();
    wa.during(wa.need(name).then(() => wa.press[name](found)));
  }
});

// Single keys outside of fields, and the arrows in the filters: likewise. They can be switched off.
on("keydown", (event) => {
  const { target, key } = event, step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (key === "Escape") {
    if (typing && root.contains(target)) target.blur();
    else root.classList.remove("shows-panel");
  } else if (step && target.closest(".wa-chips")) {
    event.preventDefault();
    wa.need("ways").then(() => wa.turn(step));
  } else if (!typing && /^[jk/rtbemcxin?]$/i.test(key) && !$("dialog[open], :popover-open") && (key === "?" || !localStorage.getItem("wa-keys-off"))) {
    event.preventDefault();
    // Where one goes to write, the next key may be a letter of it before any file is there.
    const field = !$("[data-kind=shut] :focus") && $({ "/": "#wa-q", r: "#wa-text", n: "#wa-note" }[key.toLowerCase()] || "_");
    if (field?.id === "wa-note") {
      wa.need("notes");
      $("#wa-noting").open = true;
    }
    if (field) field.focus();
    else if (!resting) {
      const done = wa.need("keys").then(() => wa.press.keys(key.toLowerCase()));
      if (!/[jkx]/i.test(key)) wa.during(done); // steps through the list may follow one another
    }
  }
});

// A file that left the storage says so in its place.
document.addEventListener("error", ({ target }) => {
  target.closest?.(".wa-picture, .wa-sound")?.replaceWith("The file is no longer here, or you may not see it.");
}, true);
// Selecting comes with the first mouse or finger over the list, or with its key.
if ($("#wa-bulk-bar")) $(".wa-list").addEventListener("pointerenter", () => wa.need("bulk").then(() => wa.offerPicking()));
// Scripts run in order before the page is ready, so that the others are heard by `shown`.
on("DOMContentLoaded", shown);

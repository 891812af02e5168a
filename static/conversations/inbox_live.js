/* What changes by itself: the poll, what it brings, and the countdown of the window. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$, root } = wa;
  const EVERY = 1800, RARELY = 5000, UNUSED = 15 * 60e3, LONG_AGO = 6 * 3600e3;
  let cursor = root.dataset.cursor, timer = 0, failures = 0, busy = false, again = false;
  let used = Date.now(), last = Date.now();

  const parsed = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content;
  };

  wa.apply = (news) => {
    if (news.rows) applyRows(news);
    if (news.thread && news.thread === wa.thread()) applyThread(news);
    if (news.toast) wa.toast(news.toast);
  };

  function applyRows({ rows, gone, counts, badge }) {
    const list = $("#wa-rows"), focused = document.activeElement?.closest(".wa-row")?.id;
    gone.forEach((pk) => $(`#t${pk}`)?.remove());
    for (const { pk, place, html } of rows) {
      const row = parsed(html).firstElementChild, old = $(`#t${pk}`);
      if (old?.outerHTML === row.outerHTML) continue;
      const next = $$(".wa-row", list).find((other) => other !== old && before(place, other.dataset.place));
      // Below the last row that is loaded it will come with the next page.
      if (!old && !next && $(".wa-more", list)) continue;
      if (old && old.dataset.place === place) old.replaceWith(row);
      else {
        old?.remove();
        list.insertBefore(row, next || $(".wa-more", list));
      }
      htmx.process(row);
    }
    if (rows.length) $(".wa-none", list)?.remove();
    wa.mark();
    if (focused) $(`#${focused} > a`)?.focus({ preventScroll: true });
    for (const chip of $$("[data-count]")) chip.textContent = counts[chip.dataset.count] ?? "";
    showBadge(badge);
  }

  // A place is "<microseconds>_<key>"; the list runs from the newest down.
  function before(place, other) {
    const [at, pk] = place.split("_").map(BigInt), [otherAt, otherPk] = other.split("_").map(BigInt);
    return at > otherAt || (at === otherAt && pk > otherPk);
  }

  function showBadge(text) {
    const link = $$("#nav-sidebar a").find((a) => a.getAttribute("href") === root.dataset.root);
    if (!link) return;
    const badge = link.children[2] || link.appendChild(Object.assign(document.createElement("span"), { className: "wa-nav-badge" }));
    badge.textContent = text;
    badge.hidden = !text;
  }

  function applyThread(news) {
    const talk = wa.talk(), stuck = wa.atEnd();
    for (const { pk, tick, trouble } of news.states) {
      $(`#tk${pk}`)?.replaceWith(parsed(tick));
      $(`#fx${pk}`)?.replaceWith(parsed(trouble));
    }
    const heard = addEntries(news.entries);
    for (const name of ["last", "event"]) talk.dataset[name] = Math.max(talk.dataset[name], news[name]);
    swapPart("#wa-head", news.head);
    swapPart("#wa-banner", news.banner);
    if ($("#wa-foot").dataset.key !== news.composer_key) {
      wa.keepDraft?.();
      const wrote = $("#wa-foot").contains(document.activeElement);
      $("#wa-foot").replaceWith(parsed(news.composer));
      wa.onComposer?.(wrote);
    }
    if (stuck) wa.toEnd();
    else if (heard) {
      $("#wa-jump").hidden = false;
      $("#wa-jump").classList.add("has-news");
    }
    if (heard) {
      wa.say(`New message from ${talk.dataset.name}`);
      talk.dataset.unread = "1";
      wa.read();
    }
  }

  // The answer to a send and a poll may both bring a message: what stands there already is skipped.
  function addEntries(html) {
    const log = $("#wa-log-in");
    let heard = 0;
    for (const node of [...parsed(html).children]) {
      if (node.id && document.getElementById(node.id)) continue;
      if (node.dataset.day && $$(".wa-day", log).at(-1)?.dataset.day === node.dataset.day) continue;
      log.append(node);
      if (node.matches(".wa-bubble.in")) heard += 1;
    }
    return heard;
  }

  function swapPart(selector, html) {
    const old = $(selector), fresh = parsed(html).firstElementChild;
    if (!old || !fresh || same(old, fresh)) return;
    const key = old.contains(document.activeElement) && document.activeElement.dataset.key;
    old.replaceWith(fresh);
    if (key) ($(`[data-key="${key}"]`) || wa.main).focus();
  }
  // Hidden tokens differ in every answer and say nothing.
  function same(old, fresh) {
    const bare = (node) => node.outerHTML.replace(/value="[A-Za-z0-9]{64}"/g, "");
    return bare(old) === bare(fresh);
  }

  async function poll({ fresh = false } = {}) {
    if (busy) return void (again ||= fresh);
    busy = true;
    clearTimeout(timer);
    try {
      await ask(fresh || again);
    } catch {
      failures += 1;
    }
    busy = false;
    $("#wa-lost").hidden = failures < 3;
    $("#wa-lost").textContent = failures < 3 ? "" : "Connection lost. Retrying";
    plan();
  }
  wa.poll = poll;

  async function ask(fresh) {
    again = false;
    const given = wa.query(), talk = wa.talk();
    given.set("after", cursor);
    if (talk) for (const name of ["thread", "last", "event"]) given.set(name, talk.dataset[name]);
    if (fresh) given.set("fresh", "1");
    const response = await fetch(`${root.dataset.changes}?${given}`, { headers: wa.headers(), signal: AbortSignal.timeout(10000) });
    if (wa.lostSession(response)) return;
    if (!response.ok) throw new Error(response.status);
    const news = response.status === 204 ? null : await response.json();
    cursor = response.headers.get("X-Cursor");
    wa.skew = Number(response.headers.get("X-Now")) * 1000 - Date.now();
    failures = 0;
    last = Date.now();
    // While the poll was away another filter may have been chosen: its rows are not these.
    if (news && wa.query().toString() !== queryOf(given)) delete news.rows;
    if (news) wa.apply(news);
  }
  function queryOf(given) {
    const kept = new URLSearchParams();
    for (const name of ["f", "q"]) if (given.has(name)) kept.set(name, given.get(name));
    return kept.toString();
  }

  function plan() {
    clearTimeout(timer);
    if (document.hidden) return;
    const rhythm = Date.now() - used > UNUSED ? RARELY : EVERY;
    timer = setTimeout(poll, failures ? Math.min(30000, EVERY * 2 ** failures) : rhythm);
  }
  for (const name of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    document.addEventListener(name, () => { used = Date.now(); }, { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return clearTimeout(timer);
    // What changed is kept for a day; after a long sleep the whole page is cheaper.
    if (Date.now() - last > LONG_AGO) return location.reload();
    wa.read();
    poll();
  });
  addEventListener("online", () => { offline(false); poll(); });
  addEventListener("offline", () => offline(true));
  function offline(is) {
    const line = $("#wa-offline"), send = $(".wa-send");
    if (line) line.hidden = !is;
    if (send) send.disabled = is;
  }

  const two = (number) => String(number).padStart(2, "0");
  function exact(seconds) {
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = two(Math.floor(seconds % 60));
    if (seconds > 7200) return `${h} h ${two(m)} min`;
    return h ? `${h} h ${two(m)} min ${s} s` : `${m} min ${s} s`;
  }
  function tickBanner() {
    const banner = $("[data-closes]");
    if (!banner) return;
    const left = Number(banner.dataset.closes) - wa.now() / 1000;
    if (left <= 0) {
      banner.removeAttribute("data-closes");
      wa.say("The reply window is closed.");
      return poll({ fresh: true });
    }
    const text = `Reply window closes in ${exact(left)}`, line = $("[data-banner-text]", banner);
    if (line.textContent !== text) line.textContent = text;
    if (left <= 7200 && banner.classList.replace("green", "amber")) wa.say("The reply window closes in 2 hours.");
    if (left <= 900 && !banner.dataset.told) {
      banner.dataset.told = "1";
      wa.say("The reply window closes in 15 minutes.");
    }
  }
  function tickRows() {
    for (const row of $$("[data-left]")) {
      const minutes = Math.floor((Number(row.dataset.left) - wa.now() / 1000) / 60);
      $("[data-left-text]", row).textContent = minutes < 0 ? "shut" : minutes >= 60 ? `${Math.floor(minutes / 60)} h` : `${minutes} min`;
      row.classList.toggle("is-closing", minutes < 120 && minutes >= 0);
    }
  }
  setInterval(tickBanner, 1000);
  setInterval(tickRows, 20000);
  plan();
})();

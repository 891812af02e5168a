/* What changes by itself: the poll, what it brings, and the countdown of the window. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$, on, root } = wa;
  const EVERY = 1800, LONG_AGO = 6 * 3600e3; // milliseconds
  let cursor = root.dataset.cursor, timer = 0, failures = 0, busy = false, wanted = false;
  let last = Date.now();

  const parsed = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content;
  };

  wa.apply = (news) => {
    if (news.rows) applyRows(news);
    if (news.named) {
      $("#wa-named").outerHTML = news.named;
      htmx.process($("#wa-named"));
    }
    if (news.thread && news.thread === wa.thread()) applyThread(news);
    if (news.toast) wa.toast(news.toast);
    showPresent();
  };

  function applyRows({ rows, gone, counts, badge }) {
    const list = $("#wa-rows"), more = $(".wa-more", list);
    const focused = document.activeElement?.closest(".wa-row")?.id;
    gone.forEach((pk) => $(`#t${pk}`)?.remove());
    for (const { pk, place, html } of rows) {
      const row = parsed(html).firstElementChild, old = $(`#t${pk}`);
      const next = $$(".wa-row", list).find((other) => other !== old && isAbove(place, other.dataset.place));
      // Below the last row that is loaded it will come with the next page.
      if (!old && !next && more) continue;
      if (old?.dataset.place === place) old.replaceWith(row);
      else {
        old?.remove();
        list.insertBefore(row, next || more);
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
  function isAbove(place, other) {
    const [at, pk] = place.split("_").map(BigInt), [otherAt, otherPk] = other.split("_").map(BigInt);
    return at > otherAt || (at === otherAt && pk > otherPk);
  }

  function showBadge(text) {
    const link = $(`#nav-sidebar a[href="${root.dataset.root}"]`);
    if (!link) return;
    const badge = link.children[2] || link.appendChild(document.createElement("span"));
    badge.className ||= "wa-nav-badge red";
    badge.textContent = text;
    badge.hidden = !text;
  }

  function applyThread(news) {
    const talk = wa.talk(), wasWhole = !talk.dataset.more, isStuck = wasWhole && wa.atEnd();
    for (const { pk, tick, trouble, said, reactions } of news.states) {
      $(`#tk${pk}`)?.replaceWith(parsed(tick));
      $(`#fx${pk}`)?.replaceWith(parsed(trouble));
      // Swapped only where it differs: a film that plays goes on through a tick.
      if ($(`#sd${pk}`)) swapPart(`#sd${pk}`, said);
      if ($(`#re${pk}`)) swapPart(`#re${pk}`, reactions);
    }
    const heard = addEntries(news.entries);
    for (const name of wa.marks) talk.dataset[name] = Math.max(talk.dataset[name], news[name]);
    if (news.names_me) talk.dataset.namesMe = "";
    wa.seen();
    talk.dataset.more = news.more ? "1" : "";
    swapPart("#wa-head", news.head);
    swapPart("#wa-banner", news.banner);
    // A box that somebody types in stays as long as it means the same.
    if ($("#wa-foot").dataset.key !== news.composer_key) {
      const wrote = $("#wa-foot").contains(document.activeElement);
      wa.keepDraft();
      $("#wa-foot").replaceWith(parsed(news.composer));
      wa.onComposer(wrote);
    }
    if (isStuck) wa.toEnd();
    const note = heard.findLast((node) => node.matches(".wa-noted"));
    if (note && wasWhole) wa.say(note.getAttribute("aria-label"));
    if (!wasWhole || !heard.some((node) => node.matches(".wa-bubble.in"))) return;
    $("#wa-jump").hidden = isStuck;
    $("#wa-jump").classList.add("has-news");
    wa.say(`New message from ${talk.dataset.name}`);
    talk.dataset.unread = "1";
    wa.read();
  }

  // The answer to a send and a poll may both bring a message: what stands there already is skipped.
  function addEntries(html) {
    const log = $("#wa-log-in");
    const heard = [];
    for (const node of [...parsed(html).children]) {
      if (node.id && document.getElementById(node.id)) continue;
      if (node.dataset.day && $$(".wa-day", log).at(-1)?.dataset.day === node.dataset.day) continue;
      log.append(node);
      heard.push(node);
    }
    return heard;
  }

  // Hidden tokens differ in every answer and say nothing.
  const bare = (node) => node.outerHTML.replace(/value="\w{64}"/g, "");
  function swapPart(selector, html) {
    const old = $(selector), fresh = parsed(html).firstElementChild;
    if (bare(old) === bare(fresh)) return;
    const key = old.contains(document.activeElement) && document.activeElement.dataset.key;
    old.replaceWith(fresh);
    if (key) ($(`[data-key="${key}"]`) || wa.main).focus();
  }

  wa.poll = poll;
  async function poll(isFresh = false) {
    wanted ||= isFresh;
    if (busy) return;
    busy = true;
    clearTimeout(timer);
    await ask().then(() => { failures = 0; }, () => { failures += 1; });
    busy = false;
    $("#wa-lost").hidden = failures < 3;
    plan();
  }

  async function ask() {
    const chosen = wa.query(), given = new URLSearchParams(chosen), talk = wa.talk();
    given.set("after", cursor);
    if (talk) for (const name of ["thread", ...wa.marks]) given.set(name, talk.dataset[name]);
    if (talk && Date.now() - typedAt < 4000) given.set("typing", "1");
    if (wanted) given.set("fresh", "1");
    wanted = false;
    const response = await fetch(`${root.dataset.changes}?${given}`, { headers: wa.headers(), signal: AbortSignal.timeout(10000) });
    if (wa.lostSession(response)) return;
    if (!response.ok) throw new Error(response.status);
    const news = response.status === 204 ? {} : await response.json();
    cursor = response.headers.get("X-Cursor");
    wa.skew = Number(response.headers.get("X-Now")) * 1000 - Date.now();
    last = Date.now();
    // While the poll was away another filter may have been chosen: its rows are not these.
    if (`${wa.query()}` !== `${chosen}`) delete news.rows;
    wa.apply(news);
    if (news.needs?.length) wa.need("alerts").then(() => wa.alert(news.needs));
    wa.present = talk && talk === wa.talk() ? JSON.parse(response.headers.get("X-Present")) : [];
    showPresent();
  }

  // Who else has this conversation open, and who of them writes: told by a file of its own.
  let typedAt = 0;
  on("input", ({ target }) => { if (target.id === "wa-text") typedAt = Date.now(); });
  function showPresent() {
    if (wa.present?.length || wa.tellPresent) wa.need("present").then(() => wa.tellPresent());
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(poll, Math.min(30000, EVERY * 2 ** failures));
  }
  on("visibilitychange", () => {
    if (document.hidden) return clearTimeout(timer);
    // What changed is kept for a day; after a long sleep the whole page is cheaper.
    if (Date.now() - last > LONG_AGO) return location.reload();
    wa.read();
    wa.seen();
    poll();
  });
  addEventListener("pagehide", () => {
    if (!wa.thread()) return;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", $("[name=csrfmiddlewaretoken]").value);
    navigator.sendBeacon(`${root.dataset.root}${wa.thread()}/left/`, body);
  });
  for (const name of ["online", "offline"]) {
    addEventListener(name, () => {
      const line = $("#wa-offline");
      if (line) line.hidden = navigator.onLine;
      wa.fit();
      if (navigator.onLine) poll();
    });
  }

  const left = (until) => Number(until) - (Date.now() + wa.skew) / 1000; // seconds
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  function exact(seconds) {
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    if (seconds > 7200) return `${hours} h ${two(minutes)} min`;
    return `${hours ? `${hours} h ${two(minutes)}` : minutes} min ${two(seconds % 60)} s`;
  }
  setInterval(() => {
    const banner = $("[data-closes]");
    if (!banner) return;
    const seconds = left(banner.dataset.closes);
    if (seconds <= 0) {
      banner.removeAttribute("data-closes");
      wa.say("The reply window is closed.");
      return poll(true);
    }
    $("[data-banner-text]", banner).textContent = `Reply window closes in ${exact(seconds)}`;
    if (seconds <= 7200 && banner.classList.replace("green", "amber")) wa.say("The reply window closes in 2 hours.");
    if (seconds > 900 || banner.dataset.told) return;
    banner.dataset.told = "1";
    wa.say("The reply window closes in 15 minutes.");
  }, 1000);
  setInterval(() => {
    for (const row of $$("[data-left]")) {
      const minutes = Math.floor(left(row.dataset.left) / 60);
      $("[data-left-text]", row).textContent = minutes < 0 ? "shut" : minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
      row.classList.toggle("is-closing", minutes < 120);
    }
  }, 20000);
  plan();
})();

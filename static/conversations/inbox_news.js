/* What is new, put where it belongs: rows, counts, bubbles, ticks, head and foot. Comes with the first news. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$, root } = wa;

  const parsed = (html) => {
    const box = document.createElement("template");
    box.innerHTML = html;
    return box.content;
  };

  wa.news = (news) => {
    if (news.rows) applyRows(news);
    if (news.named) {
      $("#wa-named").outerHTML = news.named;
      htmx.process($("#wa-named"));
    }
    if (news.thread && news.thread === wa.thread()) applyThread(news);
    if (news.toast) wa.toast(news.toast);
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
    // The last one has left: a list without rows says why, and where to go from there.
    if (!list.children.length) htmx.ajax("GET", `${root.dataset.root}list/?${wa.query()}`, { target: list, swap: "outerHTML" });
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
    const log = $("#wa-log-in"), { scrollHeight } = log, heard = [];
    for (const node of [...parsed(html).children]) {
      if (node.id && document.getElementById(node.id)) continue;
      if (node.dataset.day && $$(".wa-day", log).at(-1)?.dataset.day === node.dataset.day) continue;
      log.append(node);
      heard.push(node);
    }
    // Scrolled from its end: who reads further up stays where they are.
    if (heard.length) log.parentNode.scrollTop -= log.scrollHeight - scrollHeight;
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
})();

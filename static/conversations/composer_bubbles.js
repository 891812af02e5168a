/* What can be done with one bubble: answer it, react to it. By pointer, by touch (press the bubble),
   and by keys: arrows go from bubble to bubble, R answers, + reacts. */
(() => {
  "use strict";
  const wa = window.wa, { $, $$, main } = wa;
  const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
  const NOT_KNOWN = ["queued", "sending", "failed", "unconfirmed"];
  const bar = wa.made(`<div class="wa-do" role="group" aria-label="With this message"><button type="button" class="wa-icon" data-do="answer" aria-label="Reply to this message" title="Reply (R)">${wa.icon("reply")}</button><button type="button" class="wa-icon" data-do="react" aria-label="React to this message" title="React ( + )">${wa.icon("add_reaction")}</button></div>`);
  const keyOf = (bubble) => bubble.id.slice(1);
  const isOurs = (bubble) => bubble.matches(".out");
  const mayAnswer = (bubble) => !isOurs(bubble) || !NOT_KNOWN.includes($(".wa-tick", bubble)?.dataset.status);
  const own = (bubble) => $(".wa-worn [data-own]", bubble)?.dataset.own;

  function show(bubble) {
    if (!wa.box() || !bubble || bar.parentNode === bubble) return;
    $("[data-do=answer]", bar).hidden = !mayAnswer(bubble);
    $("[data-do=react]", bar).hidden = isOurs(bubble);
    bubble.append(bar);
    for (const item of [...bar.children]) item.setAttribute("aria-describedby", `sd${keyOf(bubble)}`);
  }
  // While somebody picks an emoji for a bubble its bar stays.
  const hide = () => { if (!bar.contains(document.activeElement)) bar.remove(); };

  // A focus that a touch moves to the log is no reason to hide what that touch asked for.
  function near(target, pointer) {
    const bubble = target.closest(".wa-bubble");
    if (bubble) show(bubble);
    else if (pointer === "mouse") hide();
  }

  function answer(bubble) {
    if (!wa.box() || !mayAnswer(bubble)) return;
    const who = isOurs(bubble) ? "You" : wa.talk().dataset.name;
    const said = $(".wa-text", bubble)?.textContent.trim() || $(".wa-card b, img[alt]", bubble)?.textContent || $("img[alt]", bubble)?.alt || "Message";
    const strip = wa.made(`<div class="wa-answering"><p class="wa-quote"><b></b><span></span></p><button type="button" class="wa-icon" data-no-answer aria-label="Do not reply to this message">${wa.icon("close")}</button></div>`);
    $("b", strip).textContent = who;
    $("span", strip).textContent = said.slice(0, 160);
    wa.extra("answer").replaceChildren(strip);
    $("[name=quotes]", wa.box().form).value = keyOf(bubble);
    wa.say(`Replying to ${who}: ${said.slice(0, 80)}`);
    wa.box().focus();
  }
  function noAnswer() {
    wa.noExtra("answer");
    const quotes = wa.box() && $("[name=quotes]", wa.box().form);
    if (quotes) quotes.value = "";
  }

  function ask(bubble, from) {
    const now = own(bubble), items = QUICK.map((emoji) => `<button type="button" class="wa-emoji" data-react="${emoji}" aria-pressed="${emoji === now}">${emoji}</button>`);
    const away = now ? `<button type="button" class="wa-button is-quiet" data-react="">Take ${now} away</button>` : "";
    const picker = wa.made(`<div class="wa-pop wa-reacts" role="dialog" aria-label="React to the message">${items.join("")}<button type="button" class="wa-icon" data-react-more aria-label="More emoji">${wa.icon("add")}</button>${away}</div>`);
    wa.pop(picker, from);
    const place = bubble.getBoundingClientRect(), foot = $("#wa-foot").getBoundingClientRect();
    picker.style.left = `${Math.max(8, Math.min(place.left - foot.left, foot.width - picker.offsetWidth - 8))}px`;
    // Over the bubble, but never out of the log.
    const highest = foot.bottom - $("#wa-log").getBoundingClientRect().top - picker.offsetHeight - 8;
    picker.style.bottom = `${Math.max(foot.height + 8, Math.min(foot.bottom - place.top + 6, highest))}px`;
    picker.addEventListener("click", async ({ target }) => {
      const choice = target.closest("[data-react]");
      if (choice) {
        wa.unpop(true);
        react(bubble, choice.dataset.react === now ? "" : choice.dataset.react);
      } else if (target.closest("[data-react-more]")) {
        (await wa.use("emoji")).pick(from, (emoji) => react(bubble, emoji));
      }
    });
    picker.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], all = $$("button", picker);
      if (!step) return;
      event.preventDefault();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    });
    ($("[aria-pressed=true]", picker) || $("button", picker)).focus();
  }

  function react(bubble, emoji) {
    const text = wa.box();
    if (!text) return;
    const form = document.createElement("form");
    form.action = text.form.dataset.react;
    const fields = { csrfmiddlewaretoken: $("[name=csrfmiddlewaretoken]", text.form).value, reference: wa.reference(), message: keyOf(bubble), emoji };
    for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    wa.post(form);
  }

  function step(from, by) {
    const bubbles = $$(".wa-bubble", $("#wa-log")), at = bubbles.indexOf(from);
    const next = at < 0 ? bubbles.at(-1) : bubbles[Math.min(Math.max(at + by, 0), bubbles.length - 1)];
    if (!next) return;
    next.tabIndex = -1;
    next.setAttribute("aria-keyshortcuts", "r +");
    next.focus();
    show(next);
  }

  document.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-do]"), bubble = target.closest(".wa-bubble");
    if (target.closest("[data-no-answer]")) {
      noAnswer();
      wa.box().focus();
    } else if (act?.dataset.do === "answer") answer(bubble);
    else if (act) ask(bubble, act);
  });
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (main.inert || event.ctrlKey || event.metaKey || event.altKey || !wa.box()) return;
    const bubble = target.closest?.(".wa-bubble"), isHere = target === bubble || bar.contains(target);
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (by && (target.id === "wa-log" || isHere)) {
      if (target.id === "wa-log" && by > 0) return;
      event.preventDefault();
      return step(bubble, by);
    }
    if (!bubble || !isHere || localStorage.getItem("wa-keys-off")) return;
    const act = { r: answer, "+": isOurs(bubble) ? null : (one) => { show(one); ask(one, $("[data-do=react]", bar)); } }[key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(bubble);
  }, true);
  document.addEventListener("wa:sent", noAnswer);
  wa.tools.bubbles = { near, noAnswer };
})();

/* Emoji: a small set in words of every day, searched by them; those used last come first. */
(() => {
  "use strict";
  const wa = window.wa, { $, $$ } = wa;
  const RECENT = "wa-emoji", KEPT = 16, ROW = 8;
  const SETS = {
    Faces: "😀 grin happy|😃 smile happy|😄 laugh happy|😁 beam grin|😅 sweat relief|😂 tears joy laugh|🤣 rolling laugh|🙂 slight smile|😉 wink|😊 blush smile|😇 angel halo|🥰 love hearts|😍 heart eyes love|😘 kiss|😋 yum tasty|😎 cool sunglasses|🤓 nerd glasses|🤩 star wow|🥳 party celebrate|🤗 hug|🤔 think hmm|🤨 raised eyebrow|😐 neutral|🙄 eye roll|😏 smirk|😌 relieved calm|😴 sleep|🤒 sick ill|🤕 hurt|🥵 hot|🥶 cold|😵 dizzy|🤯 mind blown|😟 worried|🙁 frown|☹️ sad frown|😮 surprised wow|😲 astonished|😳 flushed|🥺 please pleading|😨 afraid|😰 anxious sweat|😢 cry sad|😭 sob cry|😱 scream|😖 upset|😞 disappointed|😓 tired sweat|😩 weary|😫 exhausted|😤 huff|😡 angry|🤬 swearing|😬 grimace awkward|🤫 quiet shush|🤐 zip secret|🫡 salute yes sir|🫠 melting",
    Hands: "👍 thumbs up yes ok good|👎 thumbs down no bad|👌 ok perfect|🤌 pinched|✌️ peace victory|🤞 fingers crossed luck|🤙 call me|👈 left point|👉 right point|👆 up point|👇 down point|☝️ one up|👋 wave hello bye|✋ stop hand|🖐️ hand five|🙌 hooray hands|👏 clap bravo|🤝 handshake deal agree|🙏 thanks please pray|💪 strong muscle|✍️ write sign|👀 eyes look|🧠 brain|🙋 raise hand question|🤷 shrug dunno|🤦 facepalm|🙇 bow sorry|🏃 run hurry|👨‍💻 computer work|🧑‍🔧 mechanic repair|👷 builder worker|🚶 walk",
    Hearts: "❤️ red heart love|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💕 two hearts|💯 hundred perfect|✨ sparkles new|⭐ star|🌟 glowing star|🔥 fire hot|🎉 party celebrate congratulations|🎊 confetti|🎁 gift present|🎂 birthday cake|🏆 trophy winner",
    Business: "✅ done check yes|☑️ checked|✔️ check|❌ no cross wrong|❗ important exclamation|❓ question|⚠️ warning careful|🚫 forbidden not|🛑 stop|ℹ️ information|🔔 bell reminder|📣 announcement|📞 phone call|📱 mobile phone|💻 laptop computer|🖨️ printer|🖊️ pen|📝 note memo|📄 document page|📎 paperclip attach|📋 clipboard list|📁 folder|📅 calendar date|⏰ alarm clock time|⏳ waiting hourglass|⌛ time up|📍 place location pin|🗺️ map|🔑 key|🔒 lock safe|🔓 unlock|🔍 search look|🔗 link|🛠️ tools repair|⚙️ settings|🧾 receipt invoice bill|💰 money bag|💵 cash money|💳 card pay credit|🏦 bank|🧮 count abacus|📈 up growth|📉 down|📦 parcel package delivery|🚚 truck delivery|🚛 lorry|🚗 car|✈️ plane|🏠 house home|🏢 office building|🏪 shop store|🛒 cart shopping order|🛍️ bags shopping|🏷️ price tag label|🆕 new|🆓 free|🔄 again refresh return|↩️ back return|➡️ right arrow|⬅️ left arrow|⬆️ up arrow|⬇️ down arrow|🪑 chair|🖥️ screen|📚 books",
    Everyday: "☀️ sun|🌤️ fair weather|☁️ cloud|🌧️ rain|⛈️ storm|❄️ snow cold|🌈 rainbow|🌙 moon night|🌍 world africa|🌱 seedling plant|🌳 tree|🌻 sunflower|🌹 rose flower|💐 flowers bouquet|🐶 dog|🐱 cat|🦁 lion|🐘 elephant|🍎 apple|🍌 banana|🍇 grapes|🍞 bread|🧀 cheese|🍔 burger|🍕 pizza|🍟 chips|🥗 salad|🍰 cake|🍫 chocolate|☕ coffee tea|🍵 tea|🥤 drink|🍺 beer|🍷 wine|🥂 cheers toast|⚽ football|🏉 rugby|🏏 cricket|🎵 music|📷 camera photo|🎥 film video|💡 idea light|🔋 battery|🔌 plug power|💧 water drop|🚿 shower|🛏️ bed|🧹 clean broom|🩺 doctor|💊 medicine pill|🇿🇦 south africa flag",
  };
  const ALL = Object.entries(SETS).flatMap(([set, list]) => list.split("|").map((entry) => {
    const [emoji, ...names] = entry.split(" ");
    return { set, emoji, names: names.join(" ") };
  }));

  function recent() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT) || "[]");
      return kept.map((emoji) => ALL.find((one) => one.emoji === emoji)).filter(Boolean);
    } catch {
      return [];
    }
  }
  function remember(emoji) {
    const kept = [emoji, ...recent().map((one) => one.emoji).filter((other) => other !== emoji)];
    localStorage.setItem(RECENT, JSON.stringify(kept.slice(0, KEPT)));
  }

  const button = ({ emoji, names }) => `<button type="button" class="wa-emoji" role="option" aria-selected="false" tabindex="-1" data-emoji="${emoji}" aria-label="${names}" title="${names}">${emoji}</button>`;
  const block = (title, list) => (list.length ? `<p>${title}</p><div class="wa-emoji-row">${list.map(button).join("")}</div>` : "");
  function listed(words) {
    if (words) {
      const found = ALL.filter(({ names, emoji }) => emoji === words || words.split(/\s+/).every((word) => ` ${names}`.includes(` ${word}`)));
      return block("Found", found) || `<p class="wa-nothing">No emoji is called that here.</p>`;
    }
    return block("Used last", recent()) + Object.keys(SETS).map((set) => block(set, ALL.filter((one) => one.set === set))).join("");
  }

  // Shows the picker; `picked` is called once with the chosen emoji.
  function pick(from, picked) {
    const node = wa.made(`<div class="wa-pop wa-emojis" role="dialog" aria-label="Emoji"><input class="wa-input" type="text" placeholder="Search emoji" aria-label="Search emoji" aria-controls="wa-emoji-list" autocomplete="off"><div class="wa-emoji-list" id="wa-emoji-list" tabindex="-1" role="listbox" aria-label="Emoji">${listed("")}</div></div>`);
    const search = $("input", node), list = $(".wa-emoji-list", node), all = () => $$("[data-emoji]", list);
    const reach = () => { if (all().length) all()[0].tabIndex = 0; }; // by Tab; on from there by arrows
    reach();
    wa.pop(node, from);
    search.addEventListener("input", () => {
      list.innerHTML = listed(search.value.trim().toLowerCase());
      reach();
    });
    const take = (emoji) => {
      remember(emoji);
      wa.unpop(true);
      picked(emoji);
    };
    node.addEventListener("click", ({ target }) => {
      const chosen = target.closest("[data-emoji]");
      if (chosen) take(chosen.dataset.emoji);
    });
    node.addEventListener("keydown", (event) => {
      const at = all().indexOf(document.activeElement), isSearch = event.target === search;
      if (event.key === "Enter" && isSearch) {
        event.preventDefault();
        if (all().length) take(all()[0].dataset.emoji);
      }
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: ROW, ArrowUp: -ROW }[event.key];
      if (!step || (isSearch && event.key !== "ArrowDown")) return;
      event.preventDefault();
      if (isSearch) all()[0]?.focus();
      else if (at + step < 0) search.focus();
      else all()[Math.min(at + step, all().length - 1)].focus();
    });
    // On a phone the keyboard would cover what is to be chosen from.
    (matchMedia("(pointer: coarse)").matches ? list : search).focus();
  }

  wa.tools.emoji = {
    pick,
    open(from) {
      if (wa.popped()?.matches(".wa-emojis")) return wa.unpop(true);
      const { selectionStart, selectionEnd } = wa.box();
      return pick(from, (emoji) => {
        wa.box().setSelectionRange(selectionStart, selectionEnd);
        wa.write(emoji);
      });
    },
  };
})();

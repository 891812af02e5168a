/* A sound and a notification for what needs this person; each is switched on and off here. Both
   come of what the page hears by itself: a tab that is hidden hears nothing until it is seen again. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, on, root } = wa;
  const told = new Set();
  const OFF = { sound: "wa-sound-off", notices: "wa-notices-off" };
  const isOn = (what) => !localStorage.getItem(OFF[what]) && (what !== "notices" || (window.Notification?.permission === "granted"));
  let audio = null;

  wa.alert = (needs) => {
    const fresh = needs.filter(({ key }) => !told.has(key));
    fresh.forEach(({ key }) => told.add(key));
    // What stands before the person's eyes already needs no more.
    const unseen = fresh.filter(({ thread }) => !document.hasFocus() || thread !== wa.thread());
    if (!unseen.length) return;
    if (isOn("sound")) ring();
    for (const need of unseen) {
      wa.say(`${need.title}. ${need.text}`);
      if (isOn("notices")) notify(need);
    }
  };

  function ring() {
    try {
      audio ??= new AudioContext();
      const begin = audio.currentTime + 0.02;
      [660, 880].forEach((pitch, n) => {
        const tone = audio.createOscillator(), loud = audio.createGain(), at = begin + n * 0.14;
        tone.frequency.value = pitch;
        loud.gain.setValueAtTime(0.0001, at);
        loud.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
        loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
        tone.connect(loud).connect(audio.destination);
        tone.start(at);
        tone.stop(at + 0.32);
      });
      root.dataset.rang = Number(root.dataset.rang || 0) + 1;
    } catch { /* a browser without sound is a quiet one */ }
  }

  function notify({ key, title, text, url }) {
    const shown = new Notification(title, { body: text, tag: key });
    shown.onclick = () => {
      window.focus();
      history.pushState({}, "", url);
      htmx.ajax("GET", url, { target: "#wa-main" });
      shown.close();
    };
  }

  on("wa:menu", () => {
    for (const box of wa.$$("#wa-menu [data-alert]")) box.checked = isOn(box.dataset.alert);
  });
  on("change", async ({ target }) => {
    const what = target.dataset.alert;
    if (!what) return;
    if (target.checked) localStorage.removeItem(OFF[what]);
    else localStorage.setItem(OFF[what], "1");
    if (target.checked && what === "sound") ring();
    if (!target.checked || what !== "notices") return;
    const given = await window.Notification?.requestPermission();
    if (given === "granted") return;
    target.checked = false;
    wa.toast("The browser does not allow notifications here. Allow them beside the address, then switch this on.");
  });
})();

/* What changes by itself: the poll, what it brings, and the countdown of the window. */
const { wa } = window, { $, $$, on, root } = wa;
const EVERY = 1800, LONG_AGO = 6 * 3600e3; // milliseconds
let cursor = root.dataset.cursor, timer = 0, failures = 0, busy = false, wanted = false;
let last = Date.now(), typedAt = 0;

// What is new comes with the file that knows where it belongs.
wa.apply = (news) => wa.need("news").then(() => {
  wa.news(news);
  showPresent();
});
wa.poll = poll;

async function poll(isFresh = false) {
  wanted ||= isFresh;
  if (busy || document.hidden) return; // a hidden tab asks nothing, and at once on return
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
  const news = response.status === 204 ? null : await response.json();
  // Only what could be shown is behind us: without that file the next poll asks again.
  if (news) await wa.need("news");
  cursor = response.headers.get("X-Cursor");
  wa.skew = Number(response.headers.get("X-Now")) * 1000 - Date.now();
  last = Date.now();
  // While the poll was away another filter may have been chosen: its rows are not these.
  if (news && `${wa.query()}` !== `${chosen}`) delete news.rows;
  if (news) wa.news(news);
  if (news?.needs?.length) wa.need("alerts").then(() => wa.alert(news.needs));
  wa.present = talk && talk === wa.talk() ? JSON.parse(response.headers.get("X-Present")) : [];
  showPresent();
}

// Who else has this conversation open, and who of them writes: told by a file of its own.
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
  if (wa.thread()) navigator.sendBeacon(`${root.dataset.root}${wa.thread()}/left/`, wa.body());
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

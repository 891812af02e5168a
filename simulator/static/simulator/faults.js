/* The page of fault switches: each change is sent at once; a refused one jumps back. */

import { $, ask, toast } from "./page.js";

const rows = [...document.querySelectorAll(".switch")];
const usual = new Map();

function control(row) { return row.querySelector("input, select"); }

function read(row) {
  const field = control(row);
  if (field.dataset.kind === "yes") return field.checked;
  return field.dataset.kind === "number" ? Number(field.value) : field.value;
}

function show(state) {
  for (const row of rows) {
    const field = control(row);
    const value = state[row.dataset.name];
    if (field.dataset.kind === "yes") field.checked = value;
    else if (document.activeElement !== field) field.value = value;
    row.classList.toggle("is-changed", usual.size > 0 && usual.get(row.dataset.name) !== value);
  }
}

async function change(row) {
  try {
    show(await ask("/control/faults/", { method: "PATCH", body: { [row.dataset.name]: read(row) } }));
  } catch (problem) {
    toast(problem.message);
    show(await ask("/control/faults/"));
  }
}

async function begin() {
  for (const [name, value] of Object.entries(await ask("/control/faults/usual/"))) usual.set(name, value);
  show(await ask("/control/faults/"));
}

rows.forEach((row) => control(row).addEventListener("change", () => change(row)));
$("all-good").addEventListener("click", async () => {
  show(await ask("/control/faults/", { method: "DELETE" }));
  toast("All is as usual.");
});
$("burst").addEventListener("click", async () => {
  try { toast(`${(await ask("/control/burst/", { method: "POST", body: { count: Number($("count").value) } })).written} messages are on their way.`); }
  catch (problem) { toast(problem.message); }
});
document.querySelectorAll("[data-happening]").forEach((button) => button.addEventListener("click", async () => {
  const chosen = $("customer").selectedOptions[0];
  try {
    const given = await ask(`/control/happenings/${button.dataset.happening}/`, { method: "POST", body: { wa_id: chosen?.value } });
    // After a change of number the next thing happens to the same person.
    if (chosen) chosen.value = given.wa_id;
    toast(given.happened);
  } catch (problem) { toast(problem.message); }
}));
begin();

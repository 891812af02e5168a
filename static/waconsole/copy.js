// A button with data-copy=".selector" puts the text of that field on the clipboard, and says so.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    // Without TLS a browser keeps its clipboard shut: the text is selected, the keyboard copies it.
    button.textContent = "Press Ctrl+C";
  }
});

/* Up to three reply buttons under a text, and how the customer's phone will show them. */
(() => {
  "use strict";
  const wa = window.wa, { $, $$ } = wa;
  const MOST = 3, LETTERS = 20, TEXT = 1024, PLAIN = 4096;
  const part = () => $("#wa-extras > .is-buttons");

  function open(button) {
    if (part()) return close();
    const fields = Array.from({ length: MOST }, (_, n) => `<label><span>Button ${n + 1}</span><input class="wa-input" name="button" maxlength="${LETTERS}" autocomplete="off"><small aria-hidden="true">${LETTERS}</small></label>`);
    const place = wa.extra("buttons");
    place.append(wa.made(`<div class="wa-buttons"><div class="wa-buttons-fields"><p><b>Reply buttons</b> <small>The customer answers with one tap.</small></p>${fields.join("")}<button type="button" class="wa-button is-quiet" data-no-buttons>Without buttons</button></div><div class="wa-phone" role="img" aria-label="How the customer sees it"><div class="wa-bubble in first"><div class="wa-b"><div class="wa-text"></div></div><ul class="wa-offers"></ul></div></div></div>`));
    button?.setAttribute("aria-expanded", "true");
    show();
    $("input", place).focus();
  }

  function close() {
    wa.noExtra("buttons");
    if (!wa.box()) return;
    wa.box().dataset.limit = PLAIN;
    wa.fit();
    $("[data-tool=buttons]")?.setAttribute("aria-expanded", "false");
    wa.box().focus();
  }

  async function show() {
    const place = part();
    if (!place) return;
    const titles = $$("input", place).map((input) => input.value.trim()).filter(Boolean);
    for (const input of $$("input", place)) input.nextElementSibling.textContent = LETTERS - input.value.length;
    wa.box().dataset.limit = titles.length ? TEXT : PLAIN;
    wa.fit();
    $(".wa-offers", place).replaceChildren(...titles.map((title) => Object.assign(document.createElement("li"), { textContent: title })));
    const format = await wa.use("format"), text = $(".wa-text", place);
    text.innerHTML = format.html(wa.box().value) || "<em>Your text</em>";
  }

  document.addEventListener("input", ({ target }) => {
    if (target === wa.box() || target.closest("#wa-extras > .is-buttons")) show();
  });
  document.addEventListener("click", ({ target }) => { if (target.closest("[data-no-buttons]")) close(); });
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest("#wa-extras > .is-buttons input");
    if (!input || event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return close();
    const inputs = $$("input", part()), next = inputs[inputs.indexOf(input) + 1];
    (input.value && next ? next : wa.box()).focus();
  }, true);
  document.addEventListener("wa:sent", () => { if (part()) close(); });
  wa.tools.buttons = { open };
})();

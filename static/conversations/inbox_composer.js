/* Writing: drafts, sending once, acts of the head and the foot, the template dialog. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$ } = wa;
  const dialog = $("#wa-dialog");
  let opener = null;

  const box = () => $("#wa-text");
  const keyOf = (thread) => `wa-draft-${wa.user}-${thread}`;
  const uuid = () => {
    if (crypto.randomUUID) return crypto.randomUUID(); // only where the page is secure
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    return [...b].map((n, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + n.toString(16).padStart(2, "0")).join("");
  };

  wa.keepDraft = () => {
    if (!box()) return;
    if (box().value) sessionStorage.setItem(keyOf(wa.thread()), box().value);
    else sessionStorage.removeItem(keyOf(wa.thread()));
  };
  wa.onComposer = (focus) => {
    const text = box();
    if (!text) return;
    text.value ||= sessionStorage.getItem(keyOf(wa.thread())) || "";
    fit();
    if (focus) text.focus();
  };
  wa.onShown.push(() => wa.onComposer(!matchMedia("(pointer: coarse)").matches && !$(".wa-rows").contains(document.activeElement)));

  function fit() {
    const text = box(), length = text.value.length, limit = Number(text.dataset.limit);
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${Math.min(text.scrollHeight + 2, 168)}px`;
    }
    const counter = $("#wa-counter");
    counter.textContent = length >= 3800 ? `${length} of ${limit}` : "";
    counter.classList.toggle("is-over", length > limit);
    $(".wa-send").disabled = length > limit || !navigator.onLine;
  }

  wa.post = async (form) => {
    if (form.dataset.busy) return false;
    form.dataset.busy = "1";
    const body = new FormData(form), talk = wa.talk(), buttons = $$("button", form);
    if (talk) for (const name of ["last", "event"]) body.set(name, talk.dataset[name]);
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const response = await fetch(form.action, { method: "POST", headers: wa.headers(), body });
      return await answered(response);
    } catch {
      wa.toast("No connection. Nothing is lost: try again in a moment.");
      return false;
    } finally {
      delete form.dataset.busy;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };

  async function answered(response) {
    if (wa.lostSession(response)) return false;
    if (response.headers.get("Content-Type")?.includes("json")) wa.apply(await response.json());
    else if (response.status === 403) wa.toast("You may not do this, or the page is too old. Reload it.");
    else if (!response.ok) wa.toast(`That did not work (${response.status}). Try again.`);
    return response.ok;
  }

  async function send(form) {
    const text = $("textarea", form), sent = text.value, thread = wa.thread();
    if (!sent.trim() || sent.length > Number(text.dataset.limit) || form.dataset.busy) return;
    const reference = $("[name=reference]", form);
    // The same text again after a broken connection is the same message; another text is another.
    if (form.dataset.tried && form.dataset.tried !== sent) reference.value = uuid();
    form.dataset.tried = sent;
    if (!(await wa.post(form))) return;
    delete form.dataset.tried;
    reference.value = uuid();
    if (sessionStorage.getItem(keyOf(thread)) === sent) sessionStorage.removeItem(keyOf(thread));
    if (!text.isConnected) return;
    text.value = text.value.startsWith(sent) ? text.value.slice(sent.length).trimStart() : text.value;
    wa.keepDraft();
    fit();
    wa.toEnd();
    text.focus();
  }

  async function openDialog(link) {
    opener = link;
    const response = await fetch(link.href, { headers: wa.headers() }).catch(() => null);
    if (!response) return wa.toast("No connection. Try again in a moment.");
    if (response.headers.get("Content-Type")?.includes("json") || !response.ok) return answered(response);
    show(await response.text());
    htmx.process(dialog);
    return true;
  }
  function show(html, small = false) {
    dialog.innerHTML = html;
    dialog.classList.toggle("is-small", small);
    if (!dialog.open) dialog.showModal();
    $("[autofocus]", dialog)?.focus();
  }
  wa.showDialog = (html, from) => { opener = from; show(html, true); };
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    if (opener?.isConnected) opener.focus();
    else (box() || wa.main).focus();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-send], [data-act], [data-tpl-form]")) return;
    event.preventDefault();
    if (form.matches("[data-send]")) return send(form);
    const took = form.matches("[data-act]") && $("[name=to]", form)?.value === "staff";
    if (!(await wa.post(form))) return;
    if (form.matches("[data-tpl-form]")) dialog.close();
    if (took) box()?.focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-template]");
    if (link) {
      event.preventDefault();
      openDialog(link);
    }
    if (event.target.closest("[data-close]") && dialog.open) {
      event.preventDefault();
      dialog.close();
    }
    const picked = event.target.closest("[data-tpl]");
    if (picked) for (const other of $$("[data-tpl]")) other.toggleAttribute("aria-current", other === picked);
    if (event.target === dialog) dialog.close(); // the backdrop
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (dialog.open && !$("#wa-tpl-work")?.contains(document.activeElement)) $("#wa-tpl-work [autofocus]")?.focus();
  });
  document.addEventListener("input", (event) => {
    if (event.target === box()) {
      fit();
      wa.keepDraft();
    }
    if (event.target.matches("[data-tpl-search]")) {
      const words = event.target.value.trim().toLowerCase();
      for (const link of $$("[data-tpl]")) link.parentNode.hidden = !link.textContent.toLowerCase().includes(words);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== box() || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) {
      event.preventDefault();
      box().form.requestSubmit();
    }
    if (event.key === "/" && !box().value) {
      event.preventDefault();
      openDialog($("[data-template]", $("#wa-foot")));
    }
  });
})();

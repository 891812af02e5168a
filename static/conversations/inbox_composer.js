/* Writing: drafts, sending once, acts of the head and the foot, the template dialog. */
(() => {
  "use strict";
  const wa = window.wa;
  if (!wa) return;
  const { $, $$, on } = wa;
  const dialog = $("#wa-dialog");
  const isTouch = () => matchMedia("(pointer: coarse)").matches;
  const box = () => $("#wa-text");
  const draftOf = (thread) => `wa-draft-${wa.root.dataset.user}-${thread}`;
  let opener = null;

  wa.keepDraft = () => {
    if (box()?.value) sessionStorage.setItem(draftOf(wa.thread()), box().value);
    else if (box()) sessionStorage.removeItem(draftOf(wa.thread()));
  };
  wa.onComposer = (focus) => {
    if (!box()) return;
    box().value ||= sessionStorage.getItem(draftOf(wa.thread())) || "";
    fit();
    if (focus) box().focus();
  };
  wa.onShown.push(() => wa.onComposer(!isTouch() && !$(".wa-rows").contains(document.activeElement)));

  function fit() {
    const text = box(), length = text.value.length, limit = Number(text.dataset.limit), counter = $("#wa-counter");
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    }
    counter.textContent = length >= 3800 ? `${length} of ${limit}` : "";
    counter.classList.toggle("is-over", length > limit);
    $(".wa-send").disabled = length > limit || !navigator.onLine;
  }

  wa.post = async (form) => {
    if (form.dataset.busy) return false;
    const body = new FormData(form), talk = wa.talk(), buttons = $$("button", form);
    if (talk) for (const name of wa.marks) body.set(name, talk.dataset[name]);
    form.dataset.busy = "1";
    buttons.forEach((button) => { button.disabled = true; });
    try {
      return await answered(await fetch(form.action, { method: "POST", headers: wa.headers(), body }));
    } catch {
      wa.toast("No connection. Try again in a moment.");
      return false;
    } finally {
      delete form.dataset.busy;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };

  async function answered(response) {
    if (wa.lostSession(response)) return false;
    if (response.headers.get("Content-Type")?.includes("json")) wa.apply(await response.json());
    else if (response.status === 403) wa.toast("You may not do this, or the page is old: reload it.");
    else if (!response.ok) wa.toast(`That did not work (${response.status}). Try again.`);
    return response.ok;
  }

  // The server gave the form an id; its last digits count on from there.
  function renew(reference) {
    const end = (parseInt(reference.value.slice(-6), 16) + 1) % 0x1000000;
    reference.value = reference.value.slice(0, -6) + end.toString(16).padStart(6, "0");
  }

  async function send(form) {
    const text = box(), sent = text.value, thread = wa.thread(), reference = $("[name=reference]", form);
    if (!sent.trim() || sent.length > Number(text.dataset.limit) || form.dataset.busy) return;
    // The same text again after a broken connection is the same message; another text is another.
    if (form.dataset.tried && form.dataset.tried !== sent) renew(reference);
    form.dataset.tried = sent;
    if (!(await wa.post(form))) return;
    delete form.dataset.tried;
    renew(reference);
    if (sessionStorage.getItem(draftOf(thread)) === sent) sessionStorage.removeItem(draftOf(thread));
    if (!text.isConnected) return;
    if (text.value.startsWith(sent)) text.value = text.value.slice(sent.length).trimStart();
    wa.keepDraft();
    fit();
    wa.toEnd();
    text.focus();
  }

  async function openDialog(link, from = link) {
    const response = await fetch(link.href, { headers: wa.headers() }).catch(() => null);
    if (!response) return wa.toast("No connection. Try again in a moment.");
    if (response.headers.get("Content-Type").includes("json") || !response.ok) return answered(response);
    await wa.showDialog(await response.text(), from);
    htmx.process(dialog);
  }
  wa.showDialog = async (html, from, isSmall = false) => {
    await wa.need("dialogs");
    opener = from;
    dialog.innerHTML = html;
    dialog.classList.toggle("is-small", isSmall);
    dialog.showModal();
    $("[autofocus]", dialog)?.focus();
  };
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    (opener?.isConnected ? opener : box() || wa.main).focus();
  });

  on("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-send], [data-act], [data-tpl-form]")) return;
    event.preventDefault();
    if (form.matches("[data-send]")) return send(form);
    const takes = $("[name=to]", form)?.value === "staff";
    if (!(await wa.post(form))) return;
    if (form.matches("[data-tpl-form]")) dialog.close();
    if (takes) box()?.focus();
  });
  on("click", (event) => {
    const link = event.target.closest("[data-template]"), picked = event.target.closest("[data-tpl]");
    const closes = event.target === dialog || (dialog.open && event.target.closest("[data-close]"));
    if (link || closes) event.preventDefault();
    if (link) openDialog(link);
    if (closes) dialog.close();
    if (picked) for (const other of $$("[data-tpl]")) other.toggleAttribute("aria-current", other === picked);
  });
  on("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id === "wa-tpl-work") $("#wa-tpl-work [autofocus]")?.focus();
  });
  on("input", ({ target }) => {
    if (target === box()) {
      fit();
      wa.keepDraft();
    }
    if (!target.matches("[data-tpl-search]")) return;
    const words = target.value.trim().toLowerCase();
    for (const link of $$("[data-tpl]")) link.parentNode.hidden = !link.textContent.toLowerCase().includes(words);
  });
  on("keydown", (event) => {
    if (event.target !== box() || event.isComposing || event.keyCode === 229) return;
    const sends = event.key === "Enter" && !event.shiftKey && !isTouch();
    const asks = event.key === "/" && !box().value;
    if (sends || asks) event.preventDefault();
    if (sends) box().form.requestSubmit();
    if (asks) openDialog($("#wa-foot [data-template]"), box());
  });
})();

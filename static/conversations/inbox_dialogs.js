/* What lies over the inbox: the template dialog, and the list of keys. */
(() => {
  "use strict";
  const wa = window.wa;
  if (wa.dialogs) return; // a page may have come with it
  const { $, $$, on } = wa;
  const dialog = $("#wa-dialog");
  let opener = null;

  wa.dialogs = {
    async open(link, from) {
      const response = await fetch(link.href, { headers: wa.headers() }).catch(() => null);
      if (!response) return wa.toast("No connection. Try again in a moment.");
      if (response.headers.get("Content-Type").includes("json") || !response.ok) return wa.answered(response);
      this.show(await response.text(), from);
      htmx.process(dialog);
    },
    show(html, from, isSmall = false) {
      document.body.append($("#wa-toasts"));
      opener = dialog.open ? opener : from;
      dialog.innerHTML = html;
      dialog.classList.toggle("is-small", isSmall);
      dialog.showModal();
      $("[autofocus]", dialog)?.focus();
    },
  };
  wa.press.dialogs = (link) => wa.dialogs.open(link, link);
  dialog.addEventListener("close", () => {
    document.body.append($("#wa-toasts")); // what was said last is still to be read
    dialog.replaceChildren();
    (opener?.isConnected ? opener : wa.box() || wa.main).focus();
  });

  on("submit", async (event) => {
    if (!event.target.matches("[data-tpl-form]")) return;
    event.preventDefault();
    await wa.need("send");
    const file = $("[type=file]", event.target);
    const bar = file?.value && Object.assign(document.createElement("progress"), { ariaLabel: "Upload of the file" });
    if (bar) file.closest(".wa-tpl-file").append(bar);
    if (await wa.post(event.target, bar && ((sent) => { bar.value = sent; }))) dialog.close();
    if (bar) bar.remove();
  });
  on("click", (event) => {
    const picked = event.target.closest("[data-tpl]");
    if (picked) for (const other of $$("[data-tpl]")) wa.current(other, other === picked);
    if (!dialog.open || (event.target !== dialog && !event.target.closest("[data-close]"))) return;
    event.preventDefault();
    dialog.close();
  });
  // Only now do the fields answer to what is typed; what was typed before is looked at anew.
  on("htmx:afterSettle", ({ target }) => {
    if (target.id !== "wa-tpl-work") return;
    $("[autofocus]", target)?.focus();
    const typed = $$(".wa-tpl-fields input", target).find((field) => field.value !== field.defaultValue);
    typed?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  // A file for the header: looked at here, named in the preview, and sent with the rest.
  on("input", async ({ target }) => {
    if (!target.matches("[data-tpl-file]")) return;
    await wa.need("dialogs");
    const [file] = target.files, wanted = target.dataset.tplFile, place = target.closest(".wa-tpl-file");
    const isOther = file && wa.kindOf(file) && wa.kindOf(file) !== wanted;
    const problem = isOther ? `This is no ${wanted === "image" ? "photo" : wanted}. Choose another file.` : file && wa.problemOf(file);
    if (problem) target.value = "";
    $("p", place).textContent = problem || "";
    $("[type=hidden]", place).value = file && !problem ? file.name : "";
    $(`[name="v.header.${wanted}"]`, target.form).disabled = Boolean(file && !problem);
  });
  // The frame's own script would write the name of the file into the next field of text.
  document.addEventListener("change", (event) => { if (event.target.matches("[data-tpl-file]")) event.stopPropagation(); }, true);
  // The list of templates, narrowed by words, language and category.
  function sift() {
    const words = $("[data-tpl-search]").value.trim().toLowerCase();
    const language = $("[data-tpl-language]")?.value, category = $("[data-tpl-category]")?.value;
    let shown = 0;
    for (const link of $$("[data-tpl]")) {
      const fits = link.textContent.toLowerCase().includes(words)
        && (!language || link.dataset.language === language) && (!category || link.dataset.category === category);
      link.parentNode.hidden = !fits;
      shown += fits;
    }
    $("[data-tpl-none]").hidden = shown > 0 || !$("[data-tpl]");
  }
  for (const name of ["input", "change"]) on(name, ({ target }) => { if (target.closest(".wa-tpl-sift")) sift(); });
})();

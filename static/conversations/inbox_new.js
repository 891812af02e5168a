/* Beginning a conversation: the dialog, and the way from it into the conversation. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, on } = wa;
  const dialog = $("#wa-dialog");

  wa.press.new = async (link) => {
    const response = await fetch(link.href, { headers: wa.headers() }).catch(() => null);
    if (!response) return wa.toast("No connection. Try again in a moment.");
    if (wa.lostSession(response)) return;
    if (!response.ok) return wa.toast("You may not do this, or the page is old: reload it.");
    wa.dialogs.show(await response.text(), link, true);
    htmx.process(dialog);
  };

  on("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-new-form]")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const body = new FormData(form, event.submitter);
    const response = await fetch(form.action, { method: "POST", headers: wa.headers(), body }).catch(() => null);
    delete form.dataset.busy;
    if (!response) return wa.toast("No connection. Nothing was begun; try again in a moment.");
    if (wa.lostSession(response)) return;
    if (response.headers.get("Content-Type").includes("json")) return opened(await response.json());
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = $("#wa-new-found", page);
    if (found) $("#wa-new-found").replaceWith(found);
    else wa.toast("You may not do this, or the page is old: reload it.");
  });

  async function opened({ url, toast, is_new }) {
    dialog.close();
    history.pushState({}, "", url);
    await htmx.ajax("GET", url, { target: "#wa-main" });
    if (toast) wa.toast(toast);
    if (is_new) $("#wa-foot [data-template]")?.click();
  }
})();

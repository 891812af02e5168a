/* Sending once, and what the server answers to an act. Comes with the first key, or the first act. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$ } = wa;

  // A POST that tells how far it is, from 0 to 1, which `fetch` cannot; `begun` is given the request.
  wa.carry = (url, body, tell, begun = () => {}) => new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(wa.headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => tell(Math.min(loaded / total, 1));
    request.onabort = request.onerror = fail;
    request.onload = () => {
      const headers = ["Content-Type", "HX-Redirect"].map((name) => [name, request.getResponseHeader(name)]);
      done(new Response(request.responseText, { status: request.status, headers: headers.filter(([, value]) => value) }));
    };
    request.send(body);
    begun(request);
  });

  // `tell`: of a form with a file, told how far it is.
  wa.post = async (form, tell) => {
    if (form.dataset.busy) return false;
    const body = new FormData(form), talk = wa.talk(), buttons = $$("button", form);
    if (talk) for (const name of wa.marks) body.set(name, talk.dataset[name]);
    form.dataset.busy = "1";
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const sent = tell ? wa.carry(form.action, body, tell) : fetch(form.action, { method: "POST", headers: wa.headers(), body });
      return await wa.answered(await sent);
    } catch {
      wa.toast("No connection. Try again in a moment.");
      return false;
    } finally {
      delete form.dataset.busy;
      buttons.forEach((button) => { button.disabled = false; });
    }
  };

  wa.answered = async (response) => {
    if (wa.lostSession(response)) return false;
    if (response.headers.get("Content-Type")?.includes("json")) await wa.apply(await response.json());
    else if (response.status === 413) wa.toast("The server does not take files of this size.");
    else if (response.status === 403) wa.toast("You may not do this, or the page is old: reload it.");
    else if (!response.ok) wa.toast(`That did not work (${response.status}). Try again.`);
    return response.ok;
  };

  wa.submit = async (form) => {
    if (form.matches("[data-send]")) return send(form);
    const takes = $("[name=to]", form)?.value === "staff";
    if ((await wa.post(form)) && takes) wa.box()?.focus();
  };

  // The server gave the form an id; its last digits count on from there.
  function renew(reference) {
    const end = (parseInt(reference.value.slice(-6), 16) + 1) % 0x1000000;
    reference.value = reference.value.slice(0, -6) + end.toString(16).padStart(6, "0");
  }
  const words = (form) => [...new FormData(form)].filter(([name]) => !/^(reference|csrf)/.test(name)).join("\n");

  async function send(form) {
    const text = wa.box();
    if (form.dataset.sending || !navigator.onLine || !text || text.value.length > Number(text.dataset.limit)) return;
    form.dataset.sending = "1";
    wa.fit();
    try {
      if (text.value.startsWith("/")) await wa.use("slash"); // it may still be on its way, and has a say
      for (const step of wa.beforeSend) if (!(await step(form))) return;
      await sendText(form);
    } finally {
      delete form.dataset.sending;
      wa.fit();
    }
  }
  async function sendText(form) {
    const text = $("textarea", form), sent = text.value, thread = wa.thread(), reference = $("[name=reference]", form);
    if (!form.isConnected || !sent.trim() || sent.length > Number(text.dataset.limit)) return;
    // The same again after a broken connection is the same message; anything else is another.
    if (form.dataset.tried && form.dataset.tried !== words(form)) renew(reference);
    form.dataset.tried = words(form);
    if (!(await wa.post(form))) return;
    delete form.dataset.tried;
    renew(reference);
    if (sessionStorage.getItem(wa.draftOf(thread)) === sent) sessionStorage.removeItem(wa.draftOf(thread));
    if (!text.isConnected) return;
    text.defaultValue = ""; // as the server has it now
    if (text.value.startsWith(sent)) text.value = text.value.slice(sent.length).trimStart();
    wa.keepDraft();
    document.dispatchEvent(new Event("wa:sent"));
    wa.toEnd();
    text.focus();
  }
})();

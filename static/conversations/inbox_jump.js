/* Ways inside a conversation: to the message that is quoted, and to the contact beside it. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, root } = wa;

  wa.jump = (link) => {
    if (!link.dataset.jump) return toPanel();
    const there = $(`#m${link.dataset.jump}`);
    if (there) wa.find(there);
    else htmx.ajax("GET", `${root.dataset.root}${wa.thread()}/?at=${link.dataset.jump}`, { target: "#wa-main" });
  };
  // On a wide screen it stands there already; a narrow one lays it over the conversation.
  function toPanel() {
    root.classList.remove("no-panel");
    root.classList.add("shows-panel");
    $("#wa-panel summary, #wa-panel button")?.focus();
  }
})();

/* Ways through the inbox: filters, back to the list, to a message that is quoted, to the contact,
   and once more to what failed. Comes with the first of them. */
(() => {
  "use strict";
  const wa = window.wa;
  const { $, $$, root } = wa;
  const home = root.dataset.root;
  const withQuery = (path) => `${path}?${wa.query()}`.replace(/\?$/, "");

  wa.choose = (name) => {
    $("#wa-f").value = name;
    for (const chip of $$(".wa-chips a")) {
      const chosen = chip.dataset.filter === name;
      wa.current(chip, chosen);
      chip.tabIndex = chosen ? 0 : -1;
    }
    history.replaceState(history.state, "", withQuery(location.pathname));
    htmx.ajax("GET", withQuery(`${home}list/`), { target: "#wa-rows", swap: "outerHTML" });
  };
  wa.label = (pk = "", name = "Any label") => {
    $("#wa-l").value = pk;
    $("[data-label-name]").textContent = name;
    $("#wa-label").classList.toggle("is-on", Boolean(pk));
  };
  // From filter to filter, by the arrows.
  wa.turn = (step) => {
    const chips = $$(".wa-chips a");
    const next = chips[(chips.indexOf(document.activeElement) + step + chips.length) % chips.length];
    next.focus();
    wa.choose(next.dataset.filter);
  };

  const ways = {
    filter(link) {
      if (!link.closest(".wa-chips")) {
        $("#wa-q").value = "";
        wa.label();
      }
      wa.choose(link.dataset.filter);
    },
    back() {
      const left = wa.thread();
      history.pushState({}, "", withQuery(home));
      htmx.ajax("GET", home, { target: "#wa-main" }).then(() => $(`#t${left} > a`)?.focus());
    },
    retry() {
      const { failed } = wa;
      if (failed?.pathInfo) htmx.ajax("GET", failed.pathInfo.requestPath, { target: failed.target });
      else location.reload();
    },
    jump({ dataset: { jump } }) {
      const there = $(`#m${jump}`);
      if (there) wa.find(there);
      else htmx.ajax("GET", `${home}${wa.thread()}/?at=${jump}`, { target: "#wa-main" });
    },
    // On a wide screen it stands there already; a narrow one lays it over the conversation.
    toPanel() {
      root.classList.remove("no-panel");
      root.classList.add("shows-panel");
      $("#wa-panel summary, #wa-panel button")?.focus();
    },
  };
  wa.press.ways = (link) => ways[Object.keys(ways).find((name) => name in link.dataset)](link);
})();

/* Who else has the conversation open, in its head, and a warning while one of them writes. */
(() => {
  "use strict";
  const wa = window.wa;
  const verb = (all, one, many) => (all.length ? `${all.join(", ")} ${all.length > 1 ? many : one}` : "");

  wa.tellPresent = () => {
    const names = wa.present.map(([name]) => name);
    const typing = wa.present.filter(([, types]) => types).map(([name]) => name);
    for (const [id, words] of [
      ["#wa-present", verb(names, "is here too", "are here too")],
      ["#wa-typing", verb(typing, "is typing an answer", "are typing an answer")],
    ]) {
      const line = wa.$(id);
      if (!line) continue;
      line.hidden = !words;
      if (line.textContent !== words) line.textContent = words;
    }
  };
})();

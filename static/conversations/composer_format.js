/* WhatsApp's marks while one writes: how the text will look, and Ctrl+B, Ctrl+I. The same rules as
   conversations/admin/inbox/formatting.py, which a test compares: escaped first, then marked up. */
(() => {
  "use strict";
  const wa = window.wa, { $ } = wa;
  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const APART = /```([^]+?)```|`([^`\n]+)`|(https?:\/\/(?:(?!&(?:lt|gt|quot|#x27);)[^\s\ue000\ue001])+)/gu;
  const MARKS = [["\\*", "strong"], ["_", "em"], ["~", "del"]].map(([sign, tag]) => [
    new RegExp(`(?<![\\p{L}\\p{N}_${sign}])${sign}(?=[^\\s${sign}])([^${sign}\\n]*[^\\s${sign}])${sign}(?![\\p{L}\\p{N}_])`, "gu"),
    tag,
  ]);
  const TRAILING = ".,;:!?)]}";
  const escaped = (text) => text.replace(/[\ue000\ue001]/g, "").replace(/[&<>"']/g, (sign) => ESCAPES[sign]);

  function link(address) {
    let end = address.length;
    while (end && TRAILING.includes(address[end - 1]) && !address.slice(0, end).endsWith("&amp;")) end -= 1;
    const shown = address.slice(0, end);
    return [`<a href="${shown}" target="_blank" rel="noopener noreferrer nofollow">${shown}</a>`, address.slice(end)];
  }

  function html(text) {
    const held = [];
    let safe = escaped(text).replace(APART, (_, block, code, address) => {
      const [part, rest] = address ? link(address) : [`<code>${block === undefined ? code : block.trim()}</code>`, ""];
      return `\ue000${held.push(part) - 1}\ue001${rest}`;
    });
    for (const [mark, tag] of MARKS) safe = safe.replace(mark, `<${tag}>$1</${tag}>`);
    safe = safe.replace(/^&gt; ?(.*)$/gm, "<q>$1</q>");
    return safe.replace(/\ue000(\d+)\ue001/g, (_, at) => held[at]);
  }

  wa.tools.format = {
    html,
    show() {
      const text = wa.box();
      if (!text) return;
      const made = html(text.value);
      if (made.replace(/<a [^>]*>|<\/a>/g, "") === escaped(text.value)) return wa.noExtra("format");
      const place = wa.extra("format");
      place.innerHTML = `<small>How it looks</small><div class="wa-text">${made}</div>`;
    },
    // Puts the sign around what is marked, or takes it away again.
    wrap(sign) {
      const text = wa.box(), { selectionStart: start, selectionEnd: end, value } = text;
      const isWrapped = value[start - 1] === sign && value[end] === sign;
      const inner = value.slice(start, end), grown = isWrapped ? 1 : 0;
      text.setSelectionRange(start - grown, end + grown);
      wa.write(isWrapped ? inner : `${sign}${inner}${sign}`);
      const from = start + (isWrapped ? -1 : 1);
      text.setSelectionRange(from, from + inner.length);
    },
  };
  wa.onFoot.push(() => wa.tools.format.show());
  document.addEventListener("wa:sent", () => wa.tools.format.show());
})();

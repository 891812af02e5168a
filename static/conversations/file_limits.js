/* Which files WhatsApp takes, looked at before an upload. Comes with what lets one choose a file. */
(() => {
  "use strict";
  const wa = window.wa;
  const { kinds, largest, names, taken } = JSON.parse(wa.$("#wa-later").dataset.limits);
  const MB = 1024 * 1024;

  // "" where the browser does not know it: then the server looks at the content.
  wa.kindOf = ({ type }) => {
    if (type.startsWith("audio/")) return "audio"; // it is converted where it has to be
    return kinds[type] || (type.startsWith("text/") && type !== "text/html" ? "document" : "");
  };
  // Why WhatsApp would not take it, in the words of conversations/media/limits.py.
  wa.problemOf = (file) => {
    const kind = wa.kindOf(file);
    if (!file.size) return "The file is empty. Choose another file.";
    if (file.type && !kind) {
      const advice = file.type.startsWith("image/") ? "Save the picture as JPEG or PNG." : `WhatsApp takes ${taken}.`;
      return `WhatsApp does not take files of this kind. ${advice}`;
    }
    const most = largest[kind || "document"];
    return file.size > most ? `A ${names[kind || "document"]} may have ${most / MB} MB, this one has ${(file.size / MB).toFixed(1)} MB. Make it smaller, or send a link to it.` : "";
  };
})();

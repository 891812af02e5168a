/* A voice message: recorded here, listened to, sent. The server makes it what WhatsApp plays. */
(() => {
  "use strict";
  const wa = window.wa, { $ } = wa;
  const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
  const LONGEST = 10 * 60; // seconds
  const REFUSED = {
    NotAllowedError: "The microphone is blocked. Press the sign left of the address, allow the microphone for this page, and try again.",
    NotFoundError: "No microphone was found. Connect one and try again.",
    NotReadableError: "Another program uses the microphone. Close it and try again.",
  };
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  let now = null; // the recording: {recorder, stream, chunks, started, timer, context, item}

  function panel(html) {
    const place = wa.extra("voice");
    place.replaceChildren(wa.made(html));
    return place.firstChild;
  }
  function end(focus = true) {
    if (!now) return;
    clearInterval(now.timer);
    now.stream.getTracks().forEach((track) => track.stop());
    now.context?.close();
    if (now.heard) URL.revokeObjectURL(now.heard);
    now = null;
    wa.noExtra("voice");
    if (focus) wa.box()?.focus();
  }
  function refuse(words) {
    panel(`<div class="wa-voice red" role="alert">${wa.icon("mic_off")}<p></p><button type="button" class="wa-button is-quiet" data-voice="close">Close</button></div>`);
    $("#wa-extras .wa-voice p").textContent = words;
  }

  async function open() {
    if (now) return;
    if (!navigator.mediaDevices || !window.MediaRecorder) return refuse("This browser cannot record here: the page must be opened by https.");
    const mine = (now = { chunks: [], thread: wa.thread(), stream: new MediaStream() });
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (now !== mine || wa.thread() !== mine.thread || !wa.box()) {
        stream.getTracks().forEach((track) => track.stop());
        return end(false);
      }
      mine.stream = stream;
    } catch (fault) {
      end(false);
      return refuse(REFUSED[fault.name] || "The microphone does not work. Try again.");
    }
    record();
  }

  function record() {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = (now.recorder = new MediaRecorder(now.stream, { mimeType }));
    const node = panel(`<div class="wa-voice"><span class="wa-live" aria-hidden="true"></span><p role="timer">0:00</p><meter min="0" max="1" value="0" aria-label="Level of the microphone"></meter><button type="button" class="wa-button is-quiet" data-voice="cancel">Cancel</button><button type="button" class="wa-button is-strong" data-voice="stop">Stop and listen</button></div>`);
    const level = levelOf(now);
    recorder.ondataavailable = ({ data }) => now?.chunks.push(data);
    recorder.onstop = () => now && listen();
    recorder.start(500);
    now.started = performance.now();
    now.timer = setInterval(() => {
      const seconds = (performance.now() - now.started) / 1000;
      $("p", node).textContent = clock(seconds);
      $("meter", node).value = level();
      if (seconds >= LONGEST) recorder.stop();
    }, 100);
    wa.say("Recording");
    $("[data-voice=stop]", node).focus();
  }
  function levelOf(recording) {
    const context = (recording.context = new AudioContext()), analyser = context.createAnalyser();
    const wave = new Uint8Array(analyser.fftSize);
    context.createMediaStreamSource(recording.stream).connect(analyser);
    return () => {
      analyser.getByteTimeDomainData(wave);
      return Math.min(1, Math.max(...wave.map((at) => Math.abs(at - 128))) / 64);
    };
  }

  function listen() {
    clearInterval(now.timer);
    now.stream.getTracks().forEach((track) => track.stop());
    const type = now.recorder.mimeType.split(";")[0], ending = type.split("/")[1];
    now.item = { file: new File(now.chunks, `voice-message.${ending}`, { type }), reference: wa.reference() };
    now.heard = URL.createObjectURL(now.item.file);
    const node = panel(`<div class="wa-voice"><audio controls></audio><button type="button" class="wa-button is-quiet" data-voice="cancel">Discard</button><button type="button" class="wa-button is-strong" data-voice="send">Send voice message</button><progress max="1" hidden aria-label="Upload of the voice message"></progress><p class="wa-file-wrong" role="alert"></p></div>`);
    $("audio", node).src = now.heard;
    $("[data-voice=send]", node).focus();
  }

  async function send(button) {
    const { item } = now, form = wa.box()?.form, files = await wa.use("files"), node = button.parentNode;
    if (!form || button.disabled) return;
    button.disabled = true;
    const bar = $("progress", node);
    bar.hidden = false;
    item.tell = () => { bar.value = item.sent; };
    const isSent = await files.upload(form, item, { as_voice: "1", quotes: $("[name=quotes]", form).value });
    if (isSent) {
      wa.tools.bubbles?.noAnswer();
      end();
      return wa.toEnd();
    }
    button.disabled = false;
    bar.hidden = true;
    $("[role=alert]", node).textContent = item.problem.replace("Press Send", "Press the button");
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-voice]");
    if (!button) return;
    const acts = { cancel: end, stop: () => now.recorder.stop(), send: () => send(button), close: () => wa.noExtra("voice") };
    acts[button.dataset.voice]();
  });
  // Another conversation, or a foot without a box: nobody is recorded any longer.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target === wa.main) end(false); });
  wa.onFoot.push(() => { if (now && !$("#wa-extras .wa-voice")) end(false); });
  wa.tools.voice = { open };
})();

"""Files as phones and browsers make them, small ones."""

from __future__ import annotations

import io
import math
from array import array
from pathlib import Path

import av

SAMPLES = Path(__file__).parent.parent.parent / "simulator" / "media" / "sample_files"
JPEG = (SAMPLES / "photo.jpg").read_bytes()
PDF = (SAMPLES / "proof-of-payment.pdf").read_bytes()
VOICE = (SAMPLES / "voice.ogg").read_bytes()
STICKER = (SAMPLES / "sticker.webp").read_bytes()
CLIP = (SAMPLES / "clip.mp4").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 24
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'

SAMPLES_A_FRAME = 1024


def recording(container: str, codec: str, *, rate: int = 48_000, seconds: float = 0.5) -> bytes:
    """A tone in stereo, as a browser or a phone would record it."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        for frame in _tone(rate, round(rate * seconds)):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return target.getvalue()


def _tone(rate: int, length: int) -> list[av.AudioFrame]:
    frames = []
    for start in range(0, length, SAMPLES_A_FRAME):
        steps = range(start, start + SAMPLES_A_FRAME)
        wave = array("h", (int(8000 * math.sin(440 * math.tau * step / rate)) for step in steps))
        both = array("h", (sample for one in wave for sample in (one, one)))
        frame = av.AudioFrame(format="s16", layout="stereo", samples=SAMPLES_A_FRAME)
        frame.planes[0].update(both.tobytes())
        frame.rate, frame.pts = rate, start
        frames.append(frame)
    return frames

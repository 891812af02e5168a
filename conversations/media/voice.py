"""Recordings as WhatsApp takes them: Ogg with Opus, one channel.

Browsers record in WebM or MP4, which Meta refuses. PyAV brings FFmpeg's libraries in its wheel.
"""

from __future__ import annotations

import io
from itertools import chain
from typing import Any

MIME_TYPE = "audio/ogg"
RATE = 48_000  # Opus knows no other inside
BITS_PER_SECOND = 32_000  # speech, as phones send it
OPUS_HEAD = b"OpusHead"
SECONDS_MAX = 60 * 60  # made Opus, it still fits into what WhatsApp carries


class NoSound(Exception):
    """There is no recording in the file that could be read."""


class TooLong(Exception):
    """It holds more than SECONDS_MAX; a small file may hold days."""


def is_voice(content: bytes) -> bool:
    """Whether it is Ogg/Opus with one channel already. Source: RFC 7845, identification header."""
    place = content[:512].find(OPUS_HEAD)
    return content.startswith(b"OggS") and place > 0 and content[place + 9 : place + 10] == b"\x01"


def to_voice(content: bytes) -> bytes:
    """The recording as Ogg/Opus, mono; as it is where it is that already.

    Raises: NoSound, also for one that breaks off in an error; TooLong. It is never cut.
    """
    if is_voice(content):
        return content
    # Imported here: its libraries take 60 MB, and only the worker that converts needs them.
    import av

    target = io.BytesIO()
    try:
        with av.open(io.BytesIO(content)) as source, av.open(target, "w", format="ogg") as voice:
            if not source.streams.audio:
                raise NoSound
            _convert(av, source, voice)
    except TooLong:
        raise
    except Exception as fault:  # whatever the decoder says of a stranger's file
        raise NoSound from fault
    return target.getvalue()


def _convert(av: Any, source: Any, voice: Any) -> None:
    stream = voice.add_stream("libopus", rate=RATE, layout="mono")
    stream.bit_rate = BITS_PER_SECOND
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    samples = 0
    for frame in chain(source.decode(source.streams.audio[0]), [None]):
        for plain in resampler.resample(frame):
            samples += plain.samples
            if samples > SECONDS_MAX * RATE:
                raise TooLong
            voice.mux(stream.encode(plain))
    if not samples:
        raise NoSound
    voice.mux(stream.encode(None))

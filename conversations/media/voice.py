"""Recordings as WhatsApp takes them: Ogg with Opus, one channel.

Browsers record in WebM or MP4, which Meta refuses. PyAV brings FFmpeg's libraries in its wheel.
"""

from __future__ import annotations

import io
from typing import Any

MIME_TYPE = "audio/ogg"
RATE = 48_000  # Opus knows no other inside
BITS_PER_SECOND = 32_000  # speech, as phones send it
OPUS_HEAD = b"OpusHead"
SECONDS_MAX = 60 * 60


class NoSound(Exception):
    """There is no recording in the file that could be read."""


def is_voice(content: bytes) -> bool:
    """Whether it is Ogg/Opus with one channel already. Source: RFC 7845, identification header."""
    place = content[:512].find(OPUS_HEAD)
    return content.startswith(b"OggS") and place > 0 and content[place + 9 : place + 10] == b"\x01"


def to_voice(content: bytes) -> bytes:
    """The recording as Ogg/Opus, mono; as it is where it is that already.

    Raises: NoSound.
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
    except (av.error.FFmpegError, ValueError, IndexError) as fault:
        raise NoSound from fault
    return target.getvalue()


def _convert(av: Any, source: Any, voice: Any) -> None:
    stream = voice.add_stream("libopus", rate=RATE, layout="mono")
    stream.bit_rate = BITS_PER_SECOND
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in source.decode(source.streams.audio[0]):
        if frame.time is not None and frame.time > SECONDS_MAX:
            break
        for plain in resampler.resample(frame):
            voice.mux(stream.encode(plain))
    for plain in resampler.resample(None):
        voice.mux(stream.encode(plain))
    voice.mux(stream.encode(None))

"""Recordings as browsers make them become what WhatsApp takes: Ogg, Opus, one channel."""

import io

import av
import pytest

from conversations.media import voice
from tests.media.files import CLIP, JPEG, VOICE, recording


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("webm", "libopus", 48_000),
        ("ogg", "libopus", 48_000),
        ("wav", "pcm_s16le", 44_100),
        ("wav", "pcm_s16le", 8_000),
    ],
)
def test_every_recording_becomes_ogg_opus_with_one_channel(
    container: str, codec: str, rate: int
) -> None:
    made = voice.to_voice(recording(container, codec, rate=rate))
    assert voice.is_voice(made)
    with av.open(io.BytesIO(made), "r") as opened:
        stream = opened.streams.audio[0]
        assert (opened.format.name, stream.codec_context.name) == ("ogg", "opus")
        assert stream.codec_context.layout.name == "mono"
        assert opened.duration is not None
        assert 0.4 < opened.duration / 1_000_000 < 0.7


def test_what_is_that_already_stays_as_it_is() -> None:
    assert voice.is_voice(VOICE)
    assert voice.to_voice(VOICE) == VOICE


def test_two_channels_are_not_what_whatsapp_takes() -> None:
    assert not voice.is_voice(recording("ogg", "libopus"))


@pytest.mark.parametrize("content", [b"", b"hello", JPEG, CLIP[:200], b"OggS" + b"\0" * 300])
def test_what_holds_no_sound_is_refused(content: bytes) -> None:
    with pytest.raises(voice.NoSound):
        voice.to_voice(content)


def test_one_that_ends_before_a_word_was_said_is_refused() -> None:
    with pytest.raises(voice.NoSound):
        voice.to_voice(recording("wav", "pcm_s16le", seconds=0))


def test_what_lasts_too_long_is_refused_and_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "SECONDS_MAX", 0.3)
    with pytest.raises(voice.TooLong):
        voice.to_voice(recording("webm", "libopus"))

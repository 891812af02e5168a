"""What Meta takes as which kind, and how many bytes of it. Source: Cloud API, media."""

import pytest

from conversations.media import limits

OFFICE = "application/vnd.openxmlformats-officedocument."
TAKEN = {
    "image": "image/jpeg image/png",
    "video": "video/mp4 video/3gpp",
    "audio": "audio/aac audio/amr audio/mpeg audio/mp4 audio/ogg",
    "document": "text/plain application/pdf application/msword application/vnd.ms-excel "
    f"application/vnd.ms-powerpoint {OFFICE}wordprocessingml.document "
    f"{OFFICE}spreadsheetml.sheet {OFFICE}presentationml.presentation",
}
BYTES = {"image": 5 << 20, "video": 16 << 20, "audio": 16 << 20, "document": 100 << 20}


@pytest.mark.parametrize("kind", TAKEN)
def test_as_many_bytes_are_taken_and_one_more_is_refused(kind: str) -> None:
    for mime_type in TAKEN[kind].split():
        assert limits.KIND_OF[mime_type] == kind
        assert limits.refusal(mime_type, BYTES[kind]) is None
        refused = limits.refusal(mime_type, BYTES[kind] + 1)
        assert refused
        assert f"may have {BYTES[kind] >> 20} MB" in refused.reason


@pytest.mark.parametrize(
    "mime_type", ["audio/wav", "audio/webm", "image/webp", "image/heic", "image/gif", "text/html"]
)
def test_what_meta_does_not_take_is_refused(mime_type: str) -> None:
    assert limits.refusal(mime_type, 1)

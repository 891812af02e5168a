"""What a file is: by its bytes, whatever its sender says."""

import pytest

from conversations.media.sniffing import OCTETS, content_type
from tests.media import files

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MP4 = b"\0\0\0\x20ftypisom" + b"\0" * 20


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (files.JPEG, "image/jpeg"),
        (files.PNG, "image/png"),
        (b"GIF89a" + b"\0" * 9, "image/gif"),
        (files.STICKER, "image/webp"),
        (files.PDF, "application/pdf"),
        (files.VOICE, "audio/ogg"),
        (files.CLIP, "video/mp4"),
        (b"\0\0\0\x20ftyp3gp5", "video/3gpp"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x20ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x20ftypheic", "image/heic"),
        (b"\0\0\0\x20ftyphevc", "image/heic"),
        (b"\0\0\0\x20ftypavis", "image/avif"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x10\0\0\0????", OCTETS),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\x03", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\x1aE\xdf\xa3" + b"\0" * 9, "video/webm"),
        (b"PK\x03\x04", "application/zip"),
        (files.SVG, "image/svg+xml"),
        (files.PAGE, "text/html"),
        (b" \n<HTML><body>", "text/html"),
        ("Zoë says hello\n".encode(), "text/plain"),
        (b"\x00\x01\x02\x03", OCTETS),
        (b"\xff\xff\xff", OCTETS),
        (b"", OCTETS),
    ],
)
def test_the_bytes_show_it(content: bytes, expected: str) -> None:
    assert content_type(content) == expected


@pytest.mark.parametrize(
    ("content", "claimed", "expected"),
    [
        (files.PAGE, "image/jpeg", "text/html"),
        (files.SVG, "image/png", "image/svg+xml"),
        (files.JPEG, "text/html", "image/jpeg"),
        (b"\x00\x01\x02\x03", "image/jpeg", OCTETS),
        (b"hello", "text/html", "text/plain"),
        (b"GIF89a=1;/*<script>", "text/html", "image/gif"),  # two files in one
        (files.JPEG + files.PAGE, "text/html", "image/jpeg"),
        (b"<!--" + files.PDF, "application/pdf", "text/plain"),
        (b"hello", "image/jpeg", "text/plain"),
        (b"PK\x03\x04", "text/html", "application/zip"),
        (b"hello", "text/" + "x" * 200, "text/plain"),
        (b"hello", "text/x\x00y", "text/plain"),
        (b"hello", "text/<script>", "text/plain"),
    ],
)
def test_what_the_sender_says_is_not_believed(content: bytes, claimed: str, expected: str) -> None:
    assert content_type(content, claimed) == expected


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        (MP4, "audio/mp4"),
        (b"\x1aE\xdf\xa3", "audio/webm"),
        (b"PK\x03\x04", DOCX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel"),
        (b"a;b\n", "text/csv"),
    ],
)
def test_it_decides_between_uses_of_one_container(content: bytes, claimed: str) -> None:
    assert content_type(content, f"{claimed}; charset=binary") == claimed

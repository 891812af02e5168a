"""What a file is, by its own first bytes: neither its sender nor its name is believed.

A dozen signatures are all that WhatsApp carries; libraries that know a thousand need a C library
on the machine, or guess by the name.
"""

from __future__ import annotations

import re

OCTETS = "application/octet-stream"
HTML = "text/html"

_OOXML = "application/vnd.openxmlformats-officedocument."
_ZIPPED = (_OOXML, "application/vnd.oasis.opendocument.", "application/epub+zip")
_OLE = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
# ISO base media, by its brand. Source: the MP4 registration authority.
_BRANDS: tuple[tuple[bytes, str], ...] = (
    (b"M4A", "audio/mp4"),
    (b"M4B", "audio/mp4"),
    (b"3g", "video/3gpp"),
    (b"qt", "video/quicktime"),
    (b"he", "image/heic"),
    (b"mif1", "image/heic"),
    (b"msf1", "image/heic"),
    (b"avi", "image/avif"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
# One container, several uses: there the sender's word decides between these.
_EITHER = {
    "video/mp4": ("audio/mp4", "audio/aac"),
    "video/webm": ("audio/webm",),
    "video/3gpp": ("audio/3gpp",),
    "audio/ogg": ("audio/opus",),
}
HEAD_BYTES = 4096
_KIND_OF_TEXT = re.compile(r"text/[a-z0-9][a-z0-9.+-]{0,60}")

# The ending that goes with a type: Meta and browsers look at it as well.
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/webm": ".weba",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/webm": ".webm",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OOXML}wordprocessingml.document": ".docx",
    f"{_OOXML}spreadsheetml.sheet": ".xlsx",
    f"{_OOXML}presentationml.presentation": ".pptx",
}


def content_type(content: bytes, claimed: str = "") -> str:
    """The MIME type that the bytes show, without parameters; octets where they show none.

    `claimed`, what the sender says, decides only between uses of one container, and between kinds
    of plain text.
    """
    claimed = bare(claimed)
    head = content[:HEAD_BYTES]
    found = _by_signature(head)
    if claimed in _EITHER.get(found, ()):
        return claimed
    if found == "application/zip" and claimed.startswith(_ZIPPED):
        return claimed
    if found == "application/x-ole-storage" and claimed in _OLE:
        return claimed
    return found or _text(content, claimed)


def bare(mime_type: str) -> str:
    """The type without its parameters: `audio/ogg; codecs=opus` -> `audio/ogg`."""
    return mime_type.partition(";")[0].strip().lower()


def _by_signature(head: bytes) -> str:
    for beginning, mime_type in _BEGINNINGS:
        if head.startswith(beginning):
            return mime_type
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return next((kind for start, kind in _BRANDS if brand.startswith(start)), "video/mp4")
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], OCTETS)
    return _sound(head)


def _sound(head: bytes) -> str:
    """AAC and MP3 without a header: twelve or eleven bits that are set, and a layer."""
    if len(head) < 4 or head[0] != 0xFF:
        return ""
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    is_mpeg = head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0 and head[2] & 0xF0 != 0xF0
    return "audio/mpeg" if is_mpeg else ""


def _text(content: bytes, claimed: str) -> str:
    start = content[:HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml")):
        return "image/svg+xml" if b"<svg" in start else "text/xml"
    if any(mark in start for mark in _MARKUP):
        return HTML
    if not content or not _is_text(content):
        return OCTETS
    is_believed = _KIND_OF_TEXT.fullmatch(claimed) and claimed not in (HTML, "text/javascript")
    return claimed if is_believed else "text/plain"


def _is_text(content: bytes) -> bool:
    if any(mark < 32 and mark not in b"\t\n\r\f\x1b" for mark in content[:HEAD_BYTES]):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True

"""Giving a file to staff: what a browser may draw by itself, and what it may only save.

The one rule for the bubbles, for the address of a file and for the names of uploads.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.core.files import File

from conversations.media.sniffing import ENDINGS, OCTETS, bare
from conversations.models import MediaFile

# A browser draws these and runs nothing in them. SVG, HTML and PDF can hold programs; AMR and what
# else no browser plays is saved, for a player that is dumb helps nobody.
SHAPES: dict[str, str] = {
    **dict.fromkeys(("image/jpeg", "image/png", "image/webp", "image/gif"), "image"),
    **dict.fromkeys(("audio/ogg", "audio/opus", "audio/mpeg", "audio/mp4"), "audio"),
    **dict.fromkeys(("audio/aac", "audio/webm"), "audio"),
    **dict.fromkeys(("video/mp4", "video/3gpp", "video/webm"), "video"),
}
NAME_LENGTH = 120
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True)
class OpenFile:
    """A file that is open for reading; whoever asked for it closes it."""

    file: File[bytes]
    content_type: str
    as_attachment: bool  # to be saved, never drawn
    filename: str  # safe: one line, no path, an ending that fits the content


def open_file(media_file: MediaFile) -> OpenFile | None:
    """The file and how to serve it; None where it is not here (yet, or any more).

    Serve it with `X-Content-Type-Options: nosniff`, and to nobody without the right to see the
    conversation: the storage itself is open to no browser.
    """
    if not media_file.file:
        return None
    try:
        file = media_file.file.open("rb")
    except OSError:
        return None
    kind = bare(media_file.mime_type)
    is_saved = kind not in SHAPES
    return OpenFile(file, OCTETS if is_saved else kind, is_saved, filename_of(media_file))


def shape_of(media_file: MediaFile) -> str:
    """How a bubble shows it: image, audio, video, or document for what is only saved."""
    return SHAPES.get(bare(media_file.mime_type), "document")


def filename_of(media_file: MediaFile) -> str:
    """The sender's name of the file without its dangers, or one made of kind and key."""
    given = unicodedata.normalize("NFC", media_file.filename).replace("\\", "/").split("/")[-1]
    shown = "".join(mark for mark in given if _is_plain(mark)).strip(" .")
    stem, ending = _split(shown)
    kind = bare(media_file.mime_type)
    fitting = ENDINGS.get(kind, "")
    # "photo.html" that is a JPEG ends with .jpg; what is only saved keeps the ending it came with.
    if kind in SHAPES or not ending:
        ending = fitting or ending
    return f"{stem[:NAME_LENGTH] or f'{media_file.message.kind}-{media_file.pk}'}{ending}"


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    found = f"{dot}{ending}".lower()
    return (stem, found) if stem and _ENDING.fullmatch(found) else (name, "")


def _is_plain(mark: str) -> bool:
    """No control characters, and none that turn the reading direction: "exe.fdp" for "pdf.exe"."""
    return not unicodedata.category(mark).startswith("C") and mark not in '<>:"|?*'

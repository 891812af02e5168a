"""Which files WhatsApp takes as what, and how large. Source: Cloud API, media, supported types."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, tuple[str, ...]] = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "document": (
        *("text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"),
        *("application/vnd.ms-powerpoint", f"{OFFICE}wordprocessingml.document"),
        *(f"{OFFICE}spreadsheetml.sheet", f"{OFFICE}presentationml.presentation"),
    ),
}
KIND_OF = {mime_type: kind for kind, types in TYPES.items() for mime_type in types}
LARGEST = {"image": 5 * MB, "video": 16 * MB, "audio": 16 * MB, "document": 100 * MB}
NAMES = {"image": "photo", "video": "video", "audio": "recording", "document": "document"}

TAKEN = "PDF, Office documents, text, JPEG and PNG photos, MP4 videos and recordings"


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be sent, and what to do; both for staff."""

    reason: str
    what_to_do: str


def upload_type(mime_type: str) -> str:
    """The type to upload it as: every kind of plain text goes as text/plain, "" for none."""
    if mime_type in KIND_OF:
        return mime_type
    is_text = mime_type.startswith("text/") and mime_type != "text/html"
    return "text/plain" if is_text else ""


def refusal(mime_type: str, size: int) -> Refusal | None:
    """Why WhatsApp would not take this file, or None."""
    if size == 0:
        return Refusal("The file is empty.", "Choose another file.")
    kind = KIND_OF.get(upload_type(mime_type))
    if kind is None:
        advice = (
            "Save the picture as JPEG or PNG."
            if mime_type.startswith("image/")
            else (f"WhatsApp takes {TAKEN}.")
        )
        return Refusal("WhatsApp does not take files of this kind.", advice)
    return refusal_by_size(kind, size)


def refusal_by_size(kind: str, size: int) -> Refusal | None:
    """Why a file of this kind is too large, or None. Documents may be the largest."""
    if size <= LARGEST[kind]:
        return None
    return Refusal(
        f"A {NAMES[kind]} may have {LARGEST[kind] // MB} MB, this one has {size / MB:.1f} MB.",
        "Make it smaller, or send a link to it.",
    )

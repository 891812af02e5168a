"""Files for a customer without a file at hand: a photo, a voice note, an invoice and so on."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sample_files"
FILES = {
    "image": ("photo.jpg", "image/jpeg"),
    "video": ("clip.mp4", "video/mp4"),
    # With the parameter, as Meta writes the type of a voice note.
    "audio": ("voice.ogg", "audio/ogg; codecs=opus"),
    "document": ("proof-of-payment.pdf", "application/pdf"),
    "sticker": ("sticker.webp", "image/webp"),
}


@dataclass(frozen=True)
class Sample:
    """A small file of one kind."""

    content: bytes
    mime_type: str
    file_name: str


@cache
def of(kind: str) -> Sample:
    """The sample for image, video, audio, document or sticker."""
    name, mime_type = FILES[kind]
    return Sample((FOLDER / name).read_bytes(), mime_type, name)

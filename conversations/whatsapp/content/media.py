"""Files: photo, video, audio and voice note, document, sticker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.rules import (
    ContentError,
    Wire,
    check_id,
    check_optional,
    check_url,
    entry,
    optional,
)

CAPTION_MAX = 1024  # Cloud API, image, video and document messages
FILENAME_MAX = 240  # not documented; what common file systems hold, with room for a prefix


@dataclass(frozen=True)
class MediaSource:
    """Where the file is: the `id` of an upload to Meta, or a public `link` that Meta fetches."""

    id: str | None = None
    link: str | None = None

    def __post_init__(self) -> None:
        if (self.id is None) == (self.link is None):
            raise ContentError("source", "needs either an id or a link", advice="Give one of them.")
        if self.id is not None:
            check_id("source.id", self.id)
        else:
            check_url("source.link", self.link)

    def to_wire(self) -> Wire:
        return {"id": self.id} if self.id is not None else {"link": self.link}

    @classmethod
    def from_wire(cls, wire: object) -> Self:
        return cls(id=optional(wire, "id"), link=optional(wire, "link"))


@dataclass(frozen=True)
class _File:
    """What every file has: a source, and a place of its own on the wire."""

    source: MediaSource

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        if not isinstance(self.source, MediaSource):
            raise ContentError("source", "is not a MediaSource")
        self._check()

    def _check(self) -> None:
        """Look at what this kind has besides its source."""

    def _more(self) -> Wire:
        return {}

    def to_wire(self) -> Wire:
        return {"type": self.kind, self.kind: {**self.source.to_wire(), **self._more()}}

    def text_for_people(self) -> str:
        return labels.label(self.kind)


@dataclass(frozen=True)
class _Captioned(_File):
    caption: str | None = None

    def _check(self) -> None:
        check_optional("caption", self.caption, limit=CAPTION_MAX)

    def _more(self) -> Wire:
        return {} if self.caption is None else {"caption": self.caption}

    def text_for_people(self) -> str:
        return labels.label(self.kind, self.caption or "")

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        file = entry(wire, cls.kind, "")
        return cls(MediaSource.from_wire(file), caption=optional(file, "caption"))


@dataclass(frozen=True)
class Image(_Captioned):
    """A photo: JPEG or PNG, 5 MB at most."""

    kind: ClassVar[str] = "image"


@dataclass(frozen=True)
class Video(_Captioned):
    """MP4 or 3GPP (H.264, AAC), 16 MB at most."""

    kind: ClassVar[str] = "video"


@dataclass(frozen=True)
class Document(_Captioned):
    """Any file up to 100 MB. Without a `filename` the customer sees a file with no name."""

    filename: str | None = None

    kind: ClassVar[str] = "document"

    def _check(self) -> None:
        super()._check()
        check_optional("filename", self.filename, limit=FILENAME_MAX, one_line=True)

    def _more(self) -> Wire:
        named = {} if self.filename is None else {"filename": self.filename}
        return {**super()._more(), **named}

    def text_for_people(self) -> str:
        return labels.label(self.kind, " – ".join(filter(None, (self.filename, self.caption))))

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        file = entry(wire, cls.kind, "")
        caption, filename = optional(file, "caption"), optional(file, "filename")
        return cls(MediaSource.from_wire(file), caption=caption, filename=filename)


@dataclass(frozen=True)
class Audio(_File):
    """Sound, 16 MB at most. `voice` shows it as a voice note; it must then be ogg/opus, mono."""

    voice: bool = False

    kind: ClassVar[str] = "audio"

    def _more(self) -> Wire:
        return {"voice": True} if self.voice else {}

    def text_for_people(self) -> str:
        return labels.label("voice" if self.voice else "audio")

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        file = entry(wire, cls.kind, "")
        return cls(MediaSource.from_wire(file), voice=bool(optional(file, "voice")))


@dataclass(frozen=True)
class Sticker(_File):
    """WebP, 512 by 512; 100 KB, or 500 KB when it moves."""

    kind: ClassVar[str] = "sticker"

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        return cls(MediaSource.from_wire(entry(wire, cls.kind, "")))

"""What a person fills into a template: its fields, the values out of them, and how it will read.

A file in the header is chosen or given by its https address, a place by four fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString

from conversations.admin.inbox.formatting import wa_format
from conversations.media import limits
from conversations.whatsapp.content import (
    Content,
    ContentError,
    Document,
    Image,
    Location,
    MediaSource,
    TemplateShape,
    Video,
)

TO_COME = "given-by-WhatsApp-at-the-upload"
PLACE = ("latitude", "longitude", "name", "address")
LOCATION = "header.location"
DOCUMENT = "header.document"
FILE_NAME = "header.document.filename"
FILES: dict[str, type[Image | Video | Document]] = {
    "header.image": Image,
    "header.video": Video,
    DOCUMENT: Document,
}
CHOSEN = ".file"  # ends the key under which the form names the file that was chosen
LABELS = {
    "header.image": "Photo",
    "header.video": "Video",
    "header.document": "Document",
}
EXAMPLES = {
    f"{LOCATION}.latitude": "-26.2041",
    f"{LOCATION}.longitude": "28.0473",
    f"{LOCATION}.name": "Our shop",
    f"{LOCATION}.address": "1 Long Street, Cape Town",
    DOCUMENT: "https://",
    "header.image": "https://",
    "header.video": "https://",
}
ICONS = {
    "url": "open_in_new",
    "phone_number": "call",
    "copy_code": "content_copy",
    "quick_reply": "reply",
    "flow": "checklist",
    "otp": "password",
}
MEDIA = {"image": "image", "video": "movie", "document": "description", "location": "location_on"}


@dataclass(frozen=True)
class Field:
    """One gap of the template and what stands in it."""

    key: str  # "1", "header.image", "header.location.name", "button.0"
    label: str
    value: str
    example: str
    is_required: bool = True
    chosen: str = ""  # the name of the file that was chosen instead

    @property
    def name(self) -> str:
        """Of the form field: "v.1"."""
        return f"v.{self.key}"

    @property
    def takes(self) -> str:
        """The kind of file that can be chosen instead: "image", "video", "document", or ""."""
        return self.key.removeprefix("header.") if self.key in FILES else ""

    @property
    def accepts(self) -> str:
        """The types of those files, as an <input> takes them."""
        return ",".join(limits.TYPES.get(self.takes, ()))


@dataclass(frozen=True)
class Reading:
    """How the customer reads it; gaps without a value stay."""

    header: str
    media: str  # the icon of what is not text in the header, "" for none
    body: SafeString
    footer: str
    buttons: tuple[tuple[str, str], ...]  # icon, text


def values_of(given: Mapping[str, Any]) -> dict[str, str]:
    """The values of a form by their keys."""
    return {key[2:]: str(value).strip() for key, value in given.items() if key.startswith("v.")}


def fields_of(shape: TemplateShape, values: Mapping[str, str]) -> list[Field]:
    """What a person fills in; buttons that need nothing are left out."""
    return list(_fields(shape, values))


def _fields(shape: TemplateShape, values: Mapping[str, str]) -> Iterator[Field]:
    for slot in shape.variables:
        if slot.key == LOCATION:
            for part in PLACE:
                yield _field(f"{LOCATION}.{part}", f"Place: {part}", values)
            continue
        yield _field(slot.key, LABELS.get(slot.key, slot.label), values, slot.example)
        if slot.key == DOCUMENT:
            yield _field(FILE_NAME, "Document: the name the customer sees", values, required=False)


def _field(
    key: str, label: str, values: Mapping[str, str], example: str = "", *, required: bool = True
) -> Field:
    chosen = values.get(f"{key}{CHOSEN}", "") if key in FILES else ""
    return Field(key, label, values.get(key, ""), EXAMPLES.get(key) or example, required, chosen)


def missing(shape: TemplateShape, values: Mapping[str, str]) -> list[str]:
    """The labels of the fields that must still be filled in."""
    return [
        one.label
        for one in _fields(shape, values)
        if one.is_required and not one.value and not one.chosen
    ]


def file_key(shape: TemplateShape) -> str:
    """The key of the gap that takes a file, "" where none does."""
    return next((slot.key for slot in shape.variables if slot.key in FILES), "")


def filled(values: Mapping[str, str], file: Content | None = None) -> dict[str, Any]:
    """The values as `TemplateShape.build` takes them; `file` goes before an address.

    A file of which only the name is known stands there as it will be sent, without its id.
    Raises: ContentError for a place that is none.
    """
    given: dict[str, Any] = {key: value for key, value in values.items() if value}
    for key in FILES:
        name = given.pop(f"{key}{CHOSEN}", "")
        if name:
            given[key] = file or _to_come(key, name)
    place = {part: given.pop(f"{LOCATION}.{part}", "") for part in PLACE}
    if any(place.values()):
        given[LOCATION] = _place(place)
    file_name = given.pop(FILE_NAME, "")
    if file_name and DOCUMENT in given:
        given[DOCUMENT] = _named(given[DOCUMENT], file_name)
    return given


def _to_come(key: str, name: str) -> Image | Video | Document:
    source = MediaSource(id=TO_COME)
    return Document(source, filename=name[-240:]) if key == DOCUMENT else FILES[key](source)


def _named(document: str | Document, file_name: str) -> Document:
    if isinstance(document, Document):
        return replace(document, filename=file_name)
    return Document(MediaSource(link=document), filename=file_name)


def _place(place: Mapping[str, str]) -> Location:
    try:
        spot = [float(place[part].replace(",", ".")) for part in ("latitude", "longitude")]
    except ValueError:
        raise ContentError(
            LOCATION, "needs a latitude and a longitude", advice="Write degrees: -26.2041."
        ) from None
    return Location(spot[0], spot[1], place["name"] or None, place["address"] or None)


def reading(shape: TemplateShape, values: Mapping[str, str]) -> Reading:
    """The message with these values in it."""
    texts = {key: value for key, value in values.items() if value}
    header = ""
    if shape.header_kind == "text":
        only = TemplateShape("text", shape.header_text, "", "", (), (), "")
        header = only.render(texts)
    elif shape.header_kind == "location":
        header = ", ".join(filter(None, (texts.get(f"{LOCATION}.{part}") for part in PLACE[2:])))
    body = TemplateShape(None, "", shape.body_text, "", (), (), "").render(texts)
    buttons = tuple((ICONS.get(one.kind, "smart_button"), one.text) for one in shape.buttons)
    media = MEDIA.get(shape.header_kind or "", "")
    chosen = texts.get(f"{file_key(shape)}{CHOSEN}", "")
    return Reading(
        header or texts.get(FILE_NAME, "") or chosen,
        media,
        wa_format(body),
        shape.footer_text,
        buttons,
    )

"""What a message says, as another system writes it, made into content that WhatsApp takes.

Each refusal names the place in the body: "#/list/sections/0/rows/2/title".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations.api import bodies, problems
from conversations.api.problems import Fault
from conversations.models import MessageTemplate, PhoneNumber
from conversations.whatsapp.content import (
    Audio,
    Button,
    Buttons,
    Content,
    ContentError,
    Document,
    Image,
    ListMenu,
    MediaSource,
    Row,
    Section,
    Sticker,
    Template,
    TemplateError,
    TemplateShape,
    Text,
    Video,
)

LINKED = {"image": Image, "video": Video, "document": Document, "audio": Audio, "sticker": Sticker}
TAKEN_BY = {
    "caption": frozenset({"image", "video", "document"}),
    "filename": frozenset({"document"}),
    "voice": frozenset({"audio"}),
}


class Words(serializers.CharField):
    """What a customer reads: as it is written. How long it may be, WhatsApp's own rules say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(trim_whitespace=False, **kwargs)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ]
    }
)
class Variables(serializers.Field[Any, Any, Any, Any]):
    """The values of a template: texts in their order, or by the key of their gap."""

    default_error_messages = {
        "invalid": "Give a list of texts, or an object of texts by the keys of the gaps."
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict | list):
            self.fail("invalid")
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        faults = {str(name): fault for name, value in pairs if (fault := _fault_in(value))}
        if faults:
            raise serializers.ValidationError(faults)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


def _fault_in(value: Any) -> Any:
    """What is wrong with one value; how long it may be, the template says."""
    if not isinstance(value, str):
        return ["It is not text."]
    try:
        Words(allow_blank=True).run_validation(value)
    except serializers.ValidationError as error:
        return error.detail
    return None


class NewButton(bodies.Body):
    id = serializers.CharField(help_text="Comes back when the customer taps it.")
    title = Words(help_text="At most 20 characters.")


class NewButtons(bodies.Body):
    example = {
        "body": "Shall we deliver tomorrow?",
        "buttons": [{"id": "yes", "title": "Yes"}, {"id": "later", "title": "Later"}],
    }
    body = Words()
    buttons = NewButton(many=True, help_text="One to three.")
    header = Words(required=False)
    footer = Words(required=False)


class NewRow(bodies.Body):
    id = serializers.CharField(help_text="Comes back when the customer picks it.")
    title = Words(help_text="At most 24 characters.")
    description = Words(required=False)


class NewSection(bodies.Body):
    title = Words(required=False)
    rows = NewRow(many=True)


class NewList(bodies.Body):
    example = {
        "body": "When shall we deliver?",
        "button": "Choose",
        "sections": [
            {"rows": [{"id": "mon", "title": "Monday"}, {"id": "tue", "title": "Tuesday"}]}
        ],
    }
    body = Words()
    button = Words(help_text="What opens the list.")
    sections = NewSection(many=True, help_text="Ten rows in all.")
    header = Words(required=False)
    footer = Words(required=False)


class NewMedia(bodies.Body):
    example = {"link": "https://example.com/1042.pdf", "kind": "document", "filename": "1042.pdf"}
    upload = serializers.UUIDField(required=False, help_text="The id of an upload of yours.")
    link = serializers.CharField(
        required=False, help_text="A public address, from which WhatsApp fetches the file."
    )
    kind = serializers.ChoiceField(
        choices=sorted(LINKED), required=False, help_text="What a link leads to."
    )
    caption = Words(required=False)
    filename = serializers.CharField(required=False, help_text="Of a linked document.")
    voice = serializers.BooleanField(
        default=False, help_text="It is a voice message; a link must lead to Ogg with Opus, mono."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("upload" in attrs) == ("link" in attrs):
            raise serializers.ValidationError("Give either `upload` or `link`.")
        if "link" in attrs and "kind" not in attrs:
            raise serializers.ValidationError({"kind": "Say what the link leads to."})
        return attrs


class NewTemplate(bodies.Body):
    example = {"name": "order_shipped", "language": "en_ZA", "variables": ["Thandi", "1042"]}
    name = serializers.CharField(max_length=512)
    language = serializers.CharField(
        max_length=16, required=False, help_text="Exactly as approved; TEMPLATE_LANGUAGE without."
    )
    variables = Variables(required=False)


def content_of(asked: Mapping[str, Any], number: PhoneNumber, pointer: str = "#") -> Content:
    """What is to be said; a file that was uploaded is not content yet, and not meant here.

    Raises: Problem that names the place.
    """
    if "text" in asked:
        with at(f"{pointer}/text"):
            return Text(asked["text"])
    if "buttons" in asked:
        return _buttons(asked["buttons"], f"{pointer}/buttons")
    if "list" in asked:
        return _list(asked["list"], f"{pointer}/list")
    if "media" in asked:
        return _linked(asked["media"], f"{pointer}/media")
    return template_of(asked["template"], number, f"{pointer}/template")


def template_of(asked: Mapping[str, Any], number: PhoneNumber, pointer: str) -> Content:
    """The template with its values. One that is not known is left to the gate to refuse."""
    language = asked.get("language") or settings.TEMPLATE_LANGUAGE
    stored = (
        MessageTemplate.objects.filter(
            name=asked["name"], language=language, waba_id__in=["", number.waba_id]
        )
        .order_by("-waba_id")
        .first()
    )
    values = asked.get("variables", ())
    with at(pointer, counts_from_one=not isinstance(values, dict)):
        if stored is None:
            return Template(asked["name"], language)
        shape = TemplateShape.from_components(stored.components)
        return shape.build(stored.name, stored.language, values)


@contextmanager
def at(pointer: str, *, counts_from_one: bool = False) -> Iterator[None]:
    """Content that WhatsApp would not take is told with its place in the body.

    WhatsApp counts the gaps of a template from one, a list of values begins at nought.
    """
    try:
        yield
    except ContentError as error:
        fault = fault_of(error, pointer, counts_from_one=counts_from_one)
        raise problems.invalid((fault,)) from error


def fault_of(error: ContentError, pointer: str, *, counts_from_one: bool = False) -> Fault:
    """Where and why: the last part of the error's own path is the field's name."""
    detail = f"It {error.problem}."
    if isinstance(error, TemplateError):
        gap = error.variable
        place = str(int(gap) - 1) if counts_from_one and gap.isdecimal() else gap
        return Fault(("pointer", f"{pointer}/variables/{place}"), detail, "variable", error.advice)
    name = error.field.rsplit(".", 1)[-1]
    has_parts = name.isidentifier() and not pointer.endswith("/text")
    place = f"{pointer}/{name}" if has_parts else pointer
    return Fault(("pointer", place), detail, "content", error.advice)


def _buttons(asked: Mapping[str, Any], pointer: str) -> Buttons:
    made = []
    for place, button in enumerate(asked["buttons"]):
        with at(f"{pointer}/buttons/{place}"):
            made.append(Button(button["id"], button["title"]))
    with at(pointer):
        return Buttons(
            asked["body"], tuple(made), header=asked.get("header"), footer=asked.get("footer")
        )


def _list(asked: Mapping[str, Any], pointer: str) -> ListMenu:
    sections = []
    for place, section in enumerate(asked["sections"]):
        here = f"{pointer}/sections/{place}"
        rows = []
        for row_place, row in enumerate(section["rows"]):
            with at(f"{here}/rows/{row_place}"):
                rows.append(Row(row["id"], row["title"], row.get("description")))
        with at(here):
            sections.append(Section(section.get("title"), tuple(rows)))
    with at(pointer):
        return ListMenu(
            asked["body"],
            asked["button"],
            tuple(sections),
            header=asked.get("header"),
            footer=asked.get("footer"),
        )


def _linked(asked: Mapping[str, Any], pointer: str) -> Content:
    kind = asked["kind"]
    # What has no place in this kind is refused, never dropped.
    given = {name: asked[name] for name in TAKEN_BY if asked.get(name)}
    with at(pointer):
        for name in given:
            if kind not in TAKEN_BY[name]:
                raise ContentError(name, f"has no place in a message of the kind {kind}")
        content: Content = LINKED[kind](MediaSource(link=asked["link"]), **given)
        return content

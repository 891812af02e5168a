"""Values into the gaps of a template, and out of them again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from conversations.whatsapp.content.frame import MEDIA_HEADERS, MediaHeader
from conversations.whatsapp.content.gaps import Variable, is_positional
from conversations.whatsapp.content.location import Location
from conversations.whatsapp.content.media import Document, Image, MediaSource, Video
from conversations.whatsapp.content.parameters import Parameter, check_parameter
from conversations.whatsapp.content.rules import ContentError
from conversations.whatsapp.content.template import Body, Template
from conversations.whatsapp.content.template_buttons import (
    FLOW_TOKEN_UNUSED,
    CopyCodeButton,
    FlowButton,
    QuickReplyButton,
    TemplateButton,
    UrlButton,
)
from conversations.whatsapp.content.template_headers import (
    HeaderLocation,
    HeaderMedia,
    HeaderText,
    TemplateHeader,
)

CODE_MAX = 15  # Cloud API, authentication templates

Value = str | Image | Video | Document | Location | MediaSource

_MAKERS: dict[str, Callable[[int, str], TemplateButton]] = {
    "url": UrlButton,
    "copy_code": CopyCodeButton,
    "quick_reply": QuickReplyButton,
}


class TemplateError(ContentError):
    """The values do not fit the stored template. `variable` says which one is wrong."""

    @property
    def variable(self) -> str:
        return self.field


@contextmanager
def _at(slot: Variable) -> Iterator[None]:
    """A value that no template takes is told with the gap that it was meant for."""
    try:
        yield
    except TemplateError:
        raise
    except ContentError as error:
        problem, more = f"{error.problem} ({slot.label})", {"advice": error.advice}
        raise TemplateError(slot.key, problem, limit=error.limit, **more) from error


def header_of(slot: Variable, value: Value) -> TemplateHeader:
    with _at(slot):
        return _header_of(slot, value)


def _header_of(slot: Variable, value: Value) -> TemplateHeader:
    if slot.kind == "text":
        return HeaderText(Parameter(_text(slot, value), _name(slot.key.removeprefix("header."))))
    if slot.kind == "location":
        if isinstance(value, Location):
            return HeaderLocation(value)
        raise TemplateError(slot.key, "needs a location")
    return HeaderMedia(_file(slot, value))


def body_of(slots: Sequence[Variable], given: Mapping[str, Value]) -> Body:
    named = not is_positional([slot.key for slot in slots])
    return Body(tuple(_body_value(slot, given[slot.key], named=named) for slot in slots))


def _body_value(slot: Variable, value: Value, *, named: bool) -> Parameter:
    with _at(slot):
        return Parameter(_text(slot, value), slot.key if named else None)


def button_of(slot: Variable, given: Mapping[str, Value]) -> TemplateButton | None:
    """Return what this button is sent with, None where it needs nothing."""
    with _at(slot):
        return _button_of(slot, given)


def _button_of(slot: Variable, given: Mapping[str, Value]) -> TemplateButton | None:
    if slot.kind == "otp":
        return UrlButton(slot.index, _one_time_code(slot, given))
    if slot.kind == "flow":
        return FlowButton(slot.index, _text(slot, given.get(slot.key) or FLOW_TOKEN_UNUSED))
    if slot.key not in given:
        return None
    text = _text(slot, given[slot.key])
    return _MAKERS[slot.kind](slot.index, text)


def _one_time_code(slot: Variable, given: Mapping[str, Value]) -> str:
    """A one-time code goes twice, into the body and behind the button: the same one."""
    code = _text(slot, given.get(slot.key) or given.get("1", ""))
    if given.get("1", code) != code:
        raise TemplateError(slot.key, "is not the code that stands in the body")
    check_parameter("code", code, limit=CODE_MAX)
    return code


def values_of(template: Template, slots: Sequence[Variable]) -> dict[str, Value]:
    """Return the values of a made template by key, those by position as "1", "2"."""
    values: dict[str, Value] = {}
    kinds = {slot.key: slot.kind for slot in slots}
    for part in template.components:
        if isinstance(part, Body):
            values.update(_body_values(part))
        elif isinstance(part, HeaderText | HeaderMedia | HeaderLocation):
            values.update([_header_value(part)])
        else:
            key, kind, value = _button_value(part)
            found = kinds.get(key)
            if found is not None and found != kind and (found, kind) != ("otp", "url"):
                raise TemplateError(key, f"is a {kind} button, the template has {found} there")
            values[key] = value
    return values


def _body_values(body: Body) -> dict[str, Value]:
    return {
        (isinstance(value, Parameter) and value.name) or str(place): value.text_for_people()
        for place, value in enumerate(body.parameters, start=1)
    }


def _header_value(part: TemplateHeader) -> tuple[str, Value]:
    if isinstance(part, HeaderText):
        return f"header.{part.parameter.name or 1}", part.parameter.text
    if isinstance(part, HeaderMedia):
        return f"header.{part.media.kind}", part.media
    return "header.location", part.location


def _button_value(part: TemplateButton) -> tuple[str, str, str]:
    key = f"button.{part.index}"
    if isinstance(part, QuickReplyButton):
        return key, "quick_reply", part.payload
    if isinstance(part, CopyCodeButton):
        return key, "copy_code", part.code
    if isinstance(part, FlowButton):
        return key, "flow", part.flow_token
    return key, "url", part.text


def _name(key: str) -> str | None:
    return None if is_positional([key]) else key


def _text(slot: Variable, value: Value) -> str:
    if isinstance(value, str) and value:
        return value
    raise TemplateError(slot.key, f"needs a text ({slot.label})")


def _file(slot: Variable, value: Value) -> MediaHeader:
    wanted = MEDIA_HEADERS[slot.kind]
    if isinstance(value, wanted):
        return value
    if isinstance(value, str):
        is_link = value.startswith(("http://", "https://"))
        value = MediaSource(link=value) if is_link else MediaSource(id=value)
    if isinstance(value, MediaSource):
        return wanted(value)
    raise TemplateError(slot.key, f"needs a file of kind {slot.kind}")

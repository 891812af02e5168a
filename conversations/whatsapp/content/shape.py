"""What a stored template needs, how it reads with values in it, and whether given values fit.

The gate asks here before it queues a template; the template dialog takes its fields from here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from conversations.whatsapp import labels
from conversations.whatsapp.content import filling, gaps
from conversations.whatsapp.content.filling import TemplateError, Value
from conversations.whatsapp.content.frame import BODY_MAX, HEADER_MAX
from conversations.whatsapp.content.gaps import ButtonShape, Variable
from conversations.whatsapp.content.rules import units
from conversations.whatsapp.content.template import Component, Template, place_of

Values = Mapping[str, Value] | Sequence[str]


@dataclass(frozen=True)
class TemplateShape:
    """A stored template as the management API describes it.

    Values are keyed as `Variable.key` says; a plain sequence of texts fills the body in order. A
    file in the header is given as content, as a MediaSource, as a link, or as the id of an upload.
    """

    header_kind: str | None  # text, image, video, document, location, or what Meta calls it
    header_text: str
    body_text: str
    footer_text: str
    buttons: tuple[ButtonShape, ...]
    slots: tuple[Variable, ...]  # every place that can take a value, in reading order
    obstacle: str  # why it cannot be sent from here, "" where it can

    @classmethod
    def from_components(cls, components: object) -> Self:
        """Return the shape of what Meta's API returns as `components`. Garbage has no gaps."""
        parts = gaps.read_parts(components)
        headers, bodies = gaps.header_variables(parts.header), gaps.body_variables(parts.body)
        return cls(
            gaps.header_kind(parts.header),
            gaps.text_of(parts.header),
            gaps.text_of(parts.body),
            gaps.text_of(parts.footer),
            gaps.read_buttons(parts),
            (*headers, *bodies, *gaps.button_variables(parts.buttons)),
            gaps.obstacle(parts),
        )

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What must be filled in before it can be sent, in reading order."""
        return tuple(slot for slot in self.slots if slot.required)

    @property
    def body_variables(self) -> tuple[str, ...]:
        """The gaps of the body: "1", "2", ... by position, or their names in reading order."""
        return gaps.gaps(self.body_text)

    @property
    def url_variables(self) -> tuple[int, ...]:
        """The indexes of the buttons whose address needs an end."""
        return tuple(slot.index for slot in self.slots if slot.kind == "url")

    def render(self, values: Values = ()) -> str:
        """Return what the customer reads: header, body, footer. Gaps without a value stay."""
        given = self._keyed(values)
        lines = (self._header(given), _fill(self.body_text, given), self.footer_text)
        return "\n".join(line for line in lines if line)

    def build(self, name: str, language: str, values: Values = ()) -> Template:
        """Return the template with these values in it.

        Raises: TemplateError naming the value that is missing, left over, of the wrong kind, or
        such as no template takes.
        """
        if self.obstacle:
            raise TemplateError("template", self.obstacle)
        given = self._keyed(values)
        self._check_keys(given)
        built = Template(name, language, tuple(self._components(given)))
        self._check_lengths(given)
        return built

    def check(self, template: Template) -> None:
        """Refuse a template whose values do not fit this shape; errors as for `build`."""
        given = filling.values_of(template, self.slots)
        built = self.build(template.name, template.language, given)
        places = {place_of(component) for component in template.components}
        for component in built.components:
            if (place := place_of(component)) not in places:
                raise TemplateError(place.replace(" ", "."), "is missing")

    def text_of(self, template: Template) -> str:
        """Return what the customer reads of a template that fits this shape."""
        return self.render(filling.values_of(template, self.slots))

    def _keyed(self, values: Values) -> Mapping[str, Value]:
        if isinstance(values, Mapping):
            return values
        names = self.body_variables
        # What is left over keeps its number, so that the error can name it.
        names += tuple(str(place) for place in range(len(names) + 1, len(values) + 1))
        return dict(zip(names, values, strict=False))

    def _check_keys(self, given: Mapping[str, Value]) -> None:
        for slot in self.variables:
            if given.get(slot.key) in (None, ""):
                raise TemplateError(slot.key, f"is missing ({slot.label})")
        known = {slot.key for slot in self.slots}
        for key in given:
            if key not in known:
                raise TemplateError(key, "has no place in this template")

    def _check_lengths(self, given: Mapping[str, Value]) -> None:
        _check_rendered("body", _fill(self.body_text, given), BODY_MAX)
        if self.header_kind == "text":
            _check_rendered("header", self._header(given), HEADER_MAX)

    def _components(self, given: Mapping[str, Value]) -> list[Component]:
        places: dict[str, list[Variable]] = {"header": [], "body": [], "button": []}
        for slot in self.slots:
            places[slot.place].append(slot)
        built: list[Component] = [
            filling.header_of(slot, given[slot.key]) for slot in places["header"]
        ]
        if places["body"]:
            built.append(filling.body_of(places["body"], given))
        buttons = (filling.button_of(slot, given) for slot in places["button"])
        return [*built, *(button for button in buttons if button is not None)]

    def _header(self, given: Mapping[str, Value]) -> str:
        if self.header_kind in (None, "text"):
            return _fill(self.header_text, given, prefix="header.")
        value = given.get(f"header.{self.header_kind}")
        if value is None or isinstance(value, str) or not hasattr(value, "text_for_people"):
            return labels.label(str(self.header_kind))
        return str(value.text_for_people())


def _fill(text: str, given: Mapping[str, Value], *, prefix: str = "") -> str:
    """Return the text with its gaps filled, in one pass: a value that looks like a gap stays."""
    return gaps.GAP.sub(lambda gap: str(given.get(prefix + gap[1]) or gap[0]), text)


def _check_rendered(field: str, text: str, limit: int) -> None:
    if units(text) > limit:
        problem = f"is {units(text)} characters long with its values, at most {limit} are allowed"
        raise TemplateError(field, problem, limit=limit, advice="Shorten the values.")

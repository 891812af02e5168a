"""A place on the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from conversations.whatsapp import labels
from conversations.whatsapp.content.rules import Wire, check_number, check_optional, entry, optional

PLACE_MAX = 1000  # not documented; no place is called longer


@dataclass(frozen=True)
class Location:
    """A pin. Degrees; WhatsApp shows the address only where there is a name."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None

    kind: ClassVar[str] = "location"

    def __post_init__(self) -> None:
        check_number("latitude", self.latitude, bound=90)
        check_number("longitude", self.longitude, bound=180)
        check_optional("name", self.name, limit=PLACE_MAX)
        check_optional("address", self.address, limit=PLACE_MAX)

    def to_wire(self) -> Wire:
        place: Wire = {"latitude": self.latitude, "longitude": self.longitude}
        named = {"name": self.name, "address": self.address}
        place.update({key: value for key, value in named.items() if value is not None})
        return {"type": "location", "location": place}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        place = entry(wire, "location", "")
        latitude, longitude = (entry(place, key, "location") for key in ("latitude", "longitude"))
        return cls(latitude, longitude, optional(place, "name"), optional(place, "address"))

    def text_for_people(self) -> str:
        place = ", ".join(filter(None, (self.name, self.address)))
        return labels.label(self.kind, place or f"{self.latitude}, {self.longitude}")

"""Which file a message carries: its own, or that of its header."""

from dataclasses import dataclass
from typing import Any

from simulator.media.kinds import MEDIA_TYPES


@dataclass(frozen=True)
class Carried:
    """`kind` is image, video, ...; `name` is how Meta calls the parameter in its complaints."""

    kind: str
    given: dict[str, Any]
    name: str

    @property
    def media_id(self) -> str:
        """The id of an uploaded file, or ""."""
        return str(self.given.get("id") or "")

    @property
    def link(self) -> str:
        """The address of a file that Meta fetches, or ""."""
        return "" if self.media_id else str(self.given.get("link") or "")


def file_of(type_: str, content: Any, shown: dict[str, Any] | None = None) -> Carried | None:
    """The file of a message of this type; `shown` is a template as it was filled in."""
    if type_ in MEDIA_TYPES and isinstance(content, dict):
        return Carried(type_, content, f"{type_}['id']")
    if type_ == "template":
        header = (shown or {}).get("header") or {}
        return _of_header(str(header.get("kind")), header)
    if type_ == "interactive" and isinstance(content, dict):
        header = content.get("header") or {}
        kind = str(header.get("type"))
        return _of_header(kind, header.get(kind))
    return None


def _of_header(kind: str, given: Any) -> Carried | None:
    if kind not in MEDIA_TYPES or not isinstance(given, dict):
        return None
    return Carried(kind, given, f"header['{kind}']['id']")

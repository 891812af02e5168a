"""From stored wire JSON back to content. Delivery and the inbox read old rows through here."""

from collections.abc import Mapping
from typing import Any

from conversations.whatsapp.content.actions import CallToAction, Flow, LocationRequest
from conversations.whatsapp.content.interactive import Buttons, ListMenu
from conversations.whatsapp.content.location import Location
from conversations.whatsapp.content.media import Audio, Document, Image, Sticker, Video
from conversations.whatsapp.content.people import Contacts
from conversations.whatsapp.content.reaction import Reaction
from conversations.whatsapp.content.rules import ContentError, entry, text_at
from conversations.whatsapp.content.template import Template
from conversations.whatsapp.content.text import Text

Content = (
    Text
    | Buttons
    | ListMenu
    | CallToAction
    | LocationRequest
    | Image
    | Video
    | Audio
    | Document
    | Sticker
    | Location
    | Contacts
    | Reaction
    | Flow
    | Template
)

_BY_TYPE: dict[str, type[Content]] = {
    "text": Text,
    "image": Image,
    "video": Video,
    "audio": Audio,
    "document": Document,
    "sticker": Sticker,
    "location": Location,
    "contacts": Contacts,
    "reaction": Reaction,
    "template": Template,
}
_BY_INTERACTIVE: dict[str, type[Content]] = {
    "button": Buttons,
    "list": ListMenu,
    "cta_url": CallToAction,
    "location_request_message": LocationRequest,
    "flow": Flow,
}


def from_wire(data: Mapping[str, Any]) -> Content:
    """Return the content whose `to_wire()` this is; keys it does not know are left out.

    Raises: ContentError, for JSON of another shape and for what Meta would refuse.
    """
    kind = text_at(data, "type", "")
    found = _BY_TYPE.get(kind)
    if kind == "interactive":
        found = _BY_INTERACTIVE.get(text_at(entry(data, "interactive", ""), "type", "interactive"))
    if found is None:
        raise ContentError("type", "is none that can be sent")
    return found.from_wire(data)

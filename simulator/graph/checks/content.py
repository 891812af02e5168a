"""The content of every type that is neither interactive nor a template.

Source: Cloud API, messages reference: text, media, location, contacts, reaction objects.
"""

from typing import Any

from simulator.graph import errors
from simulator.graph.order import Order
from simulator.media import carried, files, kinds

TEXT_LONGEST = 4096
CAPTION_LONGEST = 1024
CONTACTS_MOST = 257


def check_content(order: Order) -> None:
    """The object of the type is there and within its limits."""
    if order.type in kinds.MEDIA_TYPES:
        _check_media(order.type, order.payload.get(order.type))
    elif order.type in CHECKS:
        CHECKS[order.type](order.payload.get(order.type))
    elif not isinstance(order.payload.get(order.type), dict):
        raise errors.required(order.type)


def check_media_id(order: Order) -> None:
    """A media id was given by, or to, this very number, and is of the right kind."""
    file = carried.file_of(order.type, order.content, order.shown)
    if order.media is not None or file is None or not file.media_id:
        return
    media = files.find(file.media_id)
    if media is None or media.number_id != order.number.pk:
        raise errors.parameter(
            f"Param {file.name} is not a valid whatsapp business account media attachment ID"
        )
    if not kinds.fits(file.kind, media.mime_type):
        raise errors.invalid(f"Media of type {media.mime_type} cannot be sent as {file.kind}.")
    order.media = media


def check_link(name: str, link: Any) -> None:
    """An http or https address."""
    if not str(link).startswith(("http://", "https://")):
        raise errors.parameter(f"Param {name} is not a valid URI.")


def _check_text(given: Any) -> None:
    body = given.get("body") if isinstance(given, dict) else None
    if not body or not isinstance(body, str):
        raise errors.required("text['body']")
    if len(body) > TEXT_LONGEST:
        raise errors.parameter(
            f"Param text['body'] must be at most {TEXT_LONGEST} characters long."
        )


def _check_media(kind: str, given: Any) -> None:
    if not isinstance(given, dict) or not (given.get("id") or given.get("link")):
        raise errors.parameter(f"The parameter {kind}['id'] or {kind}['link'] is required.")
    if not given.get("id"):
        check_link(f"{kind}['link']", given["link"])
    caption = given.get("caption")
    if caption is None:
        return
    if kind in ("audio", "sticker"):
        raise errors.parameter(f'Unexpected key "caption" on param "{kind}".')
    if len(str(caption)) > CAPTION_LONGEST:
        raise errors.parameter(
            f"Param {kind}['caption'] must be at most {CAPTION_LONGEST} characters long."
        )


def _check_location(given: Any) -> None:
    for name, highest in (("latitude", 90), ("longitude", 180)):
        value = given.get(name) if isinstance(given, dict) else None
        if value is None:
            raise errors.required(f"location['{name}']")
        try:
            fits = abs(float(value)) <= highest
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise errors.invalid(f"Param location['{name}'] is not a {name}.")


def _check_contacts(given: Any) -> None:
    if not isinstance(given, list) or not given:
        raise errors.required("contacts")
    if len(given) > CONTACTS_MOST:
        raise errors.invalid(f"Contacts count exceeds the maximum of {CONTACTS_MOST}.")
    for index, one in enumerate(given):
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, dict) or not name.get("formatted_name"):
            raise errors.required(f"contacts[{index}]['name']['formatted_name']")
        if len([part for part in name.values() if part]) < 2:
            raise errors.invalid("At least one name part besides formatted_name is required.")


def _check_reaction(given: Any) -> None:
    if not isinstance(given, dict) or not given.get("message_id"):
        raise errors.required("reaction['message_id']")
    # An empty emoji removes the reaction; without the key nothing was asked.
    if "emoji" not in given:
        raise errors.required("reaction['emoji']")


CHECKS = {
    "text": _check_text,
    "location": _check_location,
    "contacts": _check_contacts,
    "reaction": _check_reaction,
}

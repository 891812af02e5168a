"""What a message holds that is not plain words, made readable: files, places, people, orders, ads.

Read from the stored wire JSON of either direction, which may have any shape: what cannot be read
gives no card, never an error, and the label in the row stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode, urlsplit

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from conversations import media as files
from conversations.models import MediaFile, Message
from conversations.whatsapp.events import read_said
from conversations.whatsapp.events.reading import JsonObject, Unusable, obj, objects, text


@dataclass(frozen=True)
class FileCard:
    """A file; one of `url`, `is_waiting`, `lost` and `away` at most says where it is."""

    shape: str  # image | sticker | audio | video | document
    name: str
    facts: str = ""  # "1.2 MB"
    caption: str = ""
    url: str = ""
    is_waiting: bool = False
    lost: str = ""  # why, in plain words
    away: str = ""  # its address elsewhere: opened only when somebody follows it
    is_header: bool = False  # over the words of a template or of buttons


@dataclass(frozen=True)
class Place:
    """Where something is; the link leaves our pages only when somebody follows it."""

    name: str
    address: str
    url: str


@dataclass(frozen=True)
class Card:
    """A person that the customer sent, with their numbers as they came."""

    name: str
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One line of an order: quantity and price as the customer saw them."""

    product: str
    quantity: str
    price: str  # "899.50 ZAR", each


@dataclass(frozen=True)
class Ad:
    """The ad or post that the customer came from."""

    headline: str
    body: str
    url: str


KINDS = ("image", "video", "audio", "document", "sticker")
NOUNS = {"image": "Photo", "audio": "Recording"}


def file_of(message: Message) -> FileCard | None:
    """The file that came or goes with the message, or stands in the header of what we sent."""
    media: MediaFile | None = getattr(message, "media", None)
    if media is None:
        return _linked(message)
    kept = files.filename_of(media) if media.filename else _noun(message.kind)
    is_header = message.kind == "template"
    card = FileCard("document", kept, caption=_caption(message.content), is_header=is_header)
    if media.state == MediaFile.State.LOST:
        return replace(card, lost=media.error or "It could not be fetched.")
    if media.state != MediaFile.State.HERE:
        return replace(card, is_waiting=True)
    return replace(
        card,
        shape=_shape(message.kind, files.shape_of(media)),
        facts=filesizeformat(media.size) if media.size else "",
        url=reverse("admin:conversations_thread_inbox_media", args=[media.pk]),
    )


def _linked(message: Message) -> FileCard | None:
    """A file of ours that WhatsApp fetched from an address, or that went by the id of an upload:
    there is no copy of it here, and nothing is loaded from elsewhere into our page."""
    if message.direction != Message.Direction.OUT:
        return None
    kind, file = _sent_file(message.content)
    if not kind:
        return None
    url = _web_address(text(file, "link"))
    name = text(file, "filename") or _noun(kind)
    is_header = message.kind not in KINDS
    card = FileCard("document", name, caption=text(file, "caption"), is_header=is_header)
    host = urlsplit(url).hostname or ""
    return replace(card, away=url, facts=f"At {host}" if host else "No copy is kept here")


def _sent_file(content: object) -> tuple[str, JsonObject]:
    """Kind and wire object of the file in a message of ours: its own, or that of its header."""
    whole = obj({"content": content}, "content")
    headers = [obj(obj(whole, "interactive"), "header")]
    for part in objects(obj(whole, "template"), "components"):
        headers += objects(part, "parameters") if text(part, "type") == "header" else []
    for one in (whole, *headers):
        kind = text(one, "type")
        if kind in KINDS and obj(one, kind):
            return kind, obj(one, kind)
    return "", {}


def _noun(kind: str) -> str:
    return NOUNS.get(kind, kind.capitalize())


def _caption(content: object) -> str:
    said = content if isinstance(content, dict) else {}
    return text(obj(said, text(said, "type")), "caption")


def _shape(message_kind: str, shape: str) -> str:
    """By the type that the content showed; a picture sent as a document stays a document."""
    if message_kind == "document":
        return "document"
    return "sticker" if (message_kind, shape) == ("sticker", "image") else shape


def answers_of(message: Message) -> tuple[tuple[str, str], ...]:
    """The fields of a form and their answers."""
    if message.kind != "flow" or not isinstance(message.content, dict):
        return ()
    try:
        return read_said(message.content).answers
    except Unusable:
        return ()


def place_of(content: object) -> Place | None:
    """The place of a location message, with a map of it."""
    place = obj(content, "location")
    spot = (place.get("latitude"), place.get("longitude"))
    if not all(isinstance(part, int | float) and not isinstance(part, bool) for part in spot):
        return None
    url = "https://www.google.com/maps?" + urlencode({"q": f"{spot[0]},{spot[1]}"}, safe=",")
    return Place(text(place, "name") or f"{spot[0]}, {spot[1]}", text(place, "address"), url)


def people_of(content: object) -> tuple[Card, ...]:
    """The people of a contacts message."""
    return tuple(
        Card(
            text(obj(card, "name"), "formatted_name") or "No name",
            tuple(filter(None, (_phone(phone) for phone in objects(card, "phones")))),
        )
        for card in objects(content, "contacts")
    )


def _phone(phone: JsonObject) -> str:
    return text(phone, "phone") or text(phone, "wa_id")


def items_of(content: object) -> tuple[Item, ...]:
    """The lines of an order."""
    return tuple(
        Item(
            text(item, "product_retailer_id") or "Product",
            text(item, "quantity") or "1",
            _price(item),
        )
        for item in objects(obj(content, "order"), "product_items")
    )


def _price(item: JsonObject) -> str:
    try:
        amount = Decimal(text(item, "item_price"))
    except InvalidOperation:
        return ""
    if not amount.is_finite() or abs(amount) >= 10**12:
        return ""
    return f"{amount:,.2f} {text(item, 'currency')}".strip()


def ad_of(message: Message) -> Ad | None:
    """The ad or post that a message came from."""
    referral = obj({"ad": message.referral}, "ad")
    headline, body = text(referral, "headline"), text(referral, "body")
    url = _web_address(text(referral, "source_url"))
    return Ad(headline, body, url) if headline or body or url else None


def _web_address(url: str) -> str:
    """The address where it is one of the web, else "": a link of another scheme may run things."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""

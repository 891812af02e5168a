"""Places, contact cards and orders. Source: Cloud API, webhooks reference, `messages`, by type."""

from typing import Any

import pytest

from conversations.whatsapp.events import read_said
from tests.whatsapp.samples import inbound


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("location", "location", "📍 Location: Karoo Office, 1 Long St, Cape Town"),
        ("location_pin", "location", "📍 Location: -33.9249, 18.4241"),
        ("contacts", "contacts", "👤 Contact: Bob Botha, Alice"),
        ("order", "order", "🛒 Order: 2 products – By Friday please"),
    ],
)
def test_people_can_read_it(name: str, kind: str, text: str) -> None:
    message = inbound(name)
    assert (message.kind, message.text) == (kind, text)
    assert message.opens_window


def test_contact_cards_are_kept_as_they_came() -> None:
    cards = inbound("contacts").content["contacts"]
    assert cards[0]["phones"][0]["wa_id"] == "27820000000"


def test_an_order_keeps_its_products_as_they_came() -> None:
    items = inbound("order").content["order"]["product_items"]
    assert [item["quantity"] for item in items] == ["2", 1]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"type": "order", "order": {"product_items": [{}]}}, "🛒 Order: 1 product"),
        ({"type": "order", "order": {}}, "🛒 Order: 0 products"),
        ({"type": "contacts", "contacts": [{}, "x", {"name": "Bob"}]}, "👤 Contact"),
        ({"type": "contacts", "contacts": {"name": {}}}, "👤 Contact"),
        ({"type": "location", "location": {"name": "Shop"}}, "📍 Location: Shop"),
        ({"type": "location"}, "📍 Location: not available"),
    ],
)
def test_parts_may_be_missing(message: dict[str, Any], text: str) -> None:
    assert read_said(message).text == text

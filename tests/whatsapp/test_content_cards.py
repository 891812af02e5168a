"""Places, contact cards and reactions."""

from typing import Any

import pytest

from conversations.whatsapp.content import (
    Address,
    Card,
    Contacts,
    ContentError,
    Entry,
    Location,
    Reaction,
)

THANDI = Card("Thandi Nkosi", first_name="Thandi", phones=(Entry("+27 82 123 4567", "CELL"),))


def test_a_place_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, location messages."""
    place = Location(-33.9249, 18.4241, name="Shop", address="1 Long St")
    assert place.to_wire()["location"] == {
        "latitude": -33.9249,
        "longitude": 18.4241,
        "name": "Shop",
        "address": "1 Long St",
    }
    assert place.text_for_people() == "📍 Location: Shop, 1 Long St"


def test_a_bare_pin_shows_its_degrees() -> None:
    assert Location(-33.5, 18).text_for_people() == "📍 Location: -33.5, 18"
    assert Location(0, 0).to_wire()["location"] == {"latitude": 0, "longitude": 0}


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (90.1, 0, "latitude"),
        (-91, 0, "latitude"),
        (0, 180.1, "longitude"),
        (float("nan"), 0, "latitude"),
        (float("inf"), 0, "latitude"),
        ("1", 0, "latitude"),
        (True, 0, "latitude"),
    ],
)
def test_it_refuses_places_that_are_not_on_earth(latitude: Any, longitude: Any, field: str) -> None:
    with pytest.raises(ContentError) as refused:
        Location(latitude, longitude)
    assert refused.value.field == field


@pytest.mark.parametrize("edge", [(90, 180), (-90, -180), (90.0, -180.0)])
def test_the_poles_and_the_date_line_are_on_earth(edge: tuple[float, float]) -> None:
    assert Location(*edge).to_wire()["location"] == {"latitude": edge[0], "longitude": edge[1]}


def test_a_contact_card_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, contacts messages."""
    card = Card(
        "Thandi Nkosi",
        first_name="Thandi",
        last_name="Nkosi",
        phones=(Entry("+27821234567", "CELL", wa_id="27821234567"),),
        emails=(Entry("thandi@example.com", "WORK"),),
        urls=(Entry("https://example.com"),),
        addresses=(Address(city="Paarl", country_code="ZA", type="HOME"),),
        company="Karoo",
        birthday="1990-02-28",
    )
    assert Contacts((card,)).to_wire() == {
        "type": "contacts",
        "contacts": [
            {
                "name": {
                    "formatted_name": "Thandi Nkosi",
                    "first_name": "Thandi",
                    "last_name": "Nkosi",
                },
                "org": {"company": "Karoo"},
                "birthday": "1990-02-28",
                "phones": [{"phone": "+27821234567", "type": "CELL", "wa_id": "27821234567"}],
                "emails": [{"email": "thandi@example.com", "type": "WORK"}],
                "urls": [{"url": "https://example.com"}],
                "addresses": [{"city": "Paarl", "country_code": "ZA", "type": "HOME"}],
            }
        ],
    }


def test_an_empty_part_of_a_card_is_left_out() -> None:
    assert set(THANDI.to_wire()) == {"name", "phones"}


def test_people_read_the_names() -> None:
    other = Card("Karoo Office", prefix="The")
    assert Contacts((THANDI, other)).text_for_people() == "👤 Contact: Thandi Nkosi, Karoo Office"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Card("Thandi"), "card.name"),
        (lambda: Card("", first_name="Thandi"), "card.formatted_name"),
        (lambda: Card("Thandi", first_name="T", company=""), "card.company"),
        (lambda: Card("Thandi", first_name="T", phones=(Entry(""),)), "phones.value"),
        (lambda: Card("Thandi", first_name="T", emails=("a@b.c",)), "emails[0]"),  # type: ignore[arg-type]  # misuse
        (lambda: Card("Thandi", first_name="T", addresses=(Address(city=""),)), "addresses.city"),
        (lambda: Contacts(()), "contacts"),
        (lambda: Contacts((THANDI,) * 6), "contacts"),
    ],
)
def test_it_refuses_cards_that_meta_refuses(make: Any, field: str) -> None:
    with pytest.raises(ContentError) as refused:
        make()
    assert refused.value.field == field


def test_a_reaction_is_written_as_meta_wants_it() -> None:
    """Source: Cloud API, reaction messages; an empty emoji removes it."""
    assert Reaction("wamid.A", "👍🏽").to_wire() == {
        "type": "reaction",
        "reaction": {"message_id": "wamid.A", "emoji": "👍🏽"},
    }
    assert Reaction("wamid.A", "").to_wire()["reaction"]["emoji"] == ""


def test_people_read_the_reaction() -> None:
    assert Reaction("wamid.A", "👍").text_for_people() == "Reaction: 👍"
    assert Reaction("wamid.A", "").text_for_people() == "Reaction: taken away"


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "❤️", "1️⃣", "🇿🇦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧‍👦", "ℹ️"])
def test_it_takes_every_sort_of_emoji(emoji: str) -> None:
    assert Reaction("wamid.A", emoji).emoji == emoji


@pytest.mark.parametrize(
    "emoji", ["ok", ":)", " ", "👍 👍", "👍👍", "é", "да", "好", "👍" * 17, None]
)
def test_it_refuses_what_is_no_single_emoji(emoji: Any) -> None:
    with pytest.raises(ContentError) as refused:
        Reaction("wamid.A", emoji)
    assert refused.value.field == "emoji"


def test_a_reaction_needs_its_message() -> None:
    with pytest.raises(ContentError, match="message_id"):
        Reaction("", "👍")

"""Who wrote: ids and names found whatever is missing, doubled, empty or in the wrong order."""

from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, InboundMessage, Person


def senders(messages: list[dict[str, Any]], contacts: Any) -> list[Person | Broken]:
    value = {"metadata": {"phone_number_id": "1"}, "contacts": contacts, "messages": messages}
    entry = {"id": "2", "changes": [{"field": "messages", "value": value}]}
    found = events.parse({"object": "whatsapp_business_account", "entry": [entry]})
    return [event.sender if isinstance(event, InboundMessage) else event for event in found]  # type: ignore[misc]  # nothing else can come


def text(**ids: Any) -> dict[str, Any]:
    return {"id": "wamid.1", "timestamp": "1", "type": "text", "text": {"body": "Hi"}, **ids}


def contact(name: str, **ids: Any) -> dict[str, Any]:
    return {"profile": {"name": name}, **ids}


def test_contacts_are_matched_by_id_and_not_by_place() -> None:
    alice, bob = contact("Alice", wa_id="271"), contact("Bob", wa_id="272")
    found = senders([text(**{"from": "272"}), text(**{"from": "271"})], [alice, bob])
    assert [person.name for person in found if isinstance(person, Person)] == ["Bob", "Alice"]


def test_a_contact_adds_the_id_that_the_message_lacks() -> None:
    both = contact("Alice", wa_id="271", user_id="ZA.1", parent_user_id="ZA.ENT.1")
    expected = Person(wa_id="271", bsuid="ZA.1", parent_bsuid="ZA.ENT.1", name="Alice")
    assert senders([text(**{"from": "271"})], [both]) == [expected]
    assert senders([text(from_user_id="ZA.1")], [both]) == [expected]


def test_a_stranger_s_name_is_never_taken() -> None:
    other = contact("Bob", wa_id="272", user_id="ZA.2")
    assert senders([text(**{"from": "271"})], [other]) == [Person(wa_id="271")]


def test_two_contacts_without_ids_are_not_the_same_person() -> None:
    found = senders([text(from_user_id="ZA.1")], [contact("Nobody"), contact("A", user_id="ZA.1")])
    assert found == [Person(bsuid="ZA.1", name="A")]


def test_a_message_without_ids_belongs_to_the_only_contact() -> None:
    found = senders([text(**{"from": ""})], [contact("Alice", user_id="ZA.1")])
    assert found == [Person(bsuid="ZA.1", name="Alice")]


@pytest.mark.parametrize(
    "contacts",
    [
        None,
        [],
        "x",
        [None],
        [contact("Nobody")],
        [contact("A", wa_id="271"), contact("B", wa_id="272")],
    ],
)
def test_a_message_that_nobody_sent_is_broken(contacts: Any) -> None:
    (found,) = senders([text()], contacts)
    assert isinstance(found, Broken)
    assert found.reason == "nobody is named as sender"


def test_a_user_id_in_the_place_of_the_number_is_not_taken_for_one() -> None:
    assert senders([text(**{"from": "ZA.1"})], []) == [Person(bsuid="ZA.1")]
    known = senders([text(**{"from": "ZA.1", "from_user_id": "ZA.2"})], [])
    assert known == [Person(bsuid="ZA.2")]


def test_a_number_loses_its_plus() -> None:
    assert senders([text(**{"from": "+27821234567"})], []) == [Person(wa_id="27821234567")]


@pytest.mark.parametrize(
    ("profile", "name", "username"),
    [
        ({"name": "  Thandi "}, "Thandi", None),
        ({"name": ""}, None, None),
        ({"name": "🌸"}, "🌸", None),
        ({"name": 5, "username": "@thandi"}, "5", "thandi"),
        ({"username": "thandi"}, None, "thandi"),
        ({"username": "@"}, None, None),
        ("Thandi", None, None),
        (None, None, None),
    ],
)
def test_names_come_in_every_shape(profile: Any, name: str | None, username: str | None) -> None:
    found = senders([text(**{"from": "271"})], [{"wa_id": "271", "profile": profile}])
    assert found == [Person(wa_id="271", name=name, username=username)]

"""Number change, user id change, identity change: the contact goes with them, under both ids."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from conversations.models import Contact, ContactAlias, Message, Thread
from tests import webhooks
from tests.factories import a_contact, a_thread
from tests.intake.samples import THANDI, THANDIS_ID, arrive, speak

CHANGED_AT = 1_749_416_383
NEW = "27831112222"


def the_contact() -> Contact:
    return Contact.objects.get()


def ids() -> set[tuple[str | None, str | None]]:
    return set(Contact.objects.values_list("wa_id", "bsuid"))


def aliases() -> dict[str, datetime | None]:
    return dict(ContactAlias.objects.values_list("value", "valid_until"))


def says(text: str, at: int, wa_id: str, bsuid: str | None = None) -> Any:
    return webhooks.text(wa_id, text, at=at, **({"from_user_id": bsuid} if bsuid else {}))


def moves(at: int, before: tuple[str, str | None], after: dict[str, str]) -> Any:
    kind = "user_changed_number" if "wa_id" in after else "user_changed_user_id"
    content = {"body": "User changed", "type": kind, **after}
    more = {"from_user_id": before[1]} if before[1] else {}
    return webhooks.message(before[0], "system", content, at=at, **more)


@pytest.fixture
def thandi(number: Any) -> Thread:
    contact = a_contact(wa_id=THANDI, bsuid=THANDIS_ID)
    return a_thread(contact=contact, phone_number=number)


def test_a_new_number_is_the_same_contact_and_the_same_thread(thandi: Thread) -> None:
    arrive("messages__system_number_changed")
    assert ids() == {(NEW, "ZA.777")}
    assert the_contact().pk == thandi.contact_id
    assert Message.objects.get().thread == thandi


def test_the_former_ids_stay_as_aliases_the_number_until_the_change(thandi: Thread) -> None:
    arrive("messages__system_number_changed")
    assert aliases() == {THANDI: datetime.fromtimestamp(CHANGED_AT, UTC), THANDIS_ID: None}


def test_it_is_a_line_of_the_conversation(thandi: Thread) -> None:
    arrive("messages__system_number_changed")
    message = Message.objects.get()
    assert (message.kind, message.text) == (
        "system",
        "User Thandi changed from 27821234567 to 27831112222",
    )


def test_the_shape_before_v12_moves_the_contact_too(thandi: Thread) -> None:
    Contact.objects.update(bsuid=None)
    arrive("messages__system_number_changed_v11")
    assert ids() == {(NEW, None)}


def test_without_a_new_user_id_the_old_one_is_no_key_any_more(thandi: Thread) -> None:
    speak(moves(CHANGED_AT, (THANDI, THANDIS_ID), {"wa_id": NEW}))
    assert ids() == {(NEW, None)}
    speak(says("Hello", CHANGED_AT + 60, NEW, "ZA.777"))
    assert ids() == {(NEW, "ZA.777")}


def test_a_user_id_that_holds_after_all_is_the_contacts_again(thandi: Thread) -> None:
    speak(moves(CHANGED_AT, (THANDI, THANDIS_ID), {"wa_id": NEW}))
    speak(says("Hello", CHANGED_AT + 60, NEW, THANDIS_ID))
    assert ids() == {(NEW, THANDIS_ID)}
    assert THANDIS_ID not in aliases()


def test_a_late_message_from_the_former_number_is_theirs(thandi: Thread) -> None:
    arrive("messages__system_number_changed")
    speak(says("sent before", CHANGED_AT - 60, THANDI, THANDIS_ID))
    speak(says("sent before, too", CHANGED_AT - 30, THANDI))
    assert ids() == {(NEW, "ZA.777")}
    assert Message.objects.filter(thread=thandi).count() == 3


def test_whoever_gets_the_former_number_later_is_somebody_else(thandi: Thread) -> None:
    arrive("messages__system_number_changed")
    speak(says("Who is this?", CHANGED_AT + 3600, THANDI))
    stranger = Contact.objects.get(wa_id=THANDI)
    assert stranger.pk != thandi.contact_id
    assert Message.objects.get(text="Who is this?").thread.contact == stranger


def test_in_one_webhook_each_message_finds_whose_it_was(thandi: Thread) -> None:
    speak(
        says("a stranger", CHANGED_AT + 3600, THANDI, "ZA.stranger"),
        says("from the new number", CHANGED_AT + 60, NEW, "ZA.777"),
        moves(CHANGED_AT, (THANDI, THANDIS_ID), {"wa_id": NEW, "user_id": "ZA.777"}),
        says("from the old number", CHANGED_AT - 60, THANDI, THANDIS_ID),
    )
    assert ids() == {(NEW, "ZA.777"), (THANDI, "ZA.stranger")}
    assert Message.objects.filter(thread=thandi).count() == 3


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_there_is_one_contact(order: tuple[int, ...]) -> None:
    said = [
        says("before", CHANGED_AT - 60, THANDI, THANDIS_ID),
        moves(CHANGED_AT, (THANDI, THANDIS_ID), {"wa_id": NEW, "user_id": "ZA.777"}),
        says("after", CHANGED_AT + 60, NEW, "ZA.777"),
    ]
    for place in order:
        speak(said[place])
    assert ids() == {(NEW, "ZA.777")}
    assert aliases().keys() == {THANDI, THANDIS_ID}
    assert (Thread.objects.count(), Thread.objects.get().messages.count()) == (1, 3)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_two_changes_in_every_order_end_at_the_last_number(order: tuple[int, ...]) -> None:
    third = "27844445555"
    said = [
        says("first", CHANGED_AT - 60, THANDI, THANDIS_ID),
        moves(CHANGED_AT, (THANDI, THANDIS_ID), {"wa_id": NEW, "user_id": "ZA.777"}),
        moves(CHANGED_AT + 60, (NEW, "ZA.777"), {"wa_id": third, "user_id": "ZA.888"}),
        says("last", CHANGED_AT + 120, third, "ZA.888"),
    ]
    for place in order:
        speak(said[place])
    assert ids() == {(third, "ZA.888")}
    assert aliases().keys() == {THANDI, THANDIS_ID, NEW, "ZA.777"}
    assert Thread.objects.count() == 1


def test_where_the_new_number_has_a_contact_already_both_are_one(thandi: Thread) -> None:
    a_thread(contact=a_contact("T", wa_id=NEW), phone_number=thandi.phone_number)
    arrive("messages__system_number_changed")
    assert ids() == {(NEW, "ZA.777")}
    assert list(Thread.objects.all()) == [thandi]


def test_the_former_owner_of_the_new_number_keeps_all_but_the_number(thandi: Thread) -> None:
    a_contact("Sipho", wa_id=NEW, bsuid="ZA.sipho")
    arrive("messages__system_number_changed")
    assert ids() == {(NEW, "ZA.777"), (None, "ZA.sipho")}


def test_a_new_user_id_is_the_same_contact(thandi: Thread) -> None:
    arrive("messages__system_user_id_changed")
    assert ids() == {(THANDI, "ZA.888")}
    assert aliases() == {THANDIS_ID: None}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_user_id_changes_in_every_order_end_at_the_last(order: tuple[int, ...]) -> None:
    said = [
        says("first", CHANGED_AT - 60, THANDI, "ZA.1"),
        moves(CHANGED_AT, (THANDI, "ZA.1"), {"user_id": "ZA.2"}),
        moves(CHANGED_AT + 60, (THANDI, "ZA.2"), {"user_id": "ZA.3"}),
        says("last", CHANGED_AT + 120, THANDI, "ZA.3"),
    ]
    for place in order:
        speak(said[place])
    assert ids() == {(THANDI, "ZA.3")}
    assert aliases().keys() == {"ZA.1", "ZA.2"}
    assert (Thread.objects.count(), Thread.objects.get().messages.count()) == (1, 4)


def test_a_new_identity_key_changes_no_id(thandi: Thread) -> None:
    arrive("messages__system_identity_changed")
    assert ids() == {(THANDI, THANDIS_ID)}
    assert Message.objects.get().kind == "system"

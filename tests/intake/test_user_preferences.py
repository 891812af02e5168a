"""Customers who stop or resume marketing in WhatsApp: the ledger of consent follows."""

from itertools import permutations
from typing import Any

import pytest

from conversations import consent
from conversations.models import ConsentEntry, Contact
from tests import webhooks
from tests.factories import a_contact
from tests.intake.samples import THANDI, THANDIS_ID, arrive, changed, speak

AT = 1_731_617_831


def wish(value: str, at: int, **more: Any) -> Any:
    return changed("user_preferences__stop", value=value, timestamp=at, **more)


def withdrawn() -> frozenset[str]:
    return consent.withdrawn(Contact.objects.get())


def test_stop_withdraws_marketing_and_nothing_else() -> None:
    arrive("user_preferences__stop")
    assert withdrawn() == {"marketing"}
    entry = ConsentEntry.objects.get()
    assert (entry.source, entry.at.timestamp(), entry.is_granted) == ("WhatsApp", AT, False)
    assert (entry.contact.wa_id, entry.contact.bsuid) == (THANDI, THANDIS_ID)


@pytest.mark.parametrize("value", ["resume", "signup"])
def test_resume_grants_it_again(value: str) -> None:
    arrive("user_preferences__stop", wish(value, AT + 60))
    assert withdrawn() == frozenset()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_the_latest_wish_holds(order: tuple[int, ...]) -> None:
    wishes = [wish("stop", AT), wish("resume", AT + 60), wish("stop", AT + 120)]
    for place in order:
        arrive(wishes[place])
    assert withdrawn() == {"marketing"}


def test_a_late_wish_never_overrides_what_the_customer_said_since() -> None:
    contact = a_contact(wa_id=THANDI)
    consent.withdraw(
        contact, (ConsentEntry.Purpose.MARKETING,), at=contact.created_at, source="their word"
    )
    arrive("user_preferences__resume")
    assert withdrawn() == {"marketing"}


@pytest.mark.parametrize(
    "more", [{"category": "utility_messages"}, {"value": "a wish of tomorrow"}]
)
def test_wishes_we_do_not_know_change_nothing(more: dict[str, Any]) -> None:
    event = arrive(changed("user_preferences__stop", **more))
    assert event.processed_at is not None
    assert not ConsentEntry.objects.exists()


def test_the_same_wish_in_two_webhooks_is_one_entry() -> None:
    arrive("user_preferences__stop", changed("user_preferences__stop", detail="once more"))
    assert ConsentEntry.objects.count() == 1


def test_stop_among_the_words_holds_at_once_whoever_has_the_thread() -> None:
    speak(webhooks.text(THANDI, "STOP"))
    assert withdrawn() == {"marketing", "service"}
    assert ConsentEntry.objects.filter(message__text="STOP").count() == 2


def test_a_stop_that_was_overtaken_by_a_start_is_left_alone() -> None:
    speak(webhooks.text(THANDI, "START", at=AT + 60))
    speak(webhooks.text(THANDI, "STOP", at=AT))
    assert withdrawn() == frozenset()

"""Brazil, Mexico, Argentina: one telephone, two ways to write it, one contact.

Pairs of real numbering plans: a mobile in São Paulo with and without the ninth digit, one in
Mexico City with and without the 1, one in Buenos Aires with and without the 9.
"""

from typing import Any

import pytest

from conversations import contacts
from conversations.models import Contact, ContactAlias, Message, Thread
from tests import webhooks
from tests.factories import a_contact, a_thread, an_inbound, an_outbound
from tests.intake.samples import NUMBER, arrive, speak

PAIRS = [
    ("5511987654321", "551187654321"),
    ("5215512345678", "525512345678"),
    ("5491123456789", "541123456789"),
]
BOTH_WAYS = [*PAIRS, *((short, long) for long, short in PAIRS)]


def status(recipient: str) -> Any:
    return webhooks.status("wamid.ours", "delivered") | {"recipient_id": recipient}


def told(*statuses: Any) -> None:
    arrive(webhooks.envelope(webhooks.value(statuses=list(statuses), number=NUMBER)))


@pytest.mark.parametrize(("entered", "written"), BOTH_WAYS)
def test_either_form_finds_the_contact(number: Any, entered: str, written: str) -> None:
    contact = a_contact(wa_id=entered)
    speak(webhooks.text(written, "Olá"))
    speak(webhooks.text(written, "Tudo bem?"), webhooks.text(entered, "Olá?"))
    assert Contact.objects.get() == contact
    assert Thread.objects.get().messages.count() == 3
    alias = ContactAlias.objects.get()
    assert (alias.value, alias.valid_until) == (written, None)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_both_forms_in_one_webhook_are_one_contact(first: str, second: str) -> None:
    speak(webhooks.text(first, "Hola"), webhooks.text(second, "¿Hola?"))
    assert Thread.objects.get().messages.count() == 2


@pytest.mark.parametrize(("entered", "written"), PAIRS)
def test_the_form_that_the_status_names_is_remembered(
    number: Any, entered: str, written: str
) -> None:
    thread = a_thread(contact=a_contact(wa_id=entered), phone_number=number)
    an_inbound(thread)
    an_outbound(thread, wamid="wamid.ours")
    told(status(written))
    assert ContactAlias.objects.get().value == written
    assert Message.objects.get(wamid="wamid.ours").status == "delivered"


def test_the_form_that_the_answer_names_is_remembered_once(number: Any) -> None:
    contact = a_contact(wa_id="5511987654321")
    for _ in range(2):
        contacts.remember_alias(contact.pk, "551187654321")
    assert ContactAlias.objects.get().contact == contact


def test_an_alias_is_never_a_second_contact(number: Any) -> None:
    """Who has a number as their own is who writes from it."""
    contact, other = a_contact(wa_id="5511987654321"), a_contact(wa_id="551187654321")
    contacts.remember_alias(contact.pk, "551187654321")
    speak(webhooks.text("551187654321", "Olá"))
    assert Message.objects.get().thread.contact == other
    assert not ContactAlias.objects.exists()


def test_a_new_number_of_the_other_form_leaves_the_old_one_valid(number: Any) -> None:
    contact = a_contact(wa_id="5215512345678")
    content = {"body": "changed", "type": "user_changed_number", "wa_id": "525512345678"}
    speak(webhooks.message("5215512345678", "system", content))
    contact.refresh_from_db()
    assert contact.wa_id == "525512345678"
    assert ContactAlias.objects.get().valid_until is None


def test_other_forms_end_with_the_number_they_are_forms_of(number: Any) -> None:
    a_contact(wa_id="5511987654321")
    speak(webhooks.text("551187654321", "Olá", at=1_749_416_000))
    content = {"body": "changed", "type": "user_changed_number", "wa_id": "27831112222"}
    speak(webhooks.message("551187654321", "system", content, at=1_749_416_383))
    assert not ContactAlias.objects.filter(valid_until=None).exists()
    assert ContactAlias.objects.count() == 2


@pytest.mark.parametrize("landline", ["551133334444", "27821234567", "4915112345678"])
def test_numbers_of_one_form_have_no_other(landline: str) -> None:
    speak(webhooks.text(landline, "Hello"))
    speak(webhooks.text(landline.replace("33334444", "933334444"), "Hello"))
    expected = 2 if landline.startswith("55") else 1
    assert Contact.objects.count() == expected

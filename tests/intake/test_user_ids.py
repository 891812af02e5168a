"""Customers with a user id instead of a number, with both, and two rows that prove to be one."""

from typing import Any

import pytest

from billing.models import Account
from conversations import consent
from conversations.models import (
    ConsentEntry,
    Contact,
    ContactAlias,
    Draft,
    Label,
    Message,
    Notice,
    Thread,
    ThreadEvent,
)
from tests import webhooks
from tests.factories import a_contact, a_phone_number, a_thread, an_agent, an_inbound, an_outbound
from tests.intake.samples import ACCOUNT, NUMBER, THANDI, THANDIS_ID, arrive, changed, speak


def the_contact() -> Contact:
    return Contact.objects.get()


def ids_of(contact: Contact) -> tuple[str | None, str | None]:
    contact.refresh_from_db()
    return contact.wa_id, contact.bsuid


def says(text: str, wa_id: str = "", bsuid: str = "", **more: Any) -> Any:
    named = {"from_user_id": bsuid} if bsuid else {}
    return webhooks.text(wa_id, text, **named, **more)


@pytest.mark.parametrize("name", ["text_user_id_only", "text_user_id_only_empty_from"])
def test_without_a_number_the_user_id_is_who_they_are(name: str) -> None:
    arrive(f"messages__{name}")
    contact = the_contact()
    assert (contact.wa_id, contact.bsuid) == (None, THANDIS_ID)
    assert (contact.name, contact.username) == ("Thandi Nkosi", "thandi")


def test_both_ways_of_leaving_the_number_out_are_one_customer() -> None:
    arrive("messages__text_user_id_only", "messages__text_user_id_only_empty_from")
    assert (Contact.objects.count(), Thread.objects.count()) == (1, 1)


def test_a_known_number_learns_its_user_id() -> None:
    contact = a_contact(wa_id=THANDI)
    arrive("messages__text")
    assert ids_of(contact) == (THANDI, THANDIS_ID)


def test_a_known_user_id_learns_its_number() -> None:
    contact = a_contact(wa_id=None, bsuid=THANDIS_ID)
    arrive("messages__text")
    assert ids_of(contact) == (THANDI, THANDIS_ID)


def test_a_customer_is_the_same_with_and_without_a_number_in_one_webhook() -> None:
    speak(
        says("one", THANDI),
        says("two", "", THANDIS_ID),
        says("three", THANDI, THANDIS_ID),
    )
    assert ids_of(the_contact()) == (THANDI, THANDIS_ID)
    assert Message.objects.filter(thread__contact=the_contact()).count() == 3


@pytest.fixture
def two_rows(number: Any) -> tuple[Thread, Thread]:
    """Thandi by number and, later, by user id: a thread with the same number of ours each."""
    by_number = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    by_user_id = a_thread(contact=a_contact("", wa_id=None, bsuid=THANDIS_ID), phone_number=number)
    return by_number, by_user_id


def test_one_webhook_with_both_ids_makes_one_of_two_rows(two_rows: tuple[Thread, Thread]) -> None:
    older, _ = two_rows
    arrive("messages__text")
    assert ids_of(the_contact()) == (THANDI, THANDIS_ID)
    assert the_contact().pk == older.contact_id
    assert list(Thread.objects.values_list("pk", flat=True)) == [older.pk]


def test_the_joined_thread_has_the_messages_of_both(two_rows: tuple[Thread, Thread]) -> None:
    for thread in two_rows:
        an_inbound(thread, "Hello")
        an_outbound(thread)
    arrive("messages__text")
    thread = Thread.objects.get()
    assert thread.messages.count() == 5
    assert ThreadEvent.objects.filter(thread=thread, kind="merged").count() == 1


def test_whoever_had_one_of_them_has_the_joined_one(two_rows: tuple[Thread, Thread]) -> None:
    alice = an_agent()
    Thread.objects.filter(pk=two_rows[1].pk).update(mode="staff", assigned_to=alice)
    arrive("messages__text")
    thread = Thread.objects.get()
    assert (thread.mode, thread.assigned_to, thread.reply_due_at) == ("staff", alice, None)


def test_the_wider_window_and_the_sum_of_the_unread_hold(two_rows: tuple[Thread, Thread]) -> None:
    for thread in two_rows:
        an_inbound(thread)
    arrive("messages__text")
    thread = Thread.objects.get()
    assert thread.unread_count == 3
    assert thread.window_closes_at is not None
    assert thread.window_closes_at > thread.created_at


def test_accounts_of_both_are_accounts_of_the_one(two_rows: tuple[Thread, Thread]) -> None:
    home, firm, both = (Account.objects.create(name=name) for name in ("Home", "Firm", "Both"))
    home.contacts.add(two_rows[0].contact)
    firm.contacts.add(two_rows[1].contact)
    both.contacts.add(*[thread.contact for thread in two_rows])
    arrive("messages__text")
    assert set(the_contact().accounts.all()) == {home, firm, both}


def test_the_consent_of_both_holds(two_rows: tuple[Thread, Thread]) -> None:
    marketing = ConsentEntry.Purpose.MARKETING
    consent.withdraw(two_rows[1].contact, (marketing,), at=two_rows[1].created_at, source="staff")
    arrive("messages__text")
    assert consent.withdrawn(the_contact()) == {"marketing"}


def test_a_block_of_one_holds_for_both(two_rows: tuple[Thread, Thread]) -> None:
    Contact.objects.filter(pk=two_rows[1].contact_id).update(is_blocked=True)
    arrive("messages__text")
    assert the_contact().is_blocked


def test_the_name_that_staff_gave_and_both_remarks_are_kept(
    two_rows: tuple[Thread, Thread],
) -> None:
    older, newer = (thread.contact_id for thread in two_rows)
    Contact.objects.filter(pk=older).update(name="Thandi", remarks="Rings in the morning.")
    given = {"name": "Mrs Nkosi", "name_is_ours": True, "remarks": "Pays on the 25th."}
    Contact.objects.filter(pk=newer).update(**given)
    arrive("messages__text")
    assert the_contact().name == "Mrs Nkosi"
    assert the_contact().remarks == "Rings in the morning.\nPays on the 25th."


def test_labels_and_drafts_of_both_are_kept_once(two_rows: tuple[Thread, Thread]) -> None:
    label, alice = Label.objects.create(name="VIP"), an_agent()
    for thread in two_rows:
        thread.labels.add(label)
        Draft.objects.create(thread=thread, user=alice, text="Dear Thandi")
    arrive("messages__text")
    thread = Thread.objects.get()
    assert list(thread.labels.all()) == [label]
    assert Draft.objects.get().thread == thread


def test_threads_with_other_numbers_of_ours_stay_threads_of_their_own(number: Any) -> None:
    workshop = a_phone_number(phone_number_id="workshop", waba_id=ACCOUNT)
    a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    a_thread(contact=a_contact(wa_id=None, bsuid=THANDIS_ID), phone_number=workshop)
    arrive("messages__text")
    assert Contact.objects.count() == 1
    assert Thread.objects.filter(contact=the_contact()).count() == 2


def test_two_messages_on_their_way_are_waited_for(two_rows: tuple[Thread, Thread]) -> None:
    for thread in two_rows:
        an_outbound(thread, status=Message.Status.SENDING)
    event = arrive("messages__text")
    assert event.processed_at is None
    assert event.error == "A message of this customer is just being sent. It is tried again."
    assert (Contact.objects.count(), event.next_attempt_at is not None) == (2, True)


def test_a_number_that_comes_with_another_user_id_is_another_persons(number: Any) -> None:
    before = a_contact("Sipho", wa_id=THANDI, bsuid="ZA.sipho")
    account = Account.objects.create(name="Sipho's")
    account.contacts.add(before)
    arrive("messages__text")
    after = Contact.objects.get(bsuid=THANDIS_ID)
    assert ids_of(before) == (None, "ZA.sipho")
    assert (after.wa_id, after.accounts.count()) == (THANDI, 0)
    assert "another WhatsApp user" in Notice.objects.get().text


def test_a_user_id_that_gets_a_strangers_number_takes_only_the_number(number: Any) -> None:
    stranger = a_contact("Sipho", wa_id=THANDI, bsuid="ZA.sipho")
    thandi = a_contact(wa_id=None, bsuid=THANDIS_ID)
    arrive("messages__text")
    assert (ids_of(stranger), ids_of(thandi)) == ((None, "ZA.sipho"), (THANDI, THANDIS_ID))


def test_a_status_that_carries_both_ids_teaches_the_user_id(number: Any) -> None:
    thread = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    an_inbound(thread)
    an_outbound(thread, wamid="wamid.ours")
    arrive("statuses__delivered")
    assert ids_of(thread.contact) == (THANDI, THANDIS_ID)


def test_a_status_that_carries_both_ids_joins_two_rows(two_rows: tuple[Thread, Thread]) -> None:
    an_inbound(two_rows[0])
    an_outbound(two_rows[0], wamid="wamid.ours")
    arrive("statuses__delivered")
    assert ids_of(the_contact()) == (THANDI, THANDIS_ID)
    assert Message.objects.get(wamid="wamid.ours").status == "delivered"


def test_a_status_of_a_message_to_a_former_number_teaches_nothing(number: Any) -> None:
    thread = a_thread(contact=a_contact(wa_id="27830000000"), phone_number=number)
    an_inbound(thread)
    an_outbound(thread, wamid="wamid.ours")
    arrive("statuses__delivered")
    assert ids_of(thread.contact) == ("27830000000", None)
    assert not ContactAlias.objects.exists()


def test_a_new_name_is_taken_over_and_a_missing_one_takes_nothing_away() -> None:
    arrive("messages__text", "messages__text_without_profile", "messages__text_without_contacts")
    assert the_contact().name == "Thandi Nkosi"
    renamed = changed("messages__text_user_id_only_empty_from", id="wamid.renamed")
    renamed["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"]["name"] = "Thandi N"
    arrive(renamed)
    assert (the_contact().name, the_contact().username) == ("Thandi N", "thandi")


def test_a_name_longer_than_the_column_is_cut() -> None:
    speak(
        says("Hello", THANDI),
        contacts=[{"wa_id": THANDI, "profile": {"name": "N" * 300, "username": "u" * 100}}],
        number=NUMBER,
    )
    assert (len(the_contact().name), len(the_contact().username)) == (255, 64)

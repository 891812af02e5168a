"""The gate: what may be sent, and what a refusal says."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from conversations import clock, consent, sending, takeover
from conversations.models import Change, Message, Thread
from conversations.whatsapp.content import Content, Template, Text
from tests.factories import a_contact, a_template, a_thread, an_agent, an_inbound, an_outbound

pytestmark = pytest.mark.django_db

STAFF = Message.Origin.STAFF
OVERDUE = Template.with_body("invoice_overdue", "en_ZA", "Thandi", "R 450.00")


def an_open_thread() -> Thread:
    thread = a_thread()
    an_inbound(thread)
    return thread


def a_shut_thread() -> Thread:
    thread = a_thread()
    an_inbound(thread, sent_at=clock.now() - timedelta(hours=25))
    return thread


def send(thread: Thread, *contents: Content, **more: Any) -> list[Message]:
    return sending.send(thread, contents, origin=more.pop("origin", STAFF), **more)


def test_it_queues_a_row_with_the_window_as_evidence() -> None:
    thread, alice = an_open_thread(), an_agent()
    (row,) = send(thread, Text("Good morning"), by=alice)
    row.refresh_from_db()
    assert (row.status, row.kind, row.text, row.sent_by) == (
        "queued",
        "text",
        "Good morning",
        alice,
    )
    assert row.window_closes_at == thread.window_closes_at
    assert row.next_at is not None


def test_the_list_shows_it_and_nothing_is_unread() -> None:
    thread = an_open_thread()
    (row,) = send(thread, Text("Good morning"))
    thread.refresh_from_db()
    assert (thread.preview, thread.unread_count) == ("Good morning", 0)
    assert Change.objects.filter(thread=thread, message=row).exists()


def test_free_text_is_refused_outside_the_window() -> None:
    thread = a_shut_thread()
    with pytest.raises(sending.WindowClosed) as refused:
        send(thread, Text("Hello?"))
    assert refused.value.closed_at == thread.window_closes_at
    assert "template" in refused.value.what_to_do
    assert not thread.messages.filter(direction="out").exists()


def test_free_text_is_refused_for_who_never_wrote() -> None:
    with pytest.raises(sending.WindowClosed, match="never written"):
        send(a_thread(), Text("Hello?"))


def test_a_template_goes_through_outside_the_window_and_reads_as_the_customer_reads_it() -> None:
    a_template()
    (row,) = send(a_shut_thread(), OVERDUE)
    assert (row.kind, row.text) == (
        "template",
        "Hi Thandi, your invoice for R 450.00 is overdue.",
    )


@pytest.mark.parametrize(
    ("template", "says"),
    [
        (Template.with_body("unheard_of", "en_ZA"), "no template unheard_of"),
        (Template.with_body("invoice_overdue", "en", "a", "b"), "in en"),
        (Template.with_body("invoice_overdue", "en_ZA", "a"), "2"),
        (Template.with_body("invoice_overdue", "en_ZA", "a", "b", "c"), "3"),
    ],
)
def test_a_template_must_be_known_and_filled_as_it_wants(template: Template, says: str) -> None:
    a_template()
    with pytest.raises(sending.TemplateRefused, match=says):
        send(a_shut_thread(), template)


@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "PAUSED", "NEW_AT_META"])
def test_only_an_approved_template_is_sent(status: str) -> None:
    a_template(status=status)
    with pytest.raises(sending.TemplateRefused, match=status.lower()):
        send(a_shut_thread(), OVERDUE)


def test_the_template_of_another_account_is_not_ours() -> None:
    a_template(waba_id="another")
    with pytest.raises(sending.TemplateRefused):
        send(a_shut_thread(), OVERDUE)


@pytest.mark.parametrize(("category", "is_refused"), [("AUTHENTICATION", True), ("UTILITY", False)])
def test_a_one_time_code_goes_to_phone_numbers_only(category: str, is_refused: bool) -> None:
    """Source: Cloud API, error 131062."""
    a_template(category=category)
    hidden = a_thread(contact=a_contact(wa_id=None, bsuid="ZA.1"))
    if not is_refused:
        assert send(hidden, OVERDUE)
        return
    with pytest.raises(sending.TemplateRefused, match="phone number"):
        send(hidden, OVERDUE)


def test_nothing_is_sent_to_a_blocked_contact() -> None:
    a_template()
    thread = a_thread(contact=a_contact(is_blocked=True))
    an_inbound(thread)
    for content in (Text("Hello"), OVERDUE):
        with pytest.raises(sending.ContactBlocked):
            send(thread, content)


@pytest.mark.parametrize(
    ("withdrawn", "category", "refused"),
    [
        ("marketing", "MARKETING", True),
        ("marketing", "UTILITY", False),
        ("service", "MARKETING", True),
        ("service", "UTILITY", True),
    ],
)
def test_the_ledger_decides_about_templates(withdrawn: str, category: str, refused: bool) -> None:
    a_template(category=category)
    thread = a_shut_thread()
    purposes = (consent.Purpose(withdrawn),)
    consent.withdraw(thread.contact, purposes, at=clock.now(), source="test")
    if not refused:
        assert send(thread, OVERDUE)
        return
    with pytest.raises(sending.ConsentWithdrawn, match=withdrawn):
        send(thread, OVERDUE)


def test_who_agreed_again_is_sent_templates_again() -> None:
    a_template()
    thread = a_shut_thread()
    both = (consent.Purpose.MARKETING, consent.Purpose.SERVICE)
    consent.withdraw(thread.contact, both, at=clock.now(), source="test")
    consent.grant(thread.contact, both, at=clock.now(), source="test")
    assert send(thread, OVERDUE)


def test_a_withdrawal_refuses_no_answer_in_an_open_window() -> None:
    thread = an_open_thread()
    consent.withdraw(thread.contact, (consent.Purpose.SERVICE,), at=clock.now(), source="test")
    assert send(thread, Text("Here you are"))


def test_the_parts_of_an_answer_stand_together_or_not_at_all() -> None:
    thread = an_open_thread()
    with pytest.raises(sending.TemplateRefused):
        send(thread, Text("First"), OVERDUE)
    assert not thread.messages.filter(direction="out").exists()


def test_an_automatic_answer_stands_once_however_often_it_is_given() -> None:
    thread = an_open_thread()
    question = thread.messages.get()
    send(thread, Text("Yes"), origin=Message.Origin.ASSISTANT, in_reply_to=question)
    with (
        pytest.raises(IntegrityError, match="message_one_automatic_answer_per_part"),
        transaction.atomic(),
    ):
        send(thread, Text("Yes again"), origin=Message.Origin.ASSISTANT, in_reply_to=question)
    assert question.answers.count() == 1


def test_a_form_that_is_posted_twice_is_one_message() -> None:
    thread, reference = an_open_thread(), uuid.uuid4()
    first = send(thread, Text("Good morning"), reference=reference)
    second = send(thread, Text("Good morning"), reference=reference)
    assert first == second
    assert thread.messages.filter(direction="out").count() == 1


def test_a_reference_of_another_thread_is_not_answered_with_its_rows() -> None:
    reference = uuid.uuid4()
    send(an_open_thread(), Text("For the first"), reference=reference)
    with pytest.raises(IntegrityError):
        send(an_open_thread(), Text("For the second"), reference=reference)


def test_the_database_refuses_free_text_whatever_the_code_does() -> None:
    thread = a_thread()
    with pytest.raises(IntegrityError, match="message_free_form_needs_an_open_window"):
        an_outbound(thread, window_closes_at=clock.now() - timedelta(seconds=1))


@pytest.mark.parametrize("hole", [{"window_closes_at": None}, {"queued_at": None}])
def test_the_database_lets_no_free_text_through_a_missing_date(hole: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="message_free_form_needs_an_open_window"):
        an_outbound(a_thread(), **hole)


def test_a_reply_takes_what_waits_before_it_along() -> None:
    a_template()
    thread = an_open_thread()
    (campaign,) = send(thread, OVERDUE, priority=5)
    send(thread, Text("And to your question"))
    campaign.refresh_from_db()
    assert campaign.priority == 0


def test_sending_again_makes_one_new_row_and_leaves_the_old_one_alone() -> None:
    thread, alice = an_open_thread(), an_agent()
    failed = an_outbound(thread, "Hello", status=Message.Status.FAILED)
    again = sending.send_again(failed, by=alice)
    assert sending.send_again(failed, by=alice) == again
    failed.refresh_from_db()
    assert (again.text, again.status, failed.status) == ("Hello", "queued", "failed")
    assert again.reference != failed.reference


def test_sending_again_passes_the_gate_like_everything_else() -> None:
    thread = a_shut_thread()
    failed = an_outbound(thread, "Hello", status=Message.Status.FAILED)
    with pytest.raises(sending.WindowClosed):
        sending.send_again(failed, by=an_agent())


def test_what_was_written_before_a_colleague_took_over_is_not_sent() -> None:
    thread, alice, carol = an_open_thread(), an_agent(), an_agent("carol")
    takeover.take(thread, by=alice)
    takeover.take(thread, by=carol, from_person=True)
    with pytest.raises(sending.NotYours):
        send(thread, Text("Too late"), by=alice, holder=alice)
    assert send(thread, Text("In time"), by=carol, holder=carol)

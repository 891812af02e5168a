"""The demo shows every state a conversation can be in, and every state is true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations import clock, window
from conversations.models import Message, Thread, ThreadEvent
from waconsole.demo_data import Login

Status = Message.Status


@pytest.fixture(autouse=True)
def loaded(demo: list[Login]) -> None:
    """Every test here looks at the demo."""


def thread(name: str) -> Thread:
    return Thread.objects.get(contact__name=name)


def left(name: str) -> timedelta:
    return window.time_left(thread(name).window_closes_at, clock.now())


def newest(name: str) -> Message:
    return thread(name).messages.order_by("pk").last() or pytest.fail("no messages")


def test_there_are_threads_of_every_mode() -> None:
    modes = {mode: Thread.objects.filter(mode=mode).count() for mode in Thread.Mode.values}
    assert modes["bot"] >= 3
    assert modes["waiting"] >= 2
    assert modes["staff"] >= 3


def test_the_assistant_answers_thandi_in_an_open_window() -> None:
    assert thread("Thandi Mokoena").mode == Thread.Mode.BOT
    assert left("Thandi Mokoena") > timedelta(hours=22)


def test_lerato_waits_long_enough_for_a_notice_and_wrote_again() -> None:
    lerato = thread("Lerato Khumalo")
    assert lerato.mode == Thread.Mode.WAITING
    assert lerato.waiting_since is not None
    assert clock.now() - lerato.waiting_since > timedelta(minutes=15)
    assert lerato.unread_count == 2


def test_sam_has_sipho_and_kim_has_johan() -> None:
    owners = [thread(name).assigned_to for name in ("Sipho Ndlovu", "Johan van der Merwe")]
    assert [owner.username for owner in owners if owner] == ["sam", "kim"]


def test_johans_window_closes_in_about_an_hour() -> None:
    assert timedelta(minutes=50) < left("Johan van der Merwe") < timedelta(minutes=65)


@pytest.mark.parametrize("name", ["Nomvula Dlamini", "Pieter Botha", "Ayesha Patel"])
def test_some_windows_are_shut(name: str) -> None:
    assert thread(name).window_closes_at is not None
    assert left(name) == timedelta()


def test_fatima_has_never_written() -> None:
    fatima = thread("Fatima Essop")
    assert fatima.last_inbound_at is None
    assert fatima.window_closes_at is None
    assert newest("Fatima Essop").kind == "template"


def test_ayesha_is_closed() -> None:
    assert thread("Ayesha Patel").is_closed


def test_pieters_message_failed_because_the_window_shut() -> None:
    failed = newest("Pieter Botha")
    assert (failed.status, failed.error_code) == (Status.FAILED, 131047)


def test_bonganis_bank_details_are_in_doubt_and_a_person_is_wanted() -> None:
    doubtful = Message.objects.get(status=Status.UNCONFIRMED)
    assert doubtful.thread == thread("Bongani Nkosi")
    assert doubtful.wamid is None
    assert "Reference for each account" in doubtful.text
    assert "Dorper Bank" in doubtful.text
    assert doubtful.thread.mode == Thread.Mode.WAITING


def test_zanele_wants_no_more_messages() -> None:
    entries = thread("Zanele Mthembu").contact.consent_entries.all()
    assert {(entry.purpose, entry.is_granted) for entry in entries} == {
        ("marketing", False),
        ("service", False),
    }
    assert {entry.message.text for entry in entries if entry.message} == {"STOP"}


def test_all_ticks_and_many_kinds_are_to_be_seen() -> None:
    outbound = Message.objects.filter(direction="out")
    assert set(outbound.values_list("status", flat=True)) == {
        "sent",
        "delivered",
        "read",
        "failed",
        "unconfirmed",
    }
    assert {"text", "buttons", "list", "template"} <= set(outbound.values_list("kind", flat=True))
    inbound = Message.objects.filter(direction="in")
    kinds = {"text", "button", "list", "image", "voice"}
    assert kinds == set(inbound.values_list("kind", flat=True))


def test_some_threads_are_unread_and_their_list_entry_is_the_newest_message() -> None:
    assert Thread.objects.filter(unread_count__gt=0).count() >= 3
    for each in Thread.objects.all():
        last = each.messages.order_by("pk").last()
        assert last is not None
        assert (each.preview, each.last_message_at) == (last.text[:200], last.sent_at)


def test_ids_and_times_of_a_thread_go_the_same_way() -> None:
    for each in Thread.objects.all():
        times = list(each.messages.order_by("pk").values_list("sent_at", flat=True))
        assert times == sorted(times)


def test_waiting_and_taken_threads_have_their_history() -> None:
    for each in Thread.objects.exclude(mode=Thread.Mode.BOT):
        kinds = set(each.events.values_list("kind", flat=True))
        assert ThreadEvent.Kind.HANDED_OVER in kinds
        assert (ThreadEvent.Kind.TAKEN in kinds) or each.mode == Thread.Mode.WAITING


def test_no_process_has_anything_to_do() -> None:
    assert not Message.objects.filter(status__in=["queued", "sending"]).exists()
    assert not Thread.objects.filter(reply_due_at__isnull=False).exists()


def test_threads_in_bot_mode_have_nothing_unanswered() -> None:
    for each in Thread.objects.filter(mode=Thread.Mode.BOT):
        last = each.messages.order_by("pk").last()
        assert last is not None
        assert last.direction == "out"


def test_the_conversations_are_recent() -> None:
    recent = timezone.now() - timedelta(hours=8)
    assert Thread.objects.filter(last_message_at__gt=recent).count() >= 6

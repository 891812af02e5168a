"""Several processes take in at the same moment: everything once, nobody waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from conversations import clock, consent, intake
from conversations.models import Contact, Message, PhoneNumber, Thread, WebhookEvent
from tests import webhooks
from tests.factories import a_contact, a_phone_number, a_thread
from tests.intake.samples import ACCOUNT, NUMBER, THANDI, THANDIS_ID

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 4


@pytest.fixture(autouse=True)
def number(transactional_db: None) -> PhoneNumber:
    return a_phone_number(phone_number_id=NUMBER, waba_id=ACCOUNT)


def drain_all() -> None:
    """As dispatch does: a deadlock that was broken is no reason to stop."""
    try:
        for _ in range(100):
            try:
                if not intake.drain(3):
                    return
            except OperationalError:
                continue
    finally:
        connection.close()


def drain_at_once() -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(drain_all) for _ in range(AT_ONCE)]:
            done.result()
    intake.drain()
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def post(*messages: Any) -> None:
    assert (
        webhooks.post(webhooks.envelope(webhooks.value(messages=[*messages], number=NUMBER))) == 200
    )


def test_new_customers_are_made_once() -> None:
    for n in range(48):
        post(webhooks.text(f"2782{n % 6:07}", f"message {n}"))
    drain_at_once()
    assert (Contact.objects.count(), Thread.objects.count()) == (6, 6)
    assert Message.objects.count() == 48
    assert sum(Thread.objects.values_list("unread_count", flat=True)) == 48


def test_the_same_messages_in_many_webhooks_are_kept_once() -> None:
    said = [webhooks.text(f"2782{n:07}", f"message {n}") for n in range(6)]
    for turn in range(8):
        post(*said[turn % 6 :], *said[: turn % 6], webhooks.text(THANDI, f"turn {turn}"))
    drain_at_once()
    assert Message.objects.count() == 6 + 8


def test_two_rows_of_one_customer_become_one_while_both_are_written_to(
    number: PhoneNumber,
) -> None:
    for ids in ({"wa_id": THANDI}, {"wa_id": None, "bsuid": THANDIS_ID}):
        a_thread(contact=a_contact(**ids), phone_number=number)
    for n in range(24):
        ids = ({}, {"from_user_id": THANDIS_ID})[n % 2]
        post(
            webhooks.text(THANDI if n % 3 else "", f"message {n}", from_user_id=THANDIS_ID)
            if n % 3 == 0
            else webhooks.text(THANDI, f"message {n}", **ids)
        )
    drain_at_once()
    assert (Contact.objects.count(), Thread.objects.count()) == (1, 1)
    assert Message.objects.count() == 24


def test_of_stop_and_start_at_once_to_two_numbers_the_later_word_holds(
    number: PhoneNumber,
) -> None:
    """Whoever comes second with the earlier word waits, and then leaves it alone."""
    other = a_phone_number(phone_number_id="200000000000002", waba_id=ACCOUNT)
    thandi = a_contact(wa_id=THANDI)
    for one in (number, other):
        a_thread(contact=thandi, phone_number=one)
    now = int(clock.now().timestamp())

    def take_in(words: str, at: int, ours: PhoneNumber) -> None:
        said = [webhooks.text(THANDI, words, at=at)]
        value = webhooks.value(messages=said, number=ours.phone_number_id)
        assert webhooks.post(webhooks.envelope(value)) == 200
        intake.drain()

    def elsewhere() -> None:
        try:
            take_in("STOP", now - 5, other)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take_in("START", now, number)
            second = pool.submit(elsewhere)
            until(lambda: second.done() or somebody_waits())
        second.result()
    assert not WebhookEvent.objects.filter(processed_at=None).exists()
    assert consent.withdrawn(thandi) == frozenset()


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])

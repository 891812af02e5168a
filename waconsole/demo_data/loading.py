"""Puts the demo into a migrated database, once."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from conversations import clock, totals
from conversations.models import Contact, PhoneNumber, Thread
from waconsole.demo_data import (
    business,
    canned_replies,
    customers,
    ledger,
    past,
    staff,
    templates,
)
from waconsole.demo_data.chat import Chat
from waconsole.demo_data.staff import Login
from waconsole.demo_data.stories import STORIES

LOCK = 7_218_340  # any number: two loads at once wait for each other


class DemoRefused(Exception):
    """The demo's passwords are known to everybody, so it exists in development only."""


def load() -> list[Login]:
    """The demo stands in the database; return its logins.

    A database that holds contacts already, its own or the demo's, is left exactly as it is, and of
    the logins those are returned that it has.
    Raises: DemoRefused with DEBUG off.
    Twice, or by two at once: the second changes nothing.
    """
    if not settings.DEBUG:
        raise DemoRefused("The demo is for development: it is not loaded with DEBUG off.")
    with transaction.atomic():
        _wait_for_others()
        if not Contact.objects.exists():
            _fill()
    return staff.logins()


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _fill() -> None:
    now = clock.now()
    people = staff.add()
    contacts = customers.add()
    ledger.add(contacts, clock.today())
    templates.add()
    past.add(clock.today())
    canned_replies.add()
    number, _ = PhoneNumber.objects.get_or_create(
        phone_number_id=business.PHONE_NUMBER_ID,
        defaults={
            "waba_id": business.WABA_ID,
            "display_number": business.DISPLAY_NUMBER,
            "name": business.BUSINESS_NAME,
        },
    )
    for name, story in STORIES.items():
        thread = Thread.objects.create(phone_number=number, contact=contacts[name])
        chat = Chat(thread, now=now, staff=people)
        story(chat)
        chat.save()
    totals.count_lately()  # else the first page would know of the last two days in some minutes

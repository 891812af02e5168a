"""Joining two contacts by hand."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ

from conversations import clock, dispatch, merging
from conversations.contacts import aliases
from conversations.models import Contact, ContactAlias, Message, PhoneNumber, Thread
from tests.desk.together import together
from tests.factories import a_contact, a_phone_number, a_thread, an_agent, an_inbound, an_outbound
from tests.processes.waiting import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> PhoneNumber:
    return a_phone_number()


def who_wrote(ours: PhoneNumber, wa_id: str, *, hours: float = 1) -> Contact:
    contact = a_contact("Thandi", wa_id=wa_id)
    thread = a_thread(contact=contact, phone_number=ours)
    an_inbound(thread, f"From {wa_id}", sent_at=clock.now() - timedelta(hours=hours))
    return contact


def test_one_contact_is_left_with_everything_of_both(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    alice = an_agent()
    kept = merging.merge(old, new, by=alice)
    assert (kept.pk, kept.wa_id) == (old.pk, "27829990002")
    assert Contact.objects.count() == 1
    thread = Thread.objects.get()
    assert set(thread.messages.values_list("text", flat=True)) == {
        "From 27821230001",
        "From 27829990002",
    }
    assert ContactAlias.objects.get().value == "27821230001"
    event = thread.events.get()
    assert (event.kind, event.by) == ("merged", alice)


def test_the_number_of_the_second_is_kept_whichever_row_is_older(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    assert merging.merge(new, old, by=an_agent()).wa_id == "27821230001"


@pytest.mark.parametrize(("ours_old", "ours_new"), [(False, False), (True, True), (False, True)])
def test_the_name_is_that_of_the_number_that_is_kept(
    ours: PhoneNumber, ours_old: bool, ours_new: bool
) -> None:
    old = a_contact("Johan", wa_id="27821230001", name_is_ours=ours_old, language="af")
    new = a_contact("Bongani", wa_id="27829990002", name_is_ours=ours_new, username="bong")
    kept = merging.merge(old, new, by=an_agent())
    assert (kept.pk, kept.name, kept.username, kept.language) == (old.pk, "Bongani", "bong", "af")
    kept.refresh_from_db()
    assert (kept.name, kept.name_is_ours) == ("Bongani", ours_new)


def test_the_name_that_staff_gave_goes_before_the_one_of_the_number(ours: PhoneNumber) -> None:
    old = a_contact("Our Johan", wa_id="27821230001", name_is_ours=True)
    new = a_contact("johan123", wa_id="27829990002")
    kept = merging.merge(old, new, by=an_agent())
    assert (kept.name, kept.name_is_ours, kept.wa_id) == ("Our Johan", True, "27829990002")


def test_the_window_is_that_of_the_number_that_is_answered(ours: PhoneNumber) -> None:
    silent, lately = who_wrote(ours, "27821230001", hours=30), who_wrote(ours, "27829990002")
    window = Thread.objects.get(contact=silent).window_closes_at
    merging.merge(lately, silent, by=an_agent())
    assert Thread.objects.get().window_closes_at == window


def test_a_number_nobody_wrote_from_has_no_window(ours: PhoneNumber) -> None:
    never = a_contact("Thandi", wa_id="27821230001")
    lately = who_wrote(ours, "27829990002")
    merging.merge(lately, never, by=an_agent())
    assert Thread.objects.get().window_closes_at is None


def test_another_form_of_the_number_is_the_same_window(ours: PhoneNumber) -> None:
    first, second = who_wrote(ours, "551187654321", hours=30), who_wrote(ours, "5511987654321")
    merging.merge(second, first, by=an_agent())
    assert Thread.objects.filter(window_closes_at__gt=clock.now()).exists()


def test_who_hid_the_number_gets_it(ours: PhoneNumber) -> None:
    hidden = a_contact("Thandi", wa_id=None, bsuid="ZA.1")
    known = who_wrote(ours, "27821230001")
    kept = merging.merge(known, hidden, by=an_agent())
    assert (kept.wa_id, kept.bsuid) == ("27821230001", "ZA.1")
    assert Thread.objects.get().window_closes_at is not None


def test_a_contact_cannot_be_joined_to_itself(ours: PhoneNumber) -> None:
    thandi = who_wrote(ours, "27821230001")
    with pytest.raises(merging.NotMerged, match="different"):
        merging.merge(thandi, thandi, by=an_agent())


def test_twice_gives_the_one_that_is_left(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    alice = an_agent()
    first = merging.merge(old, new, by=alice)
    assert merging.merge(old, new, by=alice) == first
    assert Thread.objects.get().events.count() == 1


def test_two_that_are_gone_are_said_to_be_gone() -> None:
    with pytest.raises(merging.NotMerged, match="not there"):
        merging.merge(Contact(pk=4711), Contact(pk=4712), by=an_agent())


def test_while_both_are_sending_nothing_is_changed(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    for thread in Thread.objects.all():
        an_outbound(thread, status=Message.Status.SENDING)
    with pytest.raises(merging.StillSending):
        merging.merge(old, new, by=an_agent())
    assert Contact.objects.count() == 2
    assert Thread.objects.count() == 2


def test_who_is_blocked_stays_so_and_meta_hears_of_the_other_number(
    ours: PhoneNumber,
) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    Contact.objects.filter(pk=old.pk).update(is_blocked=True)
    kept = merging.merge(old, new, by=an_agent())
    assert kept.is_blocked
    dispatch.wake_due_blocks()
    assert OrmQ.objects.get().task["func"] == "conversations.jobs.tell_block"


@pytest.mark.django_db(transaction=True)
def test_two_who_join_the_same_at_once_join_them_once(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    alice = an_agent()
    pairs = [(old, new), (new, old), (old, new)]
    results = together(*[partial(merging.merge, one, into, by=alice) for one, into in pairs])
    assert results == [Contact.objects.get()] * 3
    assert Thread.objects.get().events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_waits_for_intake_that_waits_for_them_begins_anew(ours: PhoneNumber) -> None:
    old, new = who_wrote(ours, "27821230001"), who_wrote(ours, "27829990002")
    alice, holds = an_agent(), threading.Event()

    def as_intake_does() -> None:
        """Has a contact first, and asks for the right to join contacts then."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '1min'")  # the other one is ended
            Contact.objects.select_for_update().get(pk=old.pk)
            holds.set()
            wait_for(somebody_waits, what="the other one")
            aliases.lock()

    def by_hand() -> Contact:
        holds.wait(20)
        return merging.merge(old, new, by=alice)

    results = together(as_intake_does, by_hand)
    assert results == [None, Contact.objects.get()]
    assert Thread.objects.get().events.count() == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])

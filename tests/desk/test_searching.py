"""Searching: what is found by which words, by whom, and at what cost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Account, Invoice
from conversations import clock, searching
from conversations.domain import Viewer
from conversations.models import ContactAlias, Message, Thread
from tests.factories import a_contact, a_thread, an_inbound, an_outbound

pytestmark = pytest.mark.django_db

AGENT = Viewer()
SUPERVISOR = Viewer(frozenset({"conversations.see_full_number"}))


def found(words: str, viewer: Viewer = AGENT) -> list[int]:
    return list(searching.threads_matching(words, viewer=viewer))


def with_name(name: str, **fields: Any) -> Thread:
    thread = a_thread(contact=a_contact(name, **fields))
    an_inbound(thread, "Good day")
    return thread


def who_said(*texts: str) -> Thread:
    thread = a_thread(contact=a_contact("Customer"))
    for text in texts:
        an_inbound(thread, text)
    return thread


@pytest.mark.parametrize("words", ["thandi", "NKOSI", "hand", "nkosi thandi", " Thandi  Nkosi "])
def test_it_finds_by_parts_of_a_name_in_any_order(words: str) -> None:
    thandi, _ = with_name("Thandi Nkosi"), with_name("Sipho Ndlovu")
    assert found(words) == [thandi.pk]


def test_every_word_must_be_in_the_name() -> None:
    with_name("Thandi Nkosi")
    with_name("Sipho Ndlovu")
    assert found("thandi ndlovu") == []


@pytest.mark.parametrize("words", ["@thandi.n", "thandi.n"])
def test_it_finds_by_username(words: str) -> None:
    thread = with_name("T", username="thandi.n")
    assert found(words) == [thread.pk]


@pytest.mark.parametrize("words", ["100%", "a_b", "c\\d"])
def test_signs_of_the_database_are_letters_here(words: str) -> None:
    thread = with_name(f"Shop {words} sale")
    with_name("Shop 100 axb c d")
    assert found(words) == [thread.pk]


@pytest.mark.parametrize("words", ["", "  ", "\x00", "'", "&", ":*", "!(", "%", "\\", "' OR 1=1"])
def test_no_words_break_it(words: str) -> None:
    who_said("Good day")
    assert found(words) == []


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "27821230001",
        "082 123 0001",
        "0821230001",
        "+27 82 123 0001",
        "+27 (0)82 123-0001",
        "0027 82 1230001",
        "1230001",
        "٠٨٢١٢٣٠٠٠١",
    ],
)
def test_a_supervisor_finds_a_number_however_it_is_written(words: str) -> None:
    thread = with_name("Thandi", wa_id="27821230001")
    with_name("Sipho", wa_id="27829990002")
    assert found(words, SUPERVISOR) == [thread.pk]


@pytest.mark.parametrize("words", ["0821230001", "+27 82 123 0001", "821230001"])
def test_who_may_not_see_numbers_finds_one_only_by_knowing_it(words: str) -> None:
    thread = with_name("Thandi", wa_id="27821230001")
    assert found(words, AGENT) == [thread.pk]
    assert found(words[:-1], AGENT) == []
    assert found("1230001", AGENT) == []


@pytest.mark.parametrize("words", ["82", "0", "00", "+"])
def test_too_few_digits_find_no_number(words: str) -> None:
    with_name("Thandi", wa_id="27821230001")
    assert found(words, SUPERVISOR) == []


def test_a_former_number_leads_to_its_customer() -> None:
    thread = with_name("Thandi", wa_id="27821230001")
    ContactAlias.objects.create(contact=thread.contact, kind="wa_id", value="27725550000")
    ContactAlias.objects.create(contact=thread.contact, kind="bsuid", value="ZA.27725559999")
    assert found("072 555 0000", SUPERVISOR) == [thread.pk]
    assert found("555 0000", SUPERVISOR) == [thread.pk]
    assert found("555 0000", AGENT) == []
    assert found("072 555 9999", SUPERVISOR) == []


# --- what was said ---------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["late", "LATE", "lat", "late delivery", "my delivery is lat"])
def test_it_finds_by_what_was_said(words: str) -> None:
    thread = who_said("Good day", "My delivery is late!", "Bye")
    who_said("The delivery was on time")
    assert found(words) == [thread.pk]


def test_what_we_said_is_found_too() -> None:
    thread = who_said("Hello")
    an_outbound(thread, "The driver is stuck in Beaufort West")
    assert found("beaufort") == [thread.pk]


def test_all_words_must_be_in_one_message() -> None:
    who_said("The blue chair", "The red table")
    assert found("blue table") == []


def test_only_the_last_word_may_be_unfinished() -> None:
    thread = who_said("The blue chair")
    assert found("blue cha") == [thread.pk]
    assert found("blu chair") == []


def test_two_letters_must_be_a_whole_word() -> None:
    thread = who_said("Is it ok")
    who_said("The okapi")
    assert found("ok") == [thread.pk]


@pytest.mark.parametrize(
    "words", ["INV-1001", "inv-10", "R 4,540.00", "thandi@example.com", "o'neil", "https://a.co/x"]
)
def test_figures_addresses_and_signs_are_found_as_they_are_written(words: str) -> None:
    thread = who_said("R 4,540.00 for INV-1001, thandi@example.com, O'Neil, see https://a.co/x")
    who_said("INV-2002")
    assert found(words) == [thread.pk]


def test_closed_and_old_conversations_are_found() -> None:
    old = a_thread(contact=a_contact("Customer"), is_closed=True)
    an_inbound(old, "The blue chair", sent_at=clock.now() - timedelta(days=900))
    assert found("chair") == [old.pk]


def test_a_common_word_is_found_in_the_newest_and_a_rare_one_in_all(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    threads = [who_said("The chair") for _ in range(6)]
    monkeypatch.setattr(searching, "NEWEST", 4)
    monkeypatch.setattr(searching, "FOUND_AT_MOST", 3)
    newest_first = [thread.pk for thread in reversed(threads)]
    with django_assert_num_queries(2):
        assert found("chair") == newest_first[:3]
    Message.objects.exclude(thread=threads[0]).update(text="The table")
    assert found("chair") == [threads[0].pk]


def say_much(thread: Thread, number: int) -> None:
    now = clock.now()
    Message.objects.bulk_create(
        Message(
            thread=thread,
            direction=Message.Direction.IN,
            origin=Message.Origin.CUSTOMER,
            kind="text",
            text=f"Order {n} " + "is on its way to you and will be there soon " * 10,
            content={},
            status=Message.Status.RECEIVED,
            wamid=f"wamid.{n}",
            sent_at=now,
        )
        for n in range(number)
    )


def test_among_many_messages_what_was_said_is_found_by_the_index() -> None:
    """The expression must be the index's own, or every search reads every message."""
    thread = who_said("The blue chair")
    say_much(thread, 5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE conversations_message")
    with CaptureQueriesContext(connection) as asked:
        assert found("chair") == [thread.pk]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on message_words" in plan
    assert "Seq Scan on conversations_message" not in plan


def test_a_hit_is_the_newest_message_that_says_it() -> None:
    thread = who_said("A chair", "The chair is late", "Hello?")
    by_name = with_name("Chairman")
    hits = searching.threads_matching("chair", viewer=AGENT)
    hit = hits[thread.pk]
    assert hit is not None
    assert (hit.text, hit.message_id) == (
        "The chair is late",
        thread.messages.get(text="The chair is late").pk,
    )
    assert hits[by_name.pk] is None


# --- domains, order, cost --------------------------------------------------------------------


def test_what_a_domain_knows_is_found() -> None:
    thread = with_name("Thandi")
    account = Account.objects.create(name="Karoo Farms")
    account.contacts.add(thread.contact)
    today = clock.today()
    Invoice.objects.create(
        number="INV-7007", account=account, amount=1, issued_on=today, due_on=today
    )
    assert found("7007") == [thread.pk]
    assert found("karoo farms") == [thread.pk]


def test_without_domains_it_still_finds(settings: Any) -> None:
    settings.BUSINESS_DOMAINS = {}
    thread = with_name("Thandi")
    assert found("thandi") == [thread.pk]


def test_the_newest_comes_first_and_none_comes_twice() -> None:
    now = clock.now()
    old, new, middle = with_name("Thandi"), with_name("Thandi"), who_said("Thandi here")
    for days, thread in enumerate((new, middle, old)):
        Thread.objects.filter(pk=thread.pk).update(last_message_at=now - timedelta(days=days))
    an_inbound(new, "Thandi again")
    assert found("thandi") == [new.pk, middle.pk, old.pk]


def test_it_costs_the_same_however_much_is_found(django_assert_num_queries: Any) -> None:
    for n in range(30):
        an_inbound(with_name(f"Thandi {n}"), "Thandi here")
    found("thandi")
    with django_assert_num_queries(2):  # billing, and all else
        assert len(found("thandi", SUPERVISOR)) == 30

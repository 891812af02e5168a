"""The list: filters with counts, search, pages, and what stands in a row."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import Settings

from billing.models import Account, Invoice
from conversations import clock, takeover
from conversations.models import Label, Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


def named(name: str, **fields: object) -> Thread:
    thread = factories.a_thread(contact=factories.a_contact(name), **fields)  # type: ignore[arg-type]
    factories.an_inbound(thread, f"Hello from {name}")
    return thread


def names(html: str) -> list[str]:
    return re.findall(r'class="wa-name">([^<]+)<', html)


def listed(client: Client, **query: str) -> list[str]:
    return names(fragment(client, f"{INBOX}list/", **query))


def test_each_filter_shows_its_own(client: Client) -> None:
    alice, kim = User.objects.get(username="alice"), factories.an_agent("kim")
    for name in ("Bot", "Waits", "Mine", "Kims", "Done"):
        named(name)
    by_name = {thread.contact.name: thread for thread in Thread.objects.all()}
    takeover.hand_over(by_name["Waits"], reason="asked")
    takeover.take(by_name["Mine"], by=alice)
    takeover.take(by_name["Kims"], by=kim)
    takeover.close(by_name["Done"], by=kim)
    shown = {
        name: set(listed(client, f=name))
        for name in ("open", "mine", "person", "unassigned", "assistant", "closed")
    }
    assert shown == {
        "open": {"Bot", "Waits", "Mine", "Kims"},
        "mine": {"Mine"},
        "person": {"Waits"},
        "unassigned": {"Waits"},
        "assistant": {"Bot"},
        "closed": {"Done"},
    }
    page = client.get(INBOX).content.decode()
    counts = dict(re.findall(r'data-count="(\w+)">(\d+\+?)<', page))
    assert {name: int(counts[name]) for name in shown} == {n: len(s) for n, s in shown.items()}


def test_closing_soon_is_what_the_customer_still_waits_for(client: Client) -> None:
    now = clock.now()
    for name, hours in (("Soon", 22.5), ("Fresh", 3), ("Shut", 25), ("Answered", 22.5)):
        thread = factories.a_thread(contact=factories.a_contact(name))
        factories.an_inbound(thread, sent_at=now - timedelta(hours=hours))
    factories.an_outbound(Thread.objects.get(contact__name="Answered"))
    assert listed(client, f="closing") == ["Soon"]


def test_failed_is_the_newest_message_of_ours(client: Client) -> None:
    for name, statuses in (
        ("Failed", [Message.Status.SENT, Message.Status.FAILED]),
        ("Doubtful", [Message.Status.UNCONFIRMED]),
        ("Mended", [Message.Status.FAILED, Message.Status.SENT]),
    ):
        thread = named(name)
        for status in statuses:
            factories.an_outbound(thread, status=status)
    assert set(listed(client, f="failed")) == {"Failed", "Doubtful"}


def test_an_unknown_filter_means_all_open_ones(client: Client) -> None:
    named("Thandi")
    assert listed(client, f="nonsense") == ["Thandi"]


def test_counts_end_at_99(client: Client) -> None:
    number, now = factories.a_phone_number(), clock.now()
    for _ in range(101):
        factories.a_thread(phone_number=number, last_inbound_at=now)
    page = client.get(INBOX).content.decode()
    assert 'data-count="open">99+<' in page
    assert 'data-count="mine">0<' in page


@pytest.mark.parametrize(
    "words", ["thandi", "NKOSI", "di nk", "0821234567", "+27 82 123 4567", "82 123 4567"]
)
def test_search_finds_by_name_and_number(client: Client, words: str) -> None:
    contact = factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    factories.an_inbound(factories.a_thread(contact=contact))
    other = factories.a_contact("Pieter Botes", wa_id="27739876543")
    factories.an_inbound(factories.a_thread(contact=other))
    assert listed(client, q=words) == ["Thandi Nkosi"]


def test_a_part_of_a_number_finds_only_for_who_sees_numbers(client: Client) -> None:
    contact = factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    factories.an_inbound(factories.a_thread(contact=contact))
    assert listed(client, q="+27 82 123") == []
    assert listed(signed_in(factories.a_supervisor()), q="+27 82 123") == ["Thandi Nkosi"]


def test_search_finds_by_what_billing_knows(client: Client) -> None:
    thread = named("Thandi")
    named("Pieter")
    account = Account.objects.create(name="Nkosi Holdings")
    account.contacts.add(thread.contact)
    today = clock.today()
    Invoice.objects.create(
        number="INV-7731", account=account, amount=100, issued_on=today, due_on=today
    )
    assert listed(client, q="INV-7731") == ["Thandi"]


def test_search_looks_through_closed_ones_and_within_a_chosen_filter(client: Client) -> None:
    takeover.close(named("Thandi"), by=User.objects.get(username="alice"))
    assert listed(client, q="Thandi") == ["Thandi"]
    assert listed(client, q="Thandi", f="mine") == []


@pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "\\", "x" * 500, "٣٤٥"])
def test_search_takes_every_character_as_itself(client: Client, words: str) -> None:
    named("Thandi")
    assert listed(client, q=words) == []


def test_pages_reach_every_conversation_once(client: Client) -> None:
    number, now = factories.a_phone_number(), clock.now()
    for n in range(95):
        # Several of the same moment: the key decides between them.
        factories.a_thread(
            contact=factories.a_contact(f"Customer {n:02}"),
            phone_number=number,
            last_inbound_at=now - timedelta(minutes=n // 7),
        )
    seen: list[str] = []
    html, pages = client.get(INBOX).content.decode(), 1
    seen += names(html)
    while cursor := re.search(r"list/\?cur=(\d+_\d+)", html):
        html = fragment(client, f"{INBOX}list/", cur=cursor[1])
        seen += names(html)
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 95


def test_pages_stay_without_doubles_while_messages_come(client: Client) -> None:
    number, now = factories.a_phone_number(), clock.now()
    for n in range(95):
        contact = factories.a_contact(f"Customer {n:02}")
        factories.a_thread(
            contact=contact, phone_number=number, last_inbound_at=now - timedelta(minutes=n + 1)
        )
    html = client.get(INBOX).content.decode()
    seen = names(html)
    while cursor := re.search(r"list/\?cur=(\d+_\d+)", html):
        # The last one of all writes, and somebody new.
        factories.an_inbound(Thread.objects.get(contact__name="Customer 94"))
        named(f"New {len(seen)}")
        html = fragment(client, f"{INBOX}list/", cur=cursor[1])
        seen += names(html)
    assert len(seen) == len(set(seen))
    assert set(seen) == {f"Customer {n:02}" for n in range(94)}
    assert set(listed(client)[:3]) == {"Customer 94", "New 40", "New 80"}


@pytest.mark.parametrize("cursor", ["x", "1_", "_1", "9" * 30 + "_1", "-1_-1", "1_" + "9" * 30])
def test_a_cursor_that_is_none_gives_the_top(client: Client, cursor: str) -> None:
    named("Thandi")
    assert listed(client, cur=cursor) == ["Thandi"]


def test_a_row_says_what_one_must_know(client: Client) -> None:
    now = clock.now()
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "First", sent_at=now - timedelta(hours=22, minutes=30))
    factories.an_inbound(thread, "Second\nline", sent_at=now - timedelta(hours=22, minutes=29))
    html = fragment(client, f"{INBOX}list/")
    assert "Second line" in html
    assert '<span class="wa-badge">2<span class="wa-unseen"> unread</span>' in html
    assert "is-closing" in html
    assert re.search(r"data-left-text>1 h<", html)
    assert ">Assistant</span>" in html


@pytest.mark.parametrize(
    ("status", "mark"),
    [("queued", "M8 5v3.3"), ("sent", "m4 8.5"), ("delivered", "m1.5"), ("failed", "is-wrong")],
)
def test_the_preview_of_our_own_message_has_its_tick(
    client: Client, status: str, mark: str
) -> None:
    factories.an_outbound(named("Thandi"), status=Message.Status(status))
    html = fragment(client, f"{INBOX}list/")
    assert mark in html


def test_what_is_owed_stands_in_the_row(client: Client) -> None:
    thread = named("Thandi")
    account = Account.objects.create(name="Nkosi")
    account.contacts.add(thread.contact)
    due = clock.today() - timedelta(days=5)
    Invoice.objects.create(number="1", account=account, amount=450, issued_on=due, due_on=due)
    assert "R 450.00 overdue" in fragment(client, f"{INBOX}list/")


def test_a_business_without_domains_has_a_list_too(client: Client, settings: Settings) -> None:
    settings.BUSINESS_DOMAINS = {}
    named("Thandi")
    assert listed(client, q="Thandi") == ["Thandi"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Messages appear here as soon as customers write."),
        ({"f": "mine"}, "No conversations match this filter."),
        ({"q": "nobody"}, "No conversations match."),
    ],
)
def test_an_empty_list_says_why(client: Client, query: dict[str, str], words: str) -> None:
    assert words in fragment(client, f"{INBOX}list/", **query)


@pytest.mark.parametrize(("name", "is_there"), [("open", False), ("snoozed", True)])
def test_what_is_put_aside_has_a_list_of_its_own(client: Client, name: str, is_there: bool) -> None:
    aside = factories.a_thread(snoozed_until=clock.now() + timedelta(hours=1))
    factories.an_inbound(aside)
    html = fragment(client, f"{INBOX}list/", f=name)
    assert (f'id="t{aside.pk}"' in html) == is_there


def label_on(thread: Thread, name: str, tone: str = "grey") -> Label:
    label, _ = Label.objects.get_or_create(name=name, tone=tone)
    thread.labels.add(label)
    return label


def test_a_row_shows_labels_group_failure_and_until_when_it_is_aside(client: Client) -> None:
    thread = named("Thandi")
    label_on(thread, "Refund", "amber")
    group = Group.objects.get(name="Agent")
    takeover.assign_to_group(thread, group=group, by=User.objects.get(username="alice"))
    factories.an_outbound(thread, status=Message.Status.FAILED)
    factories.an_inbound(thread, "Still nothing")
    html = fragment(client, f"{INBOX}list/")
    chips = re.findall(r'class="wa-chip (\w+)">(?:<span[^>]*>\w+</span>)?([^<]+)<', html)
    assert chips == [("red", "Needs a person: Agent"), ("red", "Failed"), ("amber", "Refund")]
    Thread.objects.update(snoozed_until=clock.now() + timedelta(days=2))
    assert ">snooze</span>" in fragment(client, f"{INBOX}list/", f="snoozed")


def test_the_list_narrows_to_a_label(client: Client) -> None:
    refund = label_on(named("Thandi"), "Refund")
    label_on(named("Pieter"), "Delivery")
    closed = named("Johan")
    label_on(closed, "Refund")
    takeover.close(closed, by=User.objects.get(username="alice"))
    assert listed(client, l=str(refund.pk)) == ["Thandi"]
    assert listed(client, l=str(refund.pk), f="closed") == ["Johan"]
    assert set(listed(client, l="x")) == {"Thandi", "Pieter"}
    page = client.get(INBOX, {"l": refund.pk}).content.decode()
    assert names(page) == ["Thandi"]
    assert "<span data-label-name>Refund</span>" in page


def test_the_label_menu_counts_open_conversations(client: Client) -> None:
    refund = label_on(named("Thandi"), "Refund")
    label_on(named("Pieter"), "Refund")
    Label.objects.create(name="Never")
    html = fragment(client, f"{INBOX}labels/", f="mine", l=str(refund.pk))
    found = re.findall(r'wa-chip grey">(\w+)</span><span class="wa-item-end">(\d+)<', html)
    assert found == [("Never", "0"), ("Refund", "2")]
    assert f'href="{INBOX}?f=mine&amp;l={refund.pk}" aria-current="true"' in html
    assert "Any label" in html


def test_without_labels_the_menu_says_so_and_bob_may_not(client: Client) -> None:
    assert "There are no labels yet." in fragment(client, f"{INBOX}labels/")
    bob = signed_in(factories.bob())
    assert bob.get(f"{INBOX}labels/", headers={"HX-Request": "true"}).status_code == 403

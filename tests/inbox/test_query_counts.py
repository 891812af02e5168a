"""How many queries each page makes for an agent, and that more rows do not make more."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from billing.models import Account, Invoice
from conversations import changes, clock, consent, notes, takeover
from conversations.models import Contact, Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, at, signed_in

pytestmark = pytest.mark.django_db

PAGE, LIST, SEARCH, CONVERSATION, POLL = 12, 4, 6, 8, 4
ADMIN_PAGE = 12


@pytest.fixture
def thread(client: Client) -> Thread:
    """One of sixty, with everything in it that might cost a query."""
    number, now = factories.a_phone_number(), clock.now()
    for n in range(60):
        contact = factories.a_contact(f"Customer {n}")
        other = factories.a_thread(contact=contact, phone_number=number)
        factories.an_inbound(other, sent_at=now - timedelta(hours=1 + n % 30))
    thread = factories.a_thread(contact=factories.a_contact("Thandi"), phone_number=number)
    alice, kim = User.objects.get(username="alice"), factories.an_agent("kim")
    takeover.take(thread, by=kim)
    takeover.take(thread, by=alice, from_person=True)
    question = factories.an_inbound(thread)
    for status in (Message.Status.FAILED, Message.Status.UNCONFIRMED, Message.Status.READ):
        for user in (alice, kim):
            factories.an_outbound(thread, status=status, sent_by=user, quotes=question.wamid)
    factories.an_outbound(thread, trace={"again": thread.messages.latest("pk").pk})
    for by in (alice, kim):
        notes.add(thread, "@alice @kim look", by=by)
    consent.withdraw(thread.contact, (consent.Purpose.MARKETING,), at=now, source="customer")
    _invoices()
    return thread


def _invoices() -> None:
    today = clock.today()
    for n, contact in enumerate(Contact.objects.all()):
        account = Account.objects.create(name=f"Account {n}")
        account.contacts.add(contact)
        Invoice.objects.create(
            number=str(n), account=account, amount=1, issued_on=today, due_on=today
        )


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


def count(ask: Any, client: Client, path: str, query: dict[str, Any], **kwargs: Any) -> None:
    # What is looked up once per process is not what a page costs.
    client.get(path, query, **kwargs)
    with ask[0](ask[1]):
        assert client.get(path, query, **kwargs).status_code in (200, 204)


def test_the_inbox(client: Client, thread: Thread, django_assert_max_num_queries: Any) -> None:
    limit = (django_assert_max_num_queries, PAGE)
    count(limit, client, INBOX, {})
    count(limit, client, at(thread), {})
    count(limit, client, INBOX, {"f": "failed"})


def test_the_list(client: Client, thread: Thread, django_assert_max_num_queries: Any) -> None:
    limit = (django_assert_max_num_queries, LIST)
    for query in ({}, {"f": "failed"}, {"f": "mine"}, {"f": "closed"}):
        count(limit, client, f"{INBOX}list/", query, headers=SCRIPT)


def test_a_search(client: Client, thread: Thread, django_assert_max_num_queries: Any) -> None:
    limit = (django_assert_max_num_queries, SEARCH)
    count(limit, client, f"{INBOX}list/", {"q": "Customer 1"}, headers=SCRIPT)


def test_a_conversation(client: Client, thread: Thread, django_assert_max_num_queries: Any) -> None:
    limit = (django_assert_max_num_queries, CONVERSATION)
    count(limit, client, at(thread), {}, headers=SCRIPT)
    count(limit, client, at(thread, "panel/"), {}, headers=SCRIPT)
    for part in ("past", "ledger"):
        count(limit, client, at(thread, "panel/"), {"show": part}, headers=SCRIPT)
    first, newest = thread.messages.earliest("pk").pk, thread.messages.latest("pk").pk
    count(limit, client, at(thread), {"at": first}, headers=SCRIPT)
    count(limit, client, at(thread, "older/"), {"before": newest}, headers=SCRIPT)


def test_joining_contacts(thread: Thread, django_assert_max_num_queries: Any) -> None:
    supervisor, other = signed_in(factories.a_supervisor()), Contact.objects.last()
    limit = (django_assert_max_num_queries, CONVERSATION)
    for query in ({}, {"q": "Customer"}, {"other": other.pk if other else 0}):
        count(limit, supervisor, at(thread, "merge/"), query, headers=SCRIPT)


@pytest.mark.django_db(transaction=True)  # what one transaction has written is news to itself
def test_an_idle_poll(client: Client, thread: Thread, django_assert_max_num_queries: Any) -> None:
    query = {"after": changes.horizon(), "thread": thread.pk}
    count((django_assert_max_num_queries, POLL), client, f"{INBOX}changes/", query, headers=SCRIPT)


def test_the_template_dialog(
    client: Client, thread: Thread, django_assert_max_num_queries: Any
) -> None:
    Thread.objects.update(assigned_to=User.objects.get(username="alice"), mode="staff")
    template = factories.a_template()
    limit = (django_assert_max_num_queries, CONVERSATION)
    count(limit, client, at(thread, "template/"), {"template": template.pk}, headers=SCRIPT)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/conversations/thread/",
        "/admin/conversations/contact/",
        "/admin/conversations/message/",
        "/admin/conversations/messagetemplate/",
        "/admin/conversations/webhookevent/",
        "/admin/billing/account/",
        "/admin/billing/invoice/",
    ],
)
def test_the_ordinary_pages(
    client: Client, thread: Thread, path: str, django_assert_max_num_queries: Any
) -> None:
    supervisor = signed_in(factories.a_supervisor())
    count((django_assert_max_num_queries, ADMIN_PAGE), supervisor, path, {})
    with django_assert_max_num_queries(ADMIN_PAGE):
        supervisor.get(path, {"q": "1"})

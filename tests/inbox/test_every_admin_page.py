"""Every page that the admin has registered: for whom it opens, and at how many queries.

What is registered later is walked as well. Until it is named in `GROUPS` it must be shut to all
groups; superusers see everything.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task

from billing import importing
from billing.models import Account, Invoice
from conversations import clock, consent, notices
from conversations.models import (
    ApiCall,
    CannedReply,
    Contact,
    DailyTotal,
    Label,
    MessageTemplate,
    Thread,
    WebhookDelivery,
    WebhookEvent,
    WebhookSubscription,
)
from tests import factories
from tests.api.calling import a_key
from tests.inbox.pages import at, signed_in

pytestmark = pytest.mark.django_db

QUERIES_MAX = 12
MANY = 55  # more than a page of any list

SEEN = {
    "conversations.thread",
    "conversations.contact",
    "conversations.message",
    "conversations.messagetemplate",
    "conversations.notice",
    "conversations.cannedreply",
    "conversations.label",
    "conversations.dailytotal",
    "billing.account",
    "billing.invoice",
}
IMPORTS = {"billing.ledgerimport", "billing.importrow"}
# By group: the models whose lists and rows open, and those of which a row can be added.
GROUPS: dict[str, tuple[Callable[[], User], set[str], set[str]]] = {
    "Agent": (factories.an_agent, SEEN, set()),
    "Supervisor": (
        factories.a_supervisor,
        SEEN | IMPORTS | {"conversations.webhookevent"},
        {"conversations.cannedreply", "conversations.label"},
    ),
    "Billing": (factories.a_clerk, SEEN | IMPORTS, {"billing.account", "billing.invoice"}),
    "nobody": (factories.bob, set(), set()),
}
WRITTEN_BY_THE_MACHINE = {
    "conversations.apicall",
    "conversations.thread",
    "conversations.contact",
    "conversations.message",
    "conversations.notice",
    "conversations.webhookevent",
    "conversations.dailytotal",
    "conversations.webhookdelivery",
    "billing.ledgerimport",
    "billing.importrow",
    "django_q.success",
    "django_q.failure",
    "django_q.ormq",
}


@pytest.fixture
def many() -> None:
    """More than a page of everything, each row with its neighbours, where a query might hide."""
    number, now, today = factories.a_phone_number(), clock.now(), clock.today()
    labels = Label.objects.bulk_create(Label(name=f"Label {n}") for n in range(MANY))
    users = [factories.an_agent(f"agent{n}") for n in range(MANY)]
    for n in range(MANY):
        contact = factories.a_contact(f"Customer {n}")
        thread = factories.a_thread(
            contact=contact, phone_number=number, mode=Thread.Mode.STAFF, assigned_to=users[n]
        )
        thread.labels.add(labels[n], labels[0])
        factories.an_inbound(thread)
        factories.an_outbound(thread, sent_by=users[n])
        consent.withdraw(contact, (consent.Purpose.MARKETING,), at=now, source="said STOP")
        account = Account.objects.create(name=f"Account {n}", external_id=str(n))
        account.contacts.add(contact)
        Invoice.objects.create(
            number=f"INV-{n}", account=account, amount=1, issued_on=today, due_on=today
        )
        notices.raise_notice(
            f"waiting:{n}", level=notices.Level.WARNING, text="Waits.", thread=thread
        )
        factories.a_template(f"template_{n}")
        factories.a_phone_number()
        Group.objects.create(name=f"Group {n}")
    _rows_without_neighbours(now)


def _rows_without_neighbours(now: Any) -> None:
    days = [clock.today() - timedelta(days=n) for n in range(MANY)]
    DailyTotal.objects.bulk_create(DailyTotal(day=day) for day in days)
    CannedReply.objects.bulk_create(CannedReply(shortcut=f"c{n}", text="Hi") for n in range(MANY))
    WebhookEvent.objects.bulk_create(
        WebhookEvent(body=b"{}", digest=f"{n:032}".encode(), error="No such number")
        for n in range(MANY)
    )
    named = importing.begin(["nonsense"] * MANY, [], all_or_nothing=False, asked_by="ERP")
    importing.run(named.pk)
    for _ in range(MANY):
        importing.begin([], [], all_or_nothing=True, asked_by="ERP")
    importing.begin(
        [{"external_id": f"k{n}"} for n in range(MANY)], [], all_or_nothing=False, asked_by="ERP"
    )
    for n in range(MANY):
        client, _ = a_key("contacts:read")
        ApiCall.objects.create(
            at=now, client=client, status=200, milliseconds=1, request_id=uuid.uuid4()
        )
        subscription = WebhookSubscription.objects.create(
            name=f"ERP {n}", url="https://erp.example.com/", client=client
        )
        WebhookDelivery.objects.create(
            subscription=subscription,
            type="test",
            at=now,
            payload={},
            next_at=now,
            give_up_at=now,
        )
        Schedule.objects.create(name=f"s{n}", func="conversations.jobs.reply")
        for success in (True, False):
            Task.objects.create(
                id=f"{n}{success}",
                name=f"t{n}",
                func="conversations.jobs.reply",
                started=now,
                stopped=now,
                success=success,
            )
        OrmQ.objects.create(key="waconsole", payload="not signed", lock=timezone.now())


def addresses(model: type[Model]) -> Iterator[tuple[str, str]]:
    """List, form for a new row, page of a row: what it is, and where."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield "list", reverse(f"{name}_changelist")
    yield "add", reverse(f"{name}_add")
    if row := model._default_manager.order_by("-pk").first():
        yield "row", reverse(f"{name}_change", args=[row.pk]) + "?form=1"


def registered() -> dict[str, type[Model]]:
    return {model._meta.label_lower: model for model in admin.site._registry}


def asked(client: Client, path: str) -> tuple[int, int]:
    """The status of a page, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        status = client.get(path).status_code
    return status, len(queries)


def walk(client: Client) -> dict[tuple[str, str], tuple[int, int]]:
    client.get("/admin/")  # what is looked up once per process is not what a page costs
    return {
        (label, what): asked(client, path)
        for label, model in registered().items()
        for what, path in addresses(model)
    }


def dear(answers: dict[tuple[str, str], tuple[int, int]]) -> dict[tuple[str, str], int]:
    return {page: queries for page, (_, queries) in answers.items() if queries > QUERIES_MAX}


def test_a_superuser_opens_everything_at_few_queries(many: None) -> None:
    answers = walk(signed_in(User.objects.create_superuser("root")))
    assert {label for label, what in answers if what == "row"} == set(registered())
    shut = {page for page, (status, _) in answers.items() if status != 200}
    assert shut == {(label, "add") for label in WRITTEN_BY_THE_MACHINE}
    assert dear(answers) == {}


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_opens_what_it_may_and_nothing_else(group: str, many: None) -> None:
    make, seen, added = GROUPS[group]
    answers = walk(signed_in(make()))
    opened = {page for page, (status, _) in answers.items() if status == 200}
    wanted = {(label, what) for label in seen for what in ("list", "row")}
    assert opened == wanted | {(label, "add") for label in added}
    assert {status for page, (status, _) in answers.items() if page not in opened} == {403}
    assert dear(answers) == {}


@pytest.mark.parametrize("label", sorted(registered()))
def test_a_list_is_short_and_can_be_searched(label: str) -> None:
    model_admin = admin.site._registry[registered()[label]]
    assert model_admin.list_per_page <= 50
    assert model_admin.show_full_result_count is False
    if label not in {"django_q.ormq", "conversations.dailytotal"}:
        assert model_admin.search_fields


def test_the_page_of_a_thread_is_the_inbox_and_the_form_is_kept() -> None:
    thread, client = factories.a_thread(), signed_in(factories.an_agent())
    page = f"/admin/conversations/thread/{thread.pk}/change/"
    assert client.get(page).headers["Location"] == at(thread)
    assert "Window closes at" in client.get(f"{page}?form=1").content.decode()


def test_a_number_cannot_be_spelled_out_through_threads_or_messages() -> None:
    thread = factories.a_thread(contact=factories.a_contact("Thandi", wa_id="27821234567"))
    factories.an_inbound(thread, content={"from": "27821234567"})
    agent, supervisor = signed_in(factories.an_agent()), signed_in(factories.a_supervisor())
    threads, said = "/admin/conversations/thread/", "/admin/conversations/message/"
    assert "Thandi" in supervisor.get(threads, {"q": "2782123"}).content.decode()
    assert "Thandi" not in agent.get(threads, {"q": "2782123"}).content.decode()
    for lookup in ("content__from__startswith", "wamid__startswith", "quotes__startswith"):
        assert agent.get(said, {lookup: "278"}).status_code == 400
    assert supervisor.get(said, {"content__from__startswith": "278"}).status_code == 200
    row = f"{said}{thread.messages.get().pk}/change/"
    assert "wamid.IN" not in agent.get(row).content.decode()
    assert "wamid.IN" in supervisor.get(row).content.decode()


def test_supervisors_write_canned_replies_and_agents_read_them() -> None:
    page = "/admin/conversations/cannedreply/"
    agent, supervisor = signed_in(factories.an_agent()), signed_in(factories.a_supervisor())
    fields = {"shortcut": "Hours", "text": "Hi {{first_name}}, we are here from 8 to 5."}
    assert agent.post(f"{page}add/", fields).status_code == 403
    assert supervisor.post(f"{page}add/", fields).status_code == 302
    assert CannedReply.objects.get().shortcut == "hours"
    assert "/hours" in agent.get(page).content.decode()


@pytest.mark.parametrize("text", ["Hi {{firstname}}", "Hi {{first_name}", "}} Hi"])
def test_a_canned_reply_that_nobody_could_send_is_not_kept(text: str) -> None:
    client = signed_in(factories.a_supervisor())
    page = "/admin/conversations/cannedreply/add/"
    answer = client.post(page, {"shortcut": "hi", "text": text})
    assert answer.status_code == 200
    assert "cannot be filled in" in answer.content.decode()
    assert not CannedReply.objects.exists()


def test_a_label_is_deleted_without_naming_every_conversation() -> None:
    label = Label.objects.create(name="VIP")
    for n in range(3):
        factories.a_thread(contact=factories.a_contact(f"C {n}")).labels.add(label)
    client = signed_in(factories.a_supervisor())
    page = f"/admin/conversations/label/{label.pk}/delete/"
    assert "VIP, on 3 conversations, which stay" in client.get(page).content.decode()
    assert signed_in(factories.an_agent()).post(page, {"post": "yes"}).status_code == 403
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert (Label.objects.count(), Thread.objects.count()) == (0, 3)


def test_contacts_and_templates_are_found_among_many(many: None) -> None:
    client = signed_in(factories.an_agent())
    for model, words, found in (
        (Contact, "Customer 41", "Customer 41"),
        (MessageTemplate, "template_41", "template_41"),
        (Label, "Label 41", "Label 41"),
    ):
        page = reverse(f"admin:conversations_{model._meta.model_name}_changelist")
        html = client.get(page, {"q": words}).content.decode()
        assert found in html
        assert found.replace("41", "40") not in html


@pytest.mark.parametrize("label", sorted(set(registered()) - {"auth.user", "auth.group"}))
def test_an_empty_list_says_what_belongs_there(label: str) -> None:
    model = registered()[label]
    model._default_manager.all().delete()
    root = signed_in(User.objects.create_superuser("root"))
    shown = html.unescape(root.get(dict(addresses(model))["list"]).content.decode())
    words = getattr(admin.site._registry[model], "when_empty", "")
    assert len(words) > 15
    assert words in shown


def test_a_search_that_finds_nothing_leads_back_to_all(many: None) -> None:
    shown = signed_in(factories.a_supervisor()).get("/admin/conversations/contact/?q=nobody at all")
    assert "None of the contacts fits what you search for and the filters." in shown.text
    assert 'href="?"' in shown.text

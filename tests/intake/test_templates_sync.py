"""Templates as Meta holds them: read whole, written at once, never half a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

from conversations import dispatch, jobs, templates_sync
from conversations.models import Announcement, MessageTemplate, Notice, TemplateSync
from conversations.templates_sync import Synced
from tests.factories import INVOICE_OVERDUE, a_phone_number, a_template
from tests.intake.samples import ACCOUNT
from tests.whatsapp.graph import Answer, Graph


@pytest.fixture
def graph(settings: Any) -> Iterator[Graph]:
    with Graph() as server:
        settings.GRAPH_API_URL = server.url
        yield server


def of_meta(name: str = "invoice_overdue", **more: Any) -> dict[str, Any]:
    """A template as Meta's list has it."""
    given = {
        "id": "1689556908129832",
        "name": name,
        "language": "en_ZA",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": INVOICE_OVERDUE,
        "quality_score": {"score": "GREEN", "date": 1739321024},
        "rejected_reason": "NONE",
    }
    return given | more


def page(*templates: dict[str, Any], after: str = "") -> Answer:
    body: dict[str, Any] = {"data": list(templates)}
    if after:
        body["paging"] = {"cursors": {"after": after}, "next": "https://graph.example.com"}
    return Answer(body=body)


def rows() -> dict[str, str]:
    return dict(MessageTemplate.objects.values_list("name", "status"))


def test_what_meta_holds_is_a_row_with_all_of_it(graph: Graph) -> None:
    graph.answers(page(of_meta()))
    assert templates_sync.sync(ACCOUNT) == Synced(held=1, changed=1, gone=0)
    row = MessageTemplate.objects.get()
    assert (row.waba_id, row.template_id) == (ACCOUNT, "1689556908129832")
    assert (row.name, row.language, row.category) == ("invoice_overdue", "en_ZA", "UTILITY")
    assert (row.status, row.quality, row.status_reason) == ("APPROVED", "GREEN", "")
    assert row.components == INVOICE_OVERDUE


def test_what_differs_is_announced_and_what_is_as_before_is_not(graph: Graph) -> None:
    gone = a_template("gone", waba_id=ACCOUNT)
    graph.answers(page(of_meta("same"), of_meta("other")))
    templates_sync.sync(ACCOUNT)
    Announcement.objects.all().delete()
    graph.answers(page(of_meta("same"), of_meta("other", status="PAUSED"), of_meta("new")))
    MessageTemplate.objects.filter(pk=gone.pk).update(status="APPROVED")
    templates_sync.sync(ACCOUNT)
    told = {one.payload["name"]: one.payload["status"] for one in Announcement.objects.all()}
    assert told == {"other": "PAUSED", "gone": "DELETED", "new": "APPROVED"}


def test_every_page_is_read(graph: Graph) -> None:
    graph.answers(
        page(of_meta("one"), after="A"), page(of_meta("two"), after="B"), page(of_meta("three"))
    )
    templates_sync.sync(ACCOUNT)
    assert rows().keys() == {"one", "two", "three"}
    assert [asked.query.get("after") for asked in graph.asked] == [None, "A", "B"]
    assert {asked.path for asked in graph.asked} == {f"/v21.0/{ACCOUNT}/message_templates"}


def test_a_list_that_breaks_off_in_the_middle_changes_nothing(graph: Graph) -> None:
    a_template("one", waba_id=ACCOUNT)
    a_template("two", waba_id=ACCOUNT)
    graph.answers(page(of_meta("one", status="PAUSED"), after="A"), Answer(status=500, body={}))
    assert templates_sync.sync(ACCOUNT) is None
    assert rows() == {"one": "APPROVED", "two": "APPROVED"}


def test_what_meta_no_longer_has_cannot_be_sent_any_more(graph: Graph) -> None:
    a_template("one", waba_id=ACCOUNT)
    a_template("gone", waba_id=ACCOUNT)
    a_template("elsewhere", waba_id="another")
    graph.answers(page(of_meta("one")))
    synced = templates_sync.sync(ACCOUNT)
    assert synced is not None
    assert synced.gone == 1
    assert rows() == {"one": "APPROVED", "gone": "DELETED", "elsewhere": "APPROVED"}


def test_one_that_is_back_can_be_sent_again(graph: Graph) -> None:
    a_template(waba_id=ACCOUNT, status="DELETED")
    graph.answers(page(of_meta()))
    templates_sync.sync(ACCOUNT)
    assert rows() == {"invoice_overdue": "APPROVED"}


def test_twice_the_second_time_changes_nothing(graph: Graph) -> None:
    graph.answers(page(of_meta()), page(of_meta()))
    templates_sync.sync(ACCOUNT)
    before = MessageTemplate.objects.values().get()
    assert templates_sync.sync(ACCOUNT) == Synced(held=1, changed=0, gone=0)
    assert MessageTemplate.objects.values().get() == before


def test_each_language_is_a_template_of_its_own(graph: Graph) -> None:
    graph.answers(page(of_meta(), of_meta(language="af", status="REJECTED")))
    templates_sync.sync(ACCOUNT)
    found = dict(MessageTemplate.objects.values_list("language", "status"))
    assert found == {"en_ZA": "APPROVED", "af": "REJECTED"}


def test_one_entered_by_hand_becomes_the_accounts(graph: Graph) -> None:
    by_hand = a_template(waba_id="", components=[])
    graph.answers(page(of_meta()))
    templates_sync.sync(ACCOUNT)
    row = MessageTemplate.objects.get()
    assert (row.pk, row.waba_id, row.components) == (by_hand.pk, ACCOUNT, INVOICE_OVERDUE)


def test_why_it_was_rejected_is_told_and_the_category_to_come(graph: Graph) -> None:
    graph.answers(
        page(
            of_meta(
                status="REJECTED", rejected_reason="INVALID_FORMAT", correct_category="MARKETING"
            )
        )
    )
    templates_sync.sync(ACCOUNT)
    row = MessageTemplate.objects.get()
    assert (row.status_reason, row.next_category) == ("invalid format", "MARKETING")


def test_why_it_is_paused_stays_as_the_webhook_told(graph: Graph) -> None:
    a_template(waba_id=ACCOUNT, status="PAUSED", status_reason="Paused for 3 hours.")
    graph.answers(page(of_meta(status="PAUSED")), page(of_meta()))
    templates_sync.sync(ACCOUNT)
    assert MessageTemplate.objects.get().status_reason == "Paused for 3 hours."
    templates_sync.sync(ACCOUNT)
    assert MessageTemplate.objects.get().status_reason == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "Not Meta's"},
        {"name": None},
        {"language": 7},
        {"components": "none", "quality_score": "GREEN", "category": None, "id": 5},
    ],
)
def test_an_odd_one_holds_up_none_of_its_neighbours(graph: Graph, odd: dict[str, Any]) -> None:
    graph.answers(page(of_meta("odd") | odd, of_meta("fine")))
    templates_sync.sync(ACCOUNT)
    assert rows()["fine"] == "APPROVED"


def test_a_failure_is_before_staff_until_a_sync_succeeds(graph: Graph) -> None:
    refused = {"error": {"message": "Invalid OAuth access token", "code": 190}}
    graph.answers(Answer(status=401, body=refused), page(of_meta()))
    templates_sync.sync(ACCOUNT)
    assert "access token" in Notice.objects.get(ended_at=None).text
    row = TemplateSync.objects.get()
    assert "code 190" in row.error
    assert row.due_at < timezone.now() + timedelta(minutes=11)
    templates_sync.sync(ACCOUNT)
    assert not Notice.objects.filter(ended_at=None).exists()
    row.refresh_from_db()
    assert (row.error, row.synced_at is not None) == ("", True)
    assert row.due_at > timezone.now() + timedelta(hours=23)


def test_an_account_that_was_never_read_is_due_and_woken_once() -> None:
    a_phone_number(waba_id="")
    a_phone_number(waba_id="second account")
    woken: list[str] = []
    templates_sync.wake_due(woken.append)
    templates_sync.wake_due(woken.append)
    assert sorted(woken) == [ACCOUNT, "second account"]


def test_a_wake_that_was_lost_comes_again() -> None:
    templates_sync.wake_due(lambda _: None)
    assert TemplateSync.objects.get().due_at < timezone.now() + timedelta(minutes=11)


def test_whoever_asks_for_it_has_it_at_the_next_look() -> None:
    TemplateSync.objects.create(waba_id=ACCOUNT, due_at=timezone.now() + timedelta(days=1))
    assert templates_sync.wake_due(lambda _: None) == []
    templates_sync.ask(ACCOUNT)
    assert templates_sync.wake_due(lambda _: None) == [ACCOUNT]


def test_dispatch_wakes_a_job_that_reads_them(graph: Graph) -> None:
    assert dispatch.wake_due_syncs() == [ACCOUNT]
    [queued] = OrmQ.objects.all()
    assert queued.task["func"] == "conversations.jobs.sync_templates"
    graph.answers(page(of_meta()))
    jobs.sync_templates(*queued.task["args"])
    assert rows() == {"invoice_overdue": "APPROVED"}


def test_without_a_token_nobody_is_asked(settings: Any) -> None:
    settings.WHATSAPP_TOKEN = ""
    assert dispatch.wake_due_syncs() == []


@pytest.mark.django_db(transaction=True)
def test_what_changes_while_it_reads_is_read_once_more(graph: Graph) -> None:
    """A webhook comes after Meta wrote its answer: what is written is old already."""
    templates_sync.ask(ACCOUNT)

    class WhileAsked:
        def wait(self, timeout: float) -> None:
            templates_sync.ask(ACCOUNT)
            connection.close()

    old = page(of_meta())
    graph.answers(Answer(body=old.body, until=WhileAsked()))  # type: ignore[arg-type]
    templates_sync.sync(ACCOUNT)
    assert TemplateSync.objects.filter(due_at__lte=Now()).exists()
    graph.answers(page(of_meta(status="PAUSED")))
    templates_sync.sync(ACCOUNT)
    assert rows() == {"invoice_overdue": "PAUSED"}
    assert not TemplateSync.objects.filter(due_at__lte=Now()).exists()

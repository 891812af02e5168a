"""`GET /api/v1/announcements`: followed by another system, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from conversations import announcements, scopes
from conversations.models import Announcement, Feed
from tests.announcements import reading
from tests.api.calling import a_client
from tests.factories import a_thread, an_inbound

pytestmark = pytest.mark.django_db


def announced(*types: str, **payload: Any) -> None:
    for type_ in types:
        Announcement.objects.create(type=type_, payload=payload)
    reading.number()


def get(query: str = "", *allowed: Any) -> Any:
    return a_client(*(allowed or (scopes.ANNOUNCEMENTS_READ,))).get(f"announcements{query}")


def ids(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [one["id"] for one in response.json()["results"]]


def test_it_is_followed_by_its_next_address_to_the_end_and_beyond() -> None:
    announced(*["thread.taken"] * 5)
    first = get("?page_size=3")
    assert ids(first) == ["1", "2", "3"]
    assert (first.json()["cursor"], first.json()["has_more"]) == ("3", True)
    caller = a_client(scopes.ANNOUNCEMENTS_READ)
    second = caller.get(first.json()["next"])
    assert ids(second) == ["4", "5"]
    assert not second.json()["has_more"]
    announced("thread.closed")
    assert ids(caller.get(second.json()["next"])) == ["6"]


def test_one_looks_as_its_webhook_does() -> None:
    announced("thread.taken", thread=7, mode="staff")
    (one,) = get().json()["results"]
    assert one.items() >= {"id": "1", "type": "thread.taken"}.items()
    assert one["data"] == {"thread": 7, "mode": "staff"}
    assert one["at"].endswith("Z")


def test_types_are_chosen_and_the_next_address_keeps_them() -> None:
    announced("thread.taken", "message.received", "message.failed", "thread.taken")
    page = get("?type=message.received&type=message.failed")
    assert ids(page) == ["2", "3"]
    assert page.json()["cursor"] == "4"
    assert "type=message.received&type=message.failed" in page.json()["next"]


def test_from_now_on_leaves_out_the_past() -> None:
    announced("thread.taken", "thread.closed")
    page = get("?after=now")
    assert (ids(page), page.json()["cursor"]) == ([], "2")


@pytest.mark.parametrize(("cursor", "code"), [("3", "cursor_too_old"), ("99", "cursor_unknown")])
def test_a_cursor_that_leads_nowhere_is_told_with_the_way_on(cursor: str, code: str) -> None:
    announced(*["thread.taken"] * 6)
    Announcement.objects.filter(number__lte=4).delete()
    Feed.objects.update(gone=4)
    response = get(f"?after={cursor}")
    told = response.json()
    assert (response.status_code, told["code"], told["oldest"]) == (410, code, "4")
    assert "oldest" in told["what_to_do"]
    assert ids(get(f"?after={told['oldest']}")) == ["5", "6"]
    assert ids(get()) == ["5", "6"]


@pytest.mark.parametrize(
    "query",
    [
        *("after=x", "after=-1", "after=", f"after={'9' * 19}", "after=%D9%A1"),
        *(f"page_size=1{'0' * 5000}", "page_size=000000001999"),
        *("page_size=0", "page_size=201", "page_size=x", "type=message.recieved", "since=1"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(query: str) -> None:
    response = get(f"?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_parameters")


def test_what_was_said_is_for_those_who_may_read_messages() -> None:
    message = an_inbound(a_thread(), "My secret is 4711")
    announcements.of_messages([message.pk])
    reading.number()
    assert b"4711" not in get().content
    (one,) = get("", scopes.ANNOUNCEMENTS_READ, scopes.MESSAGES_READ).json()["results"]
    assert one["data"]["text"] == "My secret is 4711"


def test_a_page_costs_the_same_however_long_it_is(django_assert_max_num_queries: Any) -> None:
    announced(*["thread.taken"] * 40)
    caller = a_client(scopes.ANNOUNCEMENTS_READ, scopes.MESSAGES_READ)
    with django_assert_max_num_queries(5):  # the key, its use, its rate, the page, the call's row
        caller.get("announcements")

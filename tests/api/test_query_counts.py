"""How many statements each endpoint takes, however many rows it shows.

Three are the frame's: whose key it is, how many calls that makes this minute, and the log.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import clock
from conversations.models import Label, MediaFile, PhoneNumber, Thread
from tests import factories
from tests.api.calling import Caller, a_client, everything

pytestmark = pytest.mark.django_db

MANY = 6
FRAME = 3
NUMBER = "+27 82 123 4567"
# What the endpoint itself takes, beside the frame.
READS = {
    "phone_numbers": 1,
    "contacts": 1,
    "threads": 2,  # and the labels of the page
    "messages": 1,
    "templates": 1,
    "labels": 1,
}
ACTS: dict[str, tuple[str, Any, int]] = {
    "a contact is made": ("contacts", {"phone_number": "+27 83 765 4321"}, 9),
    "a contact is known": ("contacts", {"phone_number": NUMBER}, 4),
    "a thread is taken": ("threads/{thread}/take", {}, 8),
    "a thread is released": ("threads/{thread}/release", {}, 12),
    "a thread is closed": ("threads/{thread}/close", {}, 9),
    "a thread is handed over": ("threads/{thread}/hand_over", {"reason": "?"}, 8),
    "a label is put on": ("threads/{thread}/labels", {"add": [1]}, 7),
    "a text is sent": ("messages", {"phone_number": NUMBER, "text": "Hello"}, 11),
    "a template is sent": (
        "messages",
        {"phone_number": NUMBER, "template": {"name": "template_1", "variables": ["a", "b"]}},
        14,
    ),
    "a dry run": ("messages", {"phone_number": NUMBER, "text": "Hello", "dry_run": True}, 6),
}


@pytest.fixture
def many() -> Thread:
    """More than a page of everything, each row with its neighbours."""
    number, agent = factories.a_phone_number(), factories.an_agent()
    labels = [Label.objects.create(name=f"Label {n}") for n in range(MANY)]
    for n in range(MANY):
        contact = factories.a_contact(f"Customer {n}")
        thread = factories.a_thread(
            contact=contact, phone_number=number, mode=Thread.Mode.STAFF, assigned_to=agent
        )
        thread.labels.add(labels[n], labels[0])
        message = factories.an_outbound(thread, sent_by=agent)
        MediaFile.objects.create(message=message)
        factories.a_template(f"template_{n}")
        PhoneNumber.objects.create(phone_number_id=f"number-{n}")
    PhoneNumber.objects.exclude(pk=number.pk).delete()
    contact = factories.a_contact(wa_id="27821234567")
    return factories.a_thread(contact=contact, last_inbound_at=clock.now())


@pytest.fixture
def caller() -> Caller:
    caller = a_client(*everything())
    caller.get("labels")  # the use of the key is noted once a minute
    return caller


def statements(queries: CaptureQueriesContext) -> list[str]:
    said = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in said if "SAVEPOINT" not in sql]


def asked(caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = caller.call(method, path, body, **headers)
    assert response.status_code < 300, response.content
    return len(statements(queries)) - FRAME


@pytest.mark.parametrize(("plural", "number"), READS.items())
def test_a_list_takes_as_many_for_a_page_as_for_a_row(
    many: Thread, caller: Caller, plural: str, number: int
) -> None:
    assert asked(caller, "GET", f"{plural}?page_size=200") == number
    row = caller.get(plural).json()["results"][0]["id"]
    assert asked(caller, "GET", f"{plural}/{row}") == number


@pytest.mark.parametrize("named", ACTS)
def test_an_act_takes_as_many_as_stand_here(many: Thread, caller: Caller, named: str) -> None:
    path, body, number = ACTS[named]
    if "label" in named:
        body = {"add": [Label.objects.latest("pk").pk]}
    if "released" in named:
        caller.post(f"threads/{many.pk}/take")
    assert asked(caller, "POST", path.format(thread=many.pk), body) == number


def test_a_change_takes_two(many: Thread, caller: Caller) -> None:
    address = f"contacts/{many.contact_id}"
    assert asked(caller, "PATCH", address, {"name": "Thandi"}, If_Match="*") == 2


def test_an_idempotency_key_takes_three_more_and_its_repetition_two(
    many: Thread, caller: Caller
) -> None:
    path, body, number = ACTS["a text is sent"]
    assert asked(caller, "POST", path, body, Idempotency_Key="a") == number + 3
    assert asked(caller, "POST", path, body, Idempotency_Key="a") == 2

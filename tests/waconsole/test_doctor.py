"""`manage.py doctor`: names what is wrong and what to do, and never a secret."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models.functions import Now

from conversations.models import Heartbeat
from tests.whatsapp.graph import Answer, Graph

pytestmark = pytest.mark.django_db

TOKEN = "EAAsecretTokenOfTheBusiness"
NUMBER = {
    "display_phone_number": "+27 21 555 0100",
    "verified_name": "Karoo Office Supplies",
    "status": "CONNECTED",
    "health_status": {"can_send_message": "AVAILABLE"},
}
SUBSCRIBED = {"data": [{"whatsapp_business_api_data": {"id": "1", "name": "Console"}}]}
BAD_TOKEN = {"error": {"message": "Invalid OAuth access token", "code": 190}}


@pytest.fixture(autouse=True)
def at_work(settings: Any) -> None:
    settings.DEBUG = True
    settings.WHATSAPP_TOKEN = TOKEN
    Heartbeat.objects.create(name="dispatch", at=Now())


@pytest.fixture
def graph(settings: Any) -> Iterator[Graph]:
    with Graph() as server:
        settings.GRAPH_API_URL = server.url
        yield server


def doctor() -> tuple[list[str], bool]:
    """What it prints, and whether all is well."""
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError:
        return out.getvalue().splitlines(), False
    finally:
        assert TOKEN not in out.getvalue()
        assert "demo-app-secret" not in out.getvalue()
    return out.getvalue().splitlines(), True


def test_all_is_well(graph: Graph) -> None:
    graph.answers(Answer(body=NUMBER), Answer(body=SUBSCRIBED))

    lines, is_well = doctor()

    assert is_well
    assert not any(line.startswith("WRONG") for line in lines)
    assert (
        "ok    WhatsApp number: +27 21 555 0100, Karoo Office Supplies, CONNECTED; "
        "sending is available." in lines
    )
    assert "ok    Queue: 0 jobs wait, 0 have failed." in lines


def test_a_token_that_meta_refuses(graph: Graph) -> None:
    graph.answers(Answer(status=401, body=BAD_TOKEN), Answer(status=401, body=BAD_TOKEN))

    lines, is_well = doctor()

    assert not is_well
    wrong = next(number for number, line in enumerate(lines) if line.startswith("WRONG"))
    assert "code 190" in lines[wrong]
    assert lines[wrong + 1].strip()


def test_a_graph_that_cannot_be_reached(settings: Any) -> None:
    settings.GRAPH_API_URL = "http://127.0.0.1:9"

    lines, is_well = doctor()

    assert not is_well
    assert any(line.startswith("WRONG Graph API: ") for line in lines)


def test_a_business_account_that_no_app_is_subscribed_to(graph: Graph) -> None:
    graph.answers(Answer(body=NUMBER), Answer(body={"data": []}))

    lines, is_well = doctor()

    assert not is_well
    assert "WRONG Webhooks: No app is subscribed to the business account." in lines
    assert any("subscribed_apps" in line for line in lines)


def test_a_blocked_number(graph: Graph) -> None:
    blocked = {**NUMBER, "health_status": {"can_send_message": "BLOCKED"}}
    graph.answers(Answer(body=blocked), Answer(body=SUBSCRIBED))

    lines, is_well = doctor()

    assert not is_well
    assert any(line.startswith("WRONG WhatsApp number: ") for line in lines)


def test_what_is_not_set_up_is_said_and_is_not_wrong(settings: Any) -> None:
    settings.WHATSAPP_TOKEN = settings.PHONE_NUMBER_ID = settings.WHATSAPP_BUSINESS_ACCOUNT_ID = ""

    lines, is_well = doctor()

    assert is_well
    assert any(line.startswith("-     WhatsApp number: Not set up") for line in lines)
    assert any(line.startswith("-     Assistant: No ANTHROPIC_API_KEY") for line in lines)


def test_a_console_that_does_not_run(graph: Graph) -> None:
    Heartbeat.objects.all().delete()
    graph.answers(Answer(body=NUMBER), Answer(body=SUBSCRIBED))

    lines, is_well = doctor()

    assert not is_well
    assert "WRONG Dispatch: It has never run." in lines


def test_settings_that_contradict_each_other(settings: Any, graph: Graph) -> None:
    settings.GRAPH_API_VERSION = "21"
    graph.answers(Answer(body=NUMBER), Answer(body=SUBSCRIBED))

    lines, is_well = doctor()

    assert not is_well
    assert "WRONG Settings: GRAPH_API_VERSION is '21'." in lines

"""A message on its way to Meta: what is posted, and what is made of the answer."""

from typing import Any

import pytest

from conversations.whatsapp.client import CloudApi, SendResult
from conversations.whatsapp.content import Reaction, Template, Text
from conversations.whatsapp.errors import Unconfirmed
from tests.whatsapp.conftest import TOKEN
from tests.whatsapp.graph import Answer, Graph

ACCEPTED = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+27821234567", "wa_id": "27821234567", "user_id": "ZA.1"}],
    "messages": [{"id": "wamid.HBg1"}],
}
HELLO = Text("Hello").to_wire()


def send(api: CloudApi, **options: Any) -> SendResult:
    return api.send(HELLO, **{"to": "27821234567", "reference": "r-1", **options})


def test_it_posts_what_meta_documents(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, POST /{phone_number_id}/messages, text messages."""
    graph.answers(Answer(body=ACCEPTED))
    send(api)
    (asked,) = graph.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/v21.0/1065403/messages", {})
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.json == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+27821234567",
        "type": "text",
        "text": {"body": "Hello"},
        "biz_opaque_callback_data": "r-1",
    }


def test_it_returns_what_meta_called_the_message(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body=ACCEPTED))
    assert send(api) == SendResult("wamid.HBg1", "27821234567", None, "ZA.1")


def test_it_tells_that_a_template_is_held_back(graph: Graph, api: CloudApi) -> None:
    held = {"id": "wamid.1", "message_status": "held_for_quality_assessment"}
    graph.answers(Answer(body={**ACCEPTED, "messages": [held]}))
    content = Template.with_body("t", "en", "x").to_wire()
    result = api.send(content, to="27821234567", reference="r")
    assert result.message_status == "held_for_quality_assessment"


@pytest.mark.parametrize("to", ["27821234567", "+27821234567", "+27 (82) 123-4567"])
def test_a_number_always_goes_out_with_a_plus(graph: Graph, api: CloudApi, to: str) -> None:
    graph.answers(Answer(body=ACCEPTED))
    send(api, to=to)
    assert graph.asked[0].json["to"] == "+27821234567"


def test_a_customer_without_a_number_is_reached_by_bsuid(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, business-scoped user ids: `recipient`, never `to`."""
    graph.answers(Answer(body={**ACCEPTED, "contacts": [{"user_id": "ZA.1"}]}))
    result = send(api, to=None, recipient="ZA.1")
    assert graph.asked[0].json["recipient"] == "ZA.1"
    assert "to" not in graph.asked[0].json
    assert (result.wa_id, result.bsuid) == (None, "ZA.1")


def test_the_number_wins_where_both_are_known(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body=ACCEPTED))
    send(api, recipient="ZA.1")
    assert graph.asked[0].json["to"] == "+27821234567"
    assert "recipient" not in graph.asked[0].json


@pytest.mark.parametrize("to", [None, "", "ZA.13491208655302741918", "+"])
def test_it_posts_nothing_without_a_number_or_bsuid(
    graph: Graph, api: CloudApi, to: str | None
) -> None:
    with pytest.raises(ValueError, match="phone number"):
        send(api, to=to)
    assert graph.asked == []


def test_it_quotes_the_message_it_answers(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body=ACCEPTED))
    send(api, quotes="wamid.question")
    assert graph.asked[0].json["context"] == {"message_id": "wamid.question"}


def test_a_reaction_quotes_nothing(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, reaction messages: `context` is not allowed there."""
    graph.answers(Answer(body=ACCEPTED))
    content = Reaction("wamid.question", "👍").to_wire()
    api.send(content, to="27821234567", reference="r", quotes="wamid.question")
    assert "context" not in graph.asked[0].json


def test_content_cannot_change_whom_it_goes_to(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body=ACCEPTED))
    api.send({**HELLO, "to": "+1", "recipient_type": "group"}, to="27821234567", reference="r")
    assert graph.asked[0].json["to"] == "+27821234567"
    assert graph.asked[0].json["recipient_type"] == "individual"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Welcome to the hotel's network</html>",
        b"[1]",
        b"[" * 100_000,
        {},
        {"messages": []},
        {"messages": [{}]},
        {"messages": [{"id": ""}]},
        {"messages": [{"id": 7}]},
        {"messages": ["wamid.1"]},
        {"messages": {"id": "wamid.1"}},
    ],
)
def test_an_answer_without_an_id_is_a_doubt_and_not_a_failure(
    graph: Graph, api: CloudApi, body: Any
) -> None:
    graph.answers(Answer(body=body))
    with pytest.raises(Unconfirmed) as doubt:
        send(api)
    assert doubt.value.status == 200
    assert not doubt.value.retryable


@pytest.mark.parametrize("contacts", [None, [], [None], {"wa_id": "1"}, [{"wa_id": 5}]])
def test_it_can_do_without_the_contact_in_the_answer(
    graph: Graph, api: CloudApi, contacts: Any
) -> None:
    graph.answers(Answer(body={"contacts": contacts, "messages": [{"id": "wamid.1"}]}))
    assert send(api) == SendResult("wamid.1", None, None)


def test_it_marks_a_message_as_read(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, mark messages as read."""
    api.mark_read("wamid.in")
    assert graph.asked[0].path == "/v21.0/1065403/messages"
    assert graph.asked[0].json == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.in",
    }


def test_it_shows_that_somebody_is_typing(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, typing indicators."""
    api.mark_read("wamid.in", typing=True)
    assert graph.asked[0].json["typing_indicator"] == {"type": "text"}


def test_an_id_cannot_lead_to_another_path(graph: Graph) -> None:
    api = CloudApi(graph.url + "/", "/v21.0/", TOKEN, "../me?x=")
    graph.answers(Answer(body=ACCEPTED))
    send(api)
    assert graph.asked[0].path == "/v21.0/..%2Fme%3Fx%3D/messages"


def test_its_printed_form_shows_no_token(api: CloudApi) -> None:
    assert "1065403" in repr(api)
    assert TOKEN not in repr(api)
    assert TOKEN not in repr(vars(api))

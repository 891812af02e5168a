"""Answers that say no: what the client makes of each, and what it lets be seen."""

import logging
from typing import Any

import pytest

from conversations.whatsapp.client import CloudApi, SendResult
from conversations.whatsapp.content import Text
from conversations.whatsapp.errors import (
    NumberBlocked,
    Refused,
    TryLater,
    Unconfirmed,
    WhatsAppError,
)
from tests.whatsapp.conftest import TOKEN
from tests.whatsapp.graph import Answer, Graph


def send(api: CloudApi) -> SendResult:
    return api.send(Text("Hello").to_wire(), to="27821234567", reference="r")


def fault(code: int, **more: Any) -> dict[str, Any]:
    """The envelope of Cloud API's errors. Source: Cloud API, error codes, v23."""
    return {"error": {"message": f"(#{code}) No", "type": "OAuthException", "code": code, **more}}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131047, Refused),
        (131026, Refused),
        (132001, Refused),
        (100, Refused),
        (130429, TryLater),
        (131056, TryLater),
        (131048, TryLater),
        (80007, TryLater),
        (4, TryLater),
        (2, TryLater),
        (131000, TryLater),
        (190, NumberBlocked),
        (131042, NumberBlocked),
        (133010, NumberBlocked),
        (200, NumberBlocked),
        (368, NumberBlocked),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_the_code_decides_whatever_the_http_status(
    graph: Graph, api: CloudApi, status: int, code: int, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, fault(code)))
    with pytest.raises(kind) as error:
        send(api)
    assert (error.value.code, error.value.status) == (code, status)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, fault(999999), Refused),
        (400, fault(999999, is_transient=True), TryLater),
        (429, fault(999999), TryLater),
        (500, fault(999999), TryLater),
        (503, fault(999999), TryLater),
        (400, {"error": {}}, Refused),
        (400, {"error": {"code": "131047"}}, Refused),
        (400, {"error": {"code": "1" * 5000}}, Refused),
        (400, {"error": {"code": True, "message": None, "error_data": []}}, Refused),
        (200, fault(131047), Refused),
    ],
)
def test_a_code_nobody_has_heard_of_is_repeated_only_when_it_may_pass(
    graph: Graph, api: CloudApi, status: int, body: Any, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, body))
    with pytest.raises(kind):
        send(api)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<h1>Bad gateway</h1>", b"null", b'{"error":"x"}'])
def test_a_gateway_that_lost_the_answer_leaves_a_doubt(
    graph: Graph, api: CloudApi, status: int, body: bytes
) -> None:
    graph.answers(Answer(status, body))
    with pytest.raises(Unconfirmed):
        send(api)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NumberBlocked),
        (401, NumberBlocked),
        (404, NumberBlocked),
        (407, NumberBlocked),
        (413, Refused),
        (408, TryLater),
        (429, TryLater),
    ],
)
def test_an_answer_that_is_not_from_meta_was_never_sent_on(
    graph: Graph, api: CloudApi, status: int, kind: type[WhatsAppError]
) -> None:
    graph.answers(Answer(status, b"<html>", {"Location": "http://127.0.0.1:9/"}))
    with pytest.raises(kind):
        send(api)


@pytest.mark.parametrize(
    "more",
    [
        {"error_subcode": 33, "type": "OAuthException"},
        {"type": "GraphMethodException", "message": "API calls … require an appsecret_proof"},
    ],
)
def test_a_number_that_meta_does_not_know_is_blocked(
    graph: Graph, api: CloudApi, more: dict[str, Any]
) -> None:
    """Source: Graph API, code 100 with subcode 33, "Unsupported post request"."""
    graph.answers(Answer(400, fault(100, **more)))
    with pytest.raises(NumberBlocked) as error:
        send(api)
    assert error.value.code == 33


def test_a_file_that_meta_does_not_know_blocks_no_number(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(400, fault(100, error_subcode=33, type="GraphMethodException")))
    with pytest.raises(Refused) as error:
        api.media_info("7")
    assert error.value.code == 100


@pytest.mark.parametrize(
    ("code", "headers", "seconds"),
    [
        (130429, {}, 2),
        (131056, {}, 6),
        (130429, {"Retry-After": "30"}, 30),
        (130429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 2),
        (130429, {"Retry-After": "99999999"}, 86400),
        (130429, {"Retry-After": "9" * 5000}, 2),
        (
            80007,
            {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":10}]}'},
            600,
        ),
        (80007, {"X-Business-Use-Case-Usage": '{"1":[]}'}, 300),
        (
            80007,
            {"X-Business-Use-Case-Usage": '{"1":[{"estimated_time_to_regain_access":NaN}]}'},
            300,
        ),
        (80007, {"X-Business-Use-Case-Usage": '{"1":[{"type":"x"}]}'}, 300),
        (80007, {"X-Business-Use-Case-Usage": "[7]"}, 300),
        (80007, {"X-Business-Use-Case-Usage": "{"}, 300),
        (999999, {}, 10),
    ],
)
def test_it_suggests_how_long_to_wait(
    graph: Graph, api: CloudApi, code: int, headers: dict[str, str], seconds: float
) -> None:
    graph.answers(Answer(500, fault(code), headers))
    with pytest.raises(TryLater) as error:
        send(api)
    assert error.value.retry_after_seconds == seconds


def test_content_that_is_no_json_is_refused(graph: Graph, api: CloudApi) -> None:
    with pytest.raises(Refused):
        api.send({"type": "location", "x": float("nan")}, to="27821234567", reference="r")
    assert graph.asked == []


def test_no_text_of_an_error_shows_the_token(
    graph: Graph, api: CloudApi, caplog: pytest.LogCaptureFixture
) -> None:
    """Graph repeats a malformed token in its answer: code 190, "Malformed access token ..."."""
    said = f"Malformed access token {TOKEN}, EAAother12345678, ?access_token=abc, Bearer xyz"
    body = fault(190, message=said, error_data={"details": said})
    graph.answers(Answer(401, body))
    with pytest.raises(NumberBlocked) as error:
        send(api)
    logging.getLogger("test").exception("failed", exc_info=error.value)
    shown = f"{error.value}{error.value.explanation}{caplog.text}"
    for secret in (TOKEN, "EAAother", "=abc", "xyz"):
        assert secret not in shown


def test_an_error_says_what_meta_said(graph: Graph, api: CloudApi) -> None:
    details = "Message failed to send because more than 24 hours have passed."
    graph.answers(Answer(400, fault(131047, error_data={"details": details})))
    with pytest.raises(Refused) as error:
        send(api)
    assert str(error.value) == f"code 131047: No: {details} (HTTP 400)"
    assert error.value.explanation.action == "template"


def test_a_template_error_says_what_meta_means_for_staff(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, template errors: error_user_title and error_user_msg."""
    words = {"error_user_title": "Limit reached", "error_user_msg": "Delete some templates."}
    graph.answers(Answer(400, fault(100, error_subcode=2388019, **words)))
    with pytest.raises(Refused) as error:
        list(api.templates("2"))
    assert error.value.details == "Limit reached: Delete some templates."

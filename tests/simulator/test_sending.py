"""POST /messages: the checks in Meta's order and words, and the 200 when all of them pass.

Texts as seen from the API; Cloud API, error codes.
"""

import time
from typing import Any

import pytest

from simulator.graph.checks import limits
from simulator.models import Customer, Message, Number
from tests.simulator.conftest import (
    NUMBER,
    SIPHO,
    THANDI,
    Control,
    Graph,
    switch,
    text,
    thandis_chat,
)

pytestmark = pytest.mark.usefixtures("open_window")
TYPES = (
    "{AUDIO, CONTACTS, DOCUMENT, GIF, IMAGE, INTERACTIVE, LINK_PREVIEW, LOCATION, PIN, REACTION, "
    "STICKER, TEMPLATE, TEXT, VIDEO}"
)


def refused(graph: Graph, answer: Any) -> tuple[int, str, str]:
    """HTTP status, message, details of a refusal."""
    error = graph.error(answer)
    data = error.get("error_data", {"messaging_product": "whatsapp", "details": ""})
    assert data["messaging_product"] == "whatsapp"
    return answer.status_code, error["message"], data["details"]


def test_a_text_is_accepted_with_contacts_and_a_wamid(graph: Graph) -> None:
    answer = graph.send(to="+27 (82) 123-0001")
    thandi = Customer.objects.get(wa_id=THANDI)
    assert answer.status_code == 200
    assert answer.json()["messaging_product"] == "whatsapp"
    assert answer.json()["contacts"] == [
        {"input": "+27 (82) 123-0001", "wa_id": THANDI, "user_id": thandi.bsuid}
    ]
    [sent] = answer.json()["messages"]
    assert sent.keys() == {"id"}
    assert sent["id"].startswith("wamid.")


def test_two_equal_sends_are_two_messages(graph: Graph) -> None:
    first, second = graph.send(), graph.send()
    assert first.json()["messages"] != second.json()["messages"]
    assert Message.objects.filter(direction="out").count() == 2


def test_a_form_body_works_as_json_does(graph: Graph) -> None:
    form = {"messaging_product": "whatsapp", "to": "+" + THANDI, "text": '{"body": "Hi"}'}
    headers = {"Authorization": "Bearer demo-token"}
    answer = graph.client.post(f"/v21.0/{NUMBER}/messages", form, headers=headers)
    assert answer.status_code == 200


def test_a_body_that_is_no_json_misses_its_first_parameter(graph: Graph) -> None:
    headers = {"Authorization": "Bearer demo-token"}
    answer = graph.client.post(
        f"/v21.0/{NUMBER}/messages", "{oops", content_type="application/json", headers=headers
    )
    assert refused(graph, answer)[1] == "(#100) The parameter messaging_product is required."


MISSING = [
    ({"messaging_product": None}, "(#100) The parameter messaging_product is required."),
    ({"messaging_product": "sms"}, "(#100) Param messaging_product must be one of {WHATSAPP}."),
    ({"to": None}, "(#100) The parameter to is required."),
    ({"type": "x"}, f'(#100) Param type must be one of {TYPES} - got "x".'),
    ({"text": None}, "(#100) The parameter text['body'] is required."),
    ({"text": {"body": ""}}, "(#100) The parameter text['body'] is required."),
    (
        {"text": {"body": "x" * 4097}},
        "(#100) Param text['body'] must be at most 4096 characters long.",
    ),
    ({"type": "interactive"}, "(#100) The parameter interactive is required."),
    ({"type": "image"}, "(#100) The parameter image['id'] or image['link'] is required."),
    (
        {"type": "image", "image": {"link": "ftp://x"}},
        "(#100) Param image['link'] is not a valid URI.",
    ),
    (
        {"type": "image", "image": {"link": "http://127.0.0.1/x", "caption": "x" * 1025}},
        "(#100) Param image['caption'] must be at most 1024 characters long.",
    ),
    (
        {"type": "audio", "audio": {"link": "http://127.0.0.1/x", "caption": "x"}},
        '(#100) Unexpected key "caption" on param "audio".',
    ),
    (
        {"type": "location", "location": {}},
        "(#100) The parameter location['latitude'] is required.",
    ),
    ({"type": "contacts", "contacts": []}, "(#100) The parameter contacts is required."),
    (
        {"type": "contacts", "contacts": [{"name": {}}]},
        "(#100) The parameter contacts[0]['name']['formatted_name'] is required.",
    ),
    (
        {"type": "reaction", "reaction": {}},
        "(#100) The parameter reaction['message_id'] is required.",
    ),
    (
        {"type": "reaction", "reaction": {"message_id": "wamid.x"}},
        "(#100) The parameter reaction['emoji'] is required.",
    ),
    ({"type": "template", "template": {}}, "(#100) The parameter template['name'] is required."),
    (
        {"biz_opaque_callback_data": "x" * 513},
        "(#100) Param biz_opaque_callback_data must be at most 512 characters long.",
    ),
]


@pytest.mark.parametrize(("change", "message"), MISSING)
def test_it_names_the_parameter_that_is_wrong(
    graph: Graph, change: dict[str, Any], message: str
) -> None:
    body = {"messaging_product": "whatsapp", "to": "+" + THANDI, **text("Hi"), **change}
    body = {name: value for name, value in body.items() if value is not None}
    answer = graph("POST", f"{NUMBER}/messages", body)
    assert refused(graph, answer) == (400, message, "")
    assert not Message.objects.filter(direction="out").exists()


INVALID = [
    ({"to": "Thandi"}, "Param to is not a valid phone number."),
    ({"to": "+" + " " * 140 + THANDI}, "Param to is not a valid phone number."),
    (
        {"type": "location", "location": {"latitude": 91, "longitude": 0}},
        "Param location['latitude'] is not a latitude.",
    ),
    (
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "N"}}]},
        "At least one name part besides formatted_name is required.",
    ),
]


@pytest.mark.parametrize(("change", "details"), INVALID)
def test_an_invalid_value_is_131009_with_its_details(
    graph: Graph, change: dict[str, Any], details: str
) -> None:
    answer = graph.send(**{"type": "text", "text": {"body": "x"}, **change})
    assert refused(graph, answer) == (400, "(#131009) Parameter value is not valid", details)


def test_the_first_of_several_faults_is_named(graph: Graph) -> None:
    switch(payment_problem=True)
    answer = graph("POST", f"{NUMBER}/messages", {"type": "x", "to": "+" + THANDI})
    assert "messaging_product" in refused(graph, answer)[1]


def test_gif_is_in_the_list_and_yet_unsupported(graph: Graph) -> None:
    answer = graph.send(type="gif", gif={})
    assert refused(graph, answer)[:2] == (400, "(#131051) Unsupported message type")


def test_a_number_that_is_not_registered_sends_nothing(graph: Graph) -> None:
    assert graph("POST", f"{NUMBER}/deregister", {}).json() == {"success": True}
    assert refused(graph, graph.send()) == (400, "(#133010) Account not registered", "")


def test_nobody_writes_to_oneself(graph: Graph) -> None:
    own = Number.objects.get().display_phone_number
    assert refused(graph, graph.send(to="+" + own))[:2] == (
        400,
        "(#131021) Recipient cannot be sender",
    )


def test_a_test_number_writes_to_five_people_only(graph: Graph) -> None:
    switch(allow_list_only=True)
    assert graph.send().status_code == 200
    answer = graph.send(to="+27821230009")
    assert refused(graph, answer)[:2] == (
        400,
        "(#131030) Recipient phone number not in allowed list",
    )
    assert graph.error(answer)["error_subcode"] == 2655007


def test_a_blocked_user_is_not_written_to(graph: Graph) -> None:
    graph("POST", f"{NUMBER}/block_users", block(THANDI))
    answer = graph.send()
    assert (answer.status_code, graph.error(answer)["code"]) == (403, 130403)


def block(wa_id: str) -> dict[str, Any]:
    """A body for block_users."""
    return {"messaging_product": "whatsapp", "block_users": [{"user": "+" + wa_id}]}


def test_above_the_throughput_it_says_130429(graph: Graph) -> None:
    switch(throughput_per_second=2)
    assert [graph.send().status_code for _ in range(2)] == [200, 200]
    answer = graph.send()
    assert refused(graph, answer) == (
        400,
        "(#130429) Rate limit hit",
        "Cloud API message throughput has been reached.",
    )
    assert graph.error(answer)["error_subcode"] == 2494055


def test_the_46th_message_at_once_to_one_person_is_131056(graph: Graph, control: Control) -> None:
    switch(throughput_per_second=0)
    control.say(SIPHO, type="text", text="Hi", webhook=False)
    assert {graph.send().status_code for _ in range(45)} == {200}
    assert refused(graph, graph.send()) == (
        400,
        "(#131056) (Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number "
        "to the same phone number in a short period of time.",
    )
    assert graph.send(to="+" + SIPHO).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(5, 400), (6.5, 200)])
def test_after_45_at_once_it_is_one_every_six_seconds(
    graph: Graph, seconds: float, status: int
) -> None:
    switch(throughput_per_second=0)
    now = time.monotonic() - seconds
    limits._pairs[thandis_chat().pk] = (0.0, now)
    assert graph.send().status_code == status
    assert graph.send().status_code == 400


def test_whoever_has_not_paid_sends_nothing(graph: Graph) -> None:
    switch(payment_problem=True)
    answer = graph.send()
    assert (answer.status_code, graph.error(answer)["code"]) == (400, 131042)


def test_a_national_number_gets_the_senders_country_code(graph: Graph) -> None:
    answer = graph.send(to="0821230001")
    assert answer.json()["contacts"][0]["wa_id"] == THANDI


@pytest.mark.parametrize(
    ("known", "written"),
    [
        ("551187654321", "+5511987654321"),
        ("5511987654321", "+551187654321"),
        ("5215512345678", "+525512345678"),
        ("525512345678", "+5215512345678"),
        ("5491123456789", "+541123456789"),
        ("541123456789", "+5491123456789"),
    ],
)
def test_both_forms_of_a_brazilian_mexican_or_argentinian_number_find_one_person(
    graph: Graph, control: Control, known: str, written: str
) -> None:
    control("POST", "customers/", {"wa_id": known, "name": "Ana"})
    assert graph.send(to=written).json()["contacts"][0]["wa_id"] == known


def test_somebody_is_found_by_user_id_and_then_shows_no_number(graph: Graph) -> None:
    bsuid = Customer.objects.get(wa_id=THANDI).bsuid
    body = {"messaging_product": "whatsapp", "recipient": bsuid, **text("Hi")}
    answer = graph("POST", f"{NUMBER}/messages", body)
    assert answer.json()["contacts"] == [{"input": bsuid, "user_id": bsuid}]


def test_where_both_are_given_the_number_wins(graph: Graph) -> None:
    bsuid = Customer.objects.get(wa_id=SIPHO).bsuid
    body = {"messaging_product": "whatsapp", "to": "+" + THANDI, "recipient": bsuid, **text("Hi")}
    assert graph("POST", f"{NUMBER}/messages", body).json()["contacts"][0]["wa_id"] == THANDI


def test_when_the_database_is_away_it_says_try_later(graph: Graph, monkeypatch: Any) -> None:
    from django.db import connection

    def gone(*given: Any) -> None:
        from django.db import OperationalError

        raise OperationalError("the server is gone")

    with connection.execute_wrapper(gone):
        answer = graph.send()
    assert refused(graph, answer) == (503, "(#2) Service temporarily unavailable", "")


@pytest.mark.parametrize("odd", ["a\0b", "a\ud800b", "\udc00"])
def test_text_that_no_database_takes_stops_nobody(graph: Graph, control: Control, odd: str) -> None:
    assert graph.send(**text(odd)).status_code == 200
    assert graph.send().status_code == 200
    assert len(control("GET", "log/")["calls"]) == 2

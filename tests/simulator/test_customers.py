"""What customers can say, and in which shape Meta tells it. Cloud API, webhooks: messages."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.models import Customer, Message
from tests.simulator.conftest import SIPHO, THANDI, Control, Graph
from tests.simulator.receiver import Receiver

Settle = Callable[[], None]
BUTTONS = {
    "type": "button",
    "body": {"text": "You have 2 open invoices."},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "view_invoices", "title": "View invoices"}},
            {"type": "reply", "reply": {"id": "pay_now", "title": "Pay now"}},
        ]
    },
}
ROWS = [
    {"id": "check_invoice", "title": "Check my invoices", "description": "What is open"},
    {"id": "track_order", "title": "Track an order"},
]
MENU = {
    "type": "list",
    "body": {"text": "How can we help?"},
    "action": {"button": "View options", "sections": [{"title": "All", "rows": ROWS}]},
}


@pytest.fixture
def told(control: Control, settle: Settle, receiver: Receiver) -> Callable[..., dict[str, Any]]:
    """Say something as Thandi; the message as the webhook tells it."""

    def say(**message: Any) -> dict[str, Any]:
        control.say(**message)
        settle()
        return receiver.messages()[-1]

    return say


Told = Callable[..., dict[str, Any]]
SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "text", "text": "Hi"}, {"type": "text", "text": {"body": "Hi"}}),
    ({"type": "text", "text": {"body": "Hi"}}, {"type": "text", "text": {"body": "Hi"}}),
    (
        {"type": "button_reply", "id": "yes", "title": "Yes"},
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}},
        },
    ),
    (
        {"type": "list_reply", "id": "r", "title": "Row", "description": "More"},
        {
            "type": "interactive",
            "interactive": {
                "type": "list_reply",
                "list_reply": {"id": "r", "title": "Row", "description": "More"},
            },
        },
    ),
    (
        {"type": "button", "text": "Stop", "payload": "STOP"},
        {"type": "button", "button": {"payload": "STOP", "text": "Stop"}},
    ),
    (
        {"type": "nfm_reply", "response_json": '{"a": 1}'},
        {
            "type": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"a": 1}'},
            },
        },
    ),
    (
        {"type": "reaction", "message_id": "wamid.x", "emoji": "👍"},
        {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
    ),
    (
        {"type": "reaction", "message_id": "wamid.x"},
        {"type": "reaction", "reaction": {"message_id": "wamid.x"}},
    ),
    (
        {"type": "location", "latitude": -26.1, "longitude": 28.0},
        {"type": "location", "location": {"latitude": -26.1, "longitude": 28.0}},
    ),
    (
        {"type": "order", "order": {"catalog_id": "1", "product_items": []}},
        {"type": "order", "order": {"catalog_id": "1", "product_items": []}},
    ),
    ({"type": "request_welcome"}, {"type": "request_welcome"}),
    ({"type": "hologram", "hologram": {"a": 1}}, {"type": "hologram", "hologram": {"a": 1}}),
    (
        {"type": "text", "text": "Hi", "forwarded": True},
        {"type": "text", "text": {"body": "Hi"}, "context": {"forwarded": True}},
    ),
    (
        {"type": "text", "text": "Hi", "referral": {"source_type": "ad"}},
        {"type": "text", "text": {"body": "Hi"}, "referral": {"source_type": "ad"}},
    ),
]


@pytest.mark.parametrize(("said", "wire"), SHAPES)
def test_what_is_said_comes_in_metas_shape(
    told: Told, said: dict[str, Any], wire: dict[str, Any]
) -> None:
    message = told(**said)
    outer = ("from", "from_user_id", "id", "timestamp")
    assert {name: value for name, value in message.items() if name not in outer} == wire
    assert message["from"] == THANDI


def test_unsupported_carries_its_error(told: Told) -> None:
    message = told(type="unsupported")
    assert message["errors"][0]["code"] == 131051
    assert "unsupported" not in message


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({"type": "image", "caption": "Look"}, {"caption"}),
        ({"type": "video"}, set()),
        ({"type": "voice"}, {"voice"}),
        ({"type": "document"}, {"filename"}),
        ({"type": "sticker"}, {"animated"}),
    ],
)
def test_files_come_with_type_digest_and_a_short_url(
    told: Told, said: dict[str, Any], keys: set[str]
) -> None:
    message = told(**said)
    kind = "audio" if said["type"] == "voice" else said["type"]
    assert message["type"] == kind
    assert message[kind].keys() == {"id", "mime_type", "sha256", "url"} | keys


def test_a_file_of_ones_own_is_sent(told: Told) -> None:
    message = told(type="document", file="aGk=", mime_type="text/plain", filename="../a.txt")
    assert message["document"]["mime_type"] == "text/plain"
    assert message["document"]["filename"] == "../a.txt"


def test_a_contact_card_is_an_array(told: Told) -> None:
    message = told(type="contacts", name="Naledi Khoza", phone="+27 82 555 0142")
    [card] = message["contacts"]
    assert card["name"]["formatted_name"] == "Naledi Khoza"
    assert card["phones"][0]["wa_id"] == "27825550142"


def test_a_message_has_its_own_time(told: Told) -> None:
    assert told(type="text", text="Hi", timestamp="1750000000")["timestamp"] == "1750000000"


def test_a_tap_finds_its_button_and_quotes_the_message(
    graph: Graph, told: Told, open_window: None
) -> None:
    sent = graph.send(type="interactive", interactive=BUTTONS).json()["messages"][0]["id"]
    message = told(type="tap", title="Pay now")
    assert message["interactive"]["button_reply"] == {"id": "pay_now", "title": "Pay now"}
    assert message["context"] == {"from": "27875500100", "id": sent}


def test_a_tap_on_a_row_has_its_description_only_where_there_is_one(
    graph: Graph, told: Told, open_window: None
) -> None:
    graph.send(type="interactive", interactive=MENU)
    first = told(type="tap", id="check_invoice")["interactive"]["list_reply"]
    assert first == {
        "id": "check_invoice",
        "title": "Check my invoices",
        "description": "What is open",
    }
    second = told(type="tap", title="Track an order")["interactive"]["list_reply"]
    assert second.keys() == {"id", "title"}


def test_what_can_be_tapped_is_listed(graph: Graph, control: Control, open_window: None) -> None:
    graph.send(type="interactive", interactive=BUTTONS)
    assert control.chat()[-1]["taps"] == [
        {"title": "View invoices", "id": "view_invoices"},
        {"title": "Pay now", "id": "pay_now"},
    ]


def test_a_reply_quotes_by_wamid(told: Told, control: Control) -> None:
    first = control.say(type="text", text="1", webhook=False)
    message = told(type="text", text="2", context=first["wamid"])
    assert message["context"] == {"from": THANDI, "id": first["wamid"]}


WRONG = [
    {},
    {"type": "text"},
    {"type": "tap", "title": "Nothing"},
    {"type": "image", "file": "not base64!"},
    {"type": "text", "text": "x", "timestamp": "yesterday"},
    {"type": "reaction", "emoji": "👍"},
]


@pytest.mark.parametrize("message", WRONG)
def test_what_cannot_be_said_is_refused(control: Control, message: dict[str, Any]) -> None:
    answer = control.answer("POST", f"customers/{THANDI}/messages/", message)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Message.objects.exists()


def test_a_stranger_says_nothing(control: Control) -> None:
    answer = control.answer("POST", "customers/27000/messages/", {"type": "text", "text": "x"})
    assert answer.status_code == 404


def test_only_json_is_taken(control: Control) -> None:
    url = f"/control/customers/{THANDI}/messages/"
    form = control.client.post(url, '{"type": "text", "text": "x"}', content_type="text/plain")
    assert form.status_code == 415
    broken = control.client.post(url, "{", content_type="application/json")
    assert broken.status_code == 400


def test_customers_are_added_one_by_one_in_lists_and_by_number(control: Control) -> None:
    one = control("POST", "customers/", {"wa_id": "27600000001", "name": "Naledi"})
    assert one["bsuid"].startswith("ZA.")
    control("POST", "customers/", [{"wa_id": "27600000002"}, {"wa_id": "27600000003"}])
    assert control("POST", "customers/", {"count": 50, "first": "27610000000"}) == {
        "first": "27610000000",
        "last": "27610000049",
    }
    assert Customer.objects.count() == 12 + 3 + 50


def test_adding_somebody_again_changes_only_what_is_given(control: Control) -> None:
    before = Customer.objects.get(wa_id=SIPHO)
    control("POST", "customers/", {"wa_id": SIPHO, "username": "sipho"})
    after = Customer.objects.get(wa_id=SIPHO)
    assert (after.name, after.bsuid, after.username) == ("Sipho Ndlovu", before.bsuid, "sipho")


@pytest.mark.parametrize(
    "given",
    [{"wa_id": "+27"}, {}, "x", {"count": 0}, {"wa_id": "276", "phone_is_off": "yes"}],
)
def test_a_customer_that_makes_no_sense_is_refused(control: Control, given: Any) -> None:
    assert control.answer("POST", "customers/", given).status_code == 400


def test_the_demo_begins_with_twelve_people(control: Control) -> None:
    people = control("GET", "customers/")
    assert [one["wa_id"] for one in people] == [f"278212300{n:02}" for n in range(1, 13)]
    assert people[0]["name"] == "Thandi Mokoena"


def test_a_history_is_kept_and_told_to_nobody(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    past = [
        {"type": "text", "text": "Hi", "wamid": "wamid.1", "timestamp": 1750000000},
        {"from": "business", "type": "text", "text": "Hello", "timestamp": 1750000060},
    ]
    assert control("POST", f"customers/{THANDI}/history/", past) == {"kept": 2}
    settle()
    assert receiver.posted == []
    assert [(one["direction"], one["text"], one["status"]) for one in control.chat()] == [
        ("in", "Hi", "read"),
        ("out", "Hello", "read"),
    ]


def test_a_history_that_is_there_already_is_not_kept_again(control: Control) -> None:
    past = [{"type": "text", "text": "New"}, {"type": "text", "text": "Hi", "wamid": "wamid.1"}]
    control("POST", f"customers/{THANDI}/history/", past)
    answer = control.answer("POST", f"customers/{THANDI}/history/", past)
    assert answer.status_code == 409
    assert len(control.chat()) == 2


def test_nobody_takes_a_number_that_somebody_has(control: Control) -> None:
    answer = control.answer("POST", f"customers/{THANDI}/number/", {"wa_id": SIPHO})
    assert answer.status_code == 400

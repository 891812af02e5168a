"""What becomes of a message after its 200: the statuses, in order, with what Meta puts in them.

Cloud API, statuses; customer service window; pricing.
"""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.models import Customer, Message
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, Control, Graph, switch, text
from tests.simulator.receiver import Receiver
from tests.simulator.test_customers import BUTTONS
from tests.simulator.test_template_sends import body, template

Settle = Callable[[], None]


def test_sent_then_delivered_and_no_read_while_the_chat_is_shut(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    wamid = graph.send().json()["messages"][0]["id"]
    settle()
    assert receiver.names() == ["sent", "delivered"]
    assert {one["id"] for one in receiver.statuses()} == {wamid}


def test_opening_the_chat_reads_what_was_delivered(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send()
    graph.send()
    settle()
    assert control("POST", f"customers/{THANDI}/read/") == {"read": 2}
    settle()
    assert receiver.names()[-2:] == ["read", "read"]
    assert control("POST", f"customers/{THANDI}/read/") == {"read": 0}


def test_auto_read_reads_after_a_moment(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(auto_read=True)
    graph.send()
    settle()
    assert receiver.names() == ["sent", "delivered", "read"]
    assert ["pricing" in one for one in receiver.statuses()] == [True, True, False]


def test_without_read_receipts_it_stays_delivered(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(auto_read=True)
    control("PATCH", f"customers/{THANDI}/", {"sends_read_receipts": False})
    graph.send()
    settle()
    control("POST", f"customers/{THANDI}/read/")
    settle()
    assert receiver.names() == ["sent", "delivered"]


def test_a_phone_that_is_off_gets_its_messages_when_it_is_on_again(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    control("PATCH", f"customers/{THANDI}/", {"phone_is_off": True})
    graph.send()
    settle()
    assert receiver.names() == ["sent"]
    control("PATCH", f"customers/{THANDI}/", {"phone_is_off": False})
    settle()
    assert receiver.names() == ["sent", "delivered"]


def test_delivered_can_be_dropped_and_read_comes_all_the_same(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(drop_delivered=True)
    graph.send()
    settle()
    control("POST", f"customers/{THANDI}/read/")
    settle()
    assert receiver.names() == ["sent", "read"]
    # Meta prices `sent` and one of the two that follow.
    assert ["pricing" in one for one in receiver.statuses()] == [True, True]
    assert ["conversation" in one for one in receiver.statuses()] == [True, True]


def test_a_reaction_is_sent_and_never_delivered(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    said = control.say(type="text", text="Thanks", webhook=False)
    graph.send(type="reaction", reaction={"message_id": said["wamid"], "emoji": "👍"})
    settle()
    assert receiver.names() == ["sent"]
    assert control.chat()[0]["reactions"] == ["👍"]
    graph.send(type="reaction", reaction={"message_id": said["wamid"], "emoji": ""})
    settle()
    assert control.chat()[0]["reactions"] == []


@pytest.mark.parametrize(("voice", "last"), [({"voice": True}, ["played"]), ({}, [])])
def test_a_voice_note_is_told_to_be_played_and_music_is_not(
    graph: Graph,
    control: Control,
    open_window: None,
    settle: Settle,
    receiver: Receiver,
    voice: dict[str, bool],
    last: list[str],
) -> None:
    graph.send(type="audio", audio={"link": "https://example.com/a.ogg", **voice})
    settle()
    message = Message.objects.get(type="audio")
    url = f"/phone/messages/{message.pk}/played/"
    assert control.client.post(url, {}, content_type="application/json").status_code == 200
    settle()
    assert receiver.names() == ["sent", "delivered", *last]


def test_the_callback_data_come_back_with_every_status(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(**text("Hi"), biz_opaque_callback_data="message:7")
    settle()
    assert [one["biz_opaque_callback_data"] for one in receiver.statuses()] == ["message:7"] * 2


PRICES = [
    (text("Hi"), True, {"billable": False, "type": "free_customer_service", "category": "service"}),
    (
        template("payment_received", body("a", "b")),
        True,
        {"billable": False, "type": "free_customer_service", "category": "utility"},
    ),
    (
        template("payment_received", body("a", "b")),
        False,
        {"billable": True, "type": "regular", "category": "utility"},
    ),
    (
        template("spring_special", body("a")),
        True,
        {"billable": True, "type": "regular", "category": "marketing"},
    ),
]


@pytest.mark.parametrize(("message", "is_open", "price"), PRICES)
def test_statuses_carry_the_price(
    graph: Graph,
    control: Control,
    settle: Settle,
    receiver: Receiver,
    message: dict[str, Any],
    is_open: bool,
    price: dict[str, Any],
) -> None:
    if is_open:
        control.say(type="text", text="Hi", webhook=False)
    graph.send(**message)
    settle()
    assert [one["pricing"] for one in receiver.statuses()] == [
        {"pricing_model": "PMP", **price},
        {"pricing_model": "PMP", **price},
    ]


def test_statuses_carry_a_conversation_up_to_v23_only(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send()
    settle()
    sent, delivered = receiver.statuses()
    assert sent["conversation"]["origin"] == {"type": "service"}
    assert sent["conversation"]["expiration_timestamp"].isdigit()
    assert "expiration_timestamp" not in delivered["conversation"]
    switch(webhook_version=24)
    graph.send()
    settle()
    assert "conversation" not in receiver.statuses()[-1]


def test_a_link_that_was_fetched_is_on_the_phone(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    receiver.files["/a.jpg"] = (b"a photo", "image/jpeg")
    graph.send(type="image", image={"link": receiver.url + "a.jpg"})
    settle()
    shown = control.chat()[-1]["shape"]["media"]
    assert control.client.get(shown["url"]).content == b"a photo"
    assert receiver.names() == ["sent", "delivered"]


def test_a_link_in_a_header_is_fetched_too(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    receiver.files["/a.pdf"] = (b"%PDF", "application/pdf")
    document = {"link": receiver.url + "a.pdf", "filename": "Invoice.pdf"}
    header = {"type": "document", "document": document}
    graph.send(type="interactive", interactive={**BUTTONS, "header": header})
    settle()
    shown = control.chat()[-1]["shape"]["media"]
    assert (shown["kind"], shown["name"]) == ("document", "Invoice.pdf")
    assert control.client.get(shown["url"]).content == b"%PDF"


def test_a_foreign_link_is_sent_unseen(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(type="image", image={"link": "https://example.com/a.jpg"})
    settle()
    assert receiver.names() == ["sent", "delivered"]


def test_nothing_is_told_of_a_blocked_customer(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    user = {"messaging_product": "whatsapp", "block_users": [{"user": THANDI}]}
    graph("POST", f"{NUMBER}/block_users", user)
    control.say(type="text", text="Hello?")
    settle()
    assert receiver.messages() == []
    assert Customer.objects.filter(wa_id=SIPHO).exists()

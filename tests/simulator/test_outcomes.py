"""What becomes of a message after its 200: the statuses, in order, with what Meta puts in them.

Cloud API, statuses; customer service window; pricing.
"""

from collections.abc import Callable
from typing import Any

import pytest

from simulator import clock
from simulator.models import Customer, Message
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, Control, Graph, switch, text
from tests.simulator.receiver import Receiver
from tests.simulator.test_customers import BUTTONS
from tests.simulator.test_template_sends import body, template

Settle = Callable[[], None]


def names(receiver: Receiver) -> list[str]:
    """The statuses as they came."""
    return [one["status"] for one in receiver.statuses()]


def test_sent_then_delivered_and_no_read_while_the_chat_is_shut(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    wamid = graph.send().json()["messages"][0]["id"]
    settle()
    assert names(receiver) == ["sent", "delivered"]
    assert {one["id"] for one in receiver.statuses()} == {wamid}


def test_opening_the_chat_reads_what_was_delivered(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send()
    graph.send()
    settle()
    assert control("POST", f"customers/{THANDI}/read/") == {"read": 2}
    settle()
    assert names(receiver)[-2:] == ["read", "read"]
    assert control("POST", f"customers/{THANDI}/read/") == {"read": 0}


def test_auto_read_reads_after_a_moment(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(auto_read=True)
    graph.send()
    settle()
    assert names(receiver) == ["sent", "delivered", "read"]


def test_without_read_receipts_it_stays_delivered(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(auto_read=True)
    control("PATCH", f"customers/{THANDI}/", {"sends_read_receipts": False})
    graph.send()
    settle()
    control("POST", f"customers/{THANDI}/read/")
    settle()
    assert names(receiver) == ["sent", "delivered"]


def test_a_phone_that_is_off_gets_its_messages_when_it_is_on_again(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    control("PATCH", f"customers/{THANDI}/", {"phone_is_off": True})
    graph.send()
    settle()
    assert names(receiver) == ["sent"]
    control("PATCH", f"customers/{THANDI}/", {"phone_is_off": False})
    settle()
    assert names(receiver) == ["sent", "delivered"]


def test_delivered_can_be_dropped_and_read_comes_all_the_same(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(drop_delivered=True)
    graph.send()
    settle()
    control("POST", f"customers/{THANDI}/read/")
    settle()
    assert names(receiver) == ["sent", "read"]


def test_free_text_to_somebody_who_never_wrote_fails_with_131047(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    assert graph.send().status_code == 200
    settle()
    [status] = receiver.statuses()
    assert status["status"] == "failed"
    assert status["errors"] == [
        {
            "code": 131047,
            "title": "Re-engagement message",
            "message": "Re-engagement message",
            "error_data": {
                "details": "Message failed to send because more than 24 hours have passed since "
                "the customer last replied to this number."
            },
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        }
    ]


def test_the_window_shuts_24_hours_after_the_customers_own_time(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi", webhook=False)
    clock.jump(seconds=23 * 3600)
    graph.send()
    settle()
    clock.jump(seconds=2 * 3600)
    graph.send()
    settle()
    assert names(receiver) == ["sent", "delivered", "failed"]


def test_a_late_message_opens_the_window_by_its_own_time(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    long_ago = clock.now().timestamp() - 25 * 3600
    control.say(type="text", text="Hi", timestamp=long_ago, webhook=False)
    graph.send()
    settle()
    assert names(receiver) == ["failed"]


@pytest.mark.parametrize("kind", ["reaction", "request_welcome", "edit", "revoke"])
def test_what_is_no_message_opens_no_window(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver, kind: str
) -> None:
    control.say(type=kind, message_id="wamid.x", emoji="👍", webhook=False)
    graph.send()
    settle()
    assert names(receiver) == ["failed"]


@pytest.mark.parametrize("answer", ["history", "send"])
def test_what_the_business_says_opens_no_window(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver, answer: str
) -> None:
    if answer == "history":
        said = [{"from": "business", "type": "text", "text": "Hi"}]
        control("POST", f"customers/{THANDI}/history/", said)
    else:
        graph.send(**template("payment_received", body("a", "b")))
    graph.send()
    settle()
    assert names(receiver).count("failed") == 1


def test_somebody_who_is_not_on_whatsapp_is_131026(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    answer = graph.send(to="+27609999999")
    assert answer.json()["contacts"] == [{"input": "+27609999999", "wa_id": "27609999999"}]
    settle()
    assert [one["code"] for one in receiver.statuses()[0]["errors"]] == [131026]
    assert receiver.statuses()[0]["recipient_id"] == "27609999999"


def test_an_unreachable_customer_is_131026(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    control("PATCH", f"customers/{THANDI}/", {"is_reachable": False})
    graph.send()
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == 131026


def test_marketing_to_somebody_who_stopped_it_is_131050(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    control("PATCH", f"customers/{THANDI}/", {"takes_marketing": False})
    graph.send(**template("spring_special", body("Thandi")))
    graph.send(**template("payment_received", body("Thandi", "R 1")))
    settle()
    failed = [one for one in receiver.statuses() if one["status"] == "failed"]
    assert [one["errors"][0]["code"] for one in failed] == [131050]


def test_the_marketing_cap_leaves_other_messages_alone(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    switch(fail_sends_with="131049")
    graph.send(**template("spring_special", body("Thandi")))
    graph.send(**template("payment_received", body("Thandi", "R 1")))
    settle()
    failed = [one for one in receiver.statuses() if one["status"] == "failed"]
    assert [one["errors"][0]["code"] for one in failed] == [131049]


@pytest.mark.parametrize("code", [131026, 130472, 131053, 131048, 131000])
def test_a_switch_fails_what_was_accepted(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver, code: int
) -> None:
    switch(fail_sends_with=str(code))
    assert graph.send().status_code == 200
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == code


def test_a_held_template_is_sent_later(graph: Graph, settle: Settle, receiver: Receiver) -> None:
    switch(hold_templates="then send", hold_seconds=3600)
    answer = graph.send(**template("payment_received", body("a", "b")))
    assert answer.json()["messages"][0]["message_status"] == "held_for_quality_assessment"
    settle()
    assert names(receiver) == []
    clock.jump(seconds=3600)
    settle()
    assert names(receiver) == ["sent", "delivered"]


def test_a_held_template_can_fail_with_132015(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    switch(hold_templates="then fail", hold_seconds=0)
    graph.send(**template("payment_received", body("a", "b")))
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == 132015


def test_a_reaction_is_sent_and_never_delivered(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    said = control.say(type="text", text="Thanks", webhook=False)
    graph.send(type="reaction", reaction={"message_id": said["wamid"], "emoji": "👍"})
    settle()
    assert names(receiver) == ["sent"]
    assert control.chat()[0]["reactions"] == ["👍"]
    graph.send(type="reaction", reaction={"message_id": said["wamid"], "emoji": ""})
    settle()
    assert control.chat()[0]["reactions"] == []


def test_a_reaction_to_nothing_fails_with_131009(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(type="reaction", reaction={"message_id": "wamid.nothing", "emoji": "👍"})
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == 131009


def test_a_voice_note_can_be_played(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(type="audio", audio={"link": "https://example.com/a.ogg"})
    settle()
    message = Message.objects.get(type="audio")
    url = f"/phone/messages/{message.pk}/played/"
    assert control.client.post(url, {}, content_type="application/json").status_code == 200
    settle()
    assert names(receiver) == ["sent", "delivered", "played"]


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


def test_a_link_that_cannot_be_fetched_is_131053(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(type="image", image={"link": receiver.url + "missing.jpg"})
    settle()
    [error] = receiver.statuses()[0]["errors"]
    assert error["code"] == 131053
    assert error["error_data"]["details"] == (
        "Downloading media from weblink failed with http code 403"
    )


def test_a_link_of_the_wrong_type_is_131053(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    receiver.files["/a.wav"] = (b"RIFF", "audio/wav")
    graph.send(type="audio", audio={"link": receiver.url + "a.wav"})
    settle()
    assert receiver.statuses()[0]["errors"][0]["error_data"]["details"] == (
        "Unsupported Audio mime type audio/wav. Please use one of audio/aac, audio/amr, "
        "audio/mpeg, audio/mp4, audio/ogg."
    )


def test_a_link_that_was_fetched_is_on_the_phone(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    receiver.files["/a.jpg"] = (b"a photo", "image/jpeg")
    graph.send(type="image", image={"link": receiver.url + "a.jpg"})
    settle()
    shown = control.chat()[-1]["shape"]["media"]
    assert control.client.get(shown["url"]).content == b"a photo"
    assert names(receiver) == ["sent", "delivered"]


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
    assert names(receiver) == ["sent", "delivered"]


def test_reading_marks_this_and_all_earlier_ones(graph: Graph, control: Control) -> None:
    first = control.say(type="text", text="1", webhook=False)
    second = control.say(type="text", text="2", webhook=False)
    third = control.say(type="text", text="3", webhook=False)
    answer = graph("POST", f"{NUMBER}/messages", read(second["wamid"]))
    assert answer.json() == {"success": True}
    status = {one["wamid"]: one["status"] for one in control.chat()}
    assert [status[one["wamid"]] for one in (first, second, third)] == ["read", "read", "sent"]


def read(wamid: str, **more: Any) -> dict[str, Any]:
    """The body of a read receipt."""
    return {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **more}


def test_typing_is_shown_until_the_answer(graph: Graph, control: Control) -> None:
    said = control.say(type="text", text="1", webhook=False)
    graph("POST", f"{NUMBER}/messages", read(said["wamid"], typing_indicator={"type": "text"}))
    assert control("GET", f"customers/{THANDI}/")["typing"] is True
    graph.send()
    assert control("GET", f"customers/{THANDI}/")["typing"] is False


@pytest.mark.parametrize("wamid", ["wamid.nothing", ""])
def test_only_a_customers_own_message_can_be_read(graph: Graph, wamid: str) -> None:
    answer = graph("POST", f"{NUMBER}/messages", read(wamid))
    assert graph.error(answer)["code"] in (100, 131009)


def test_an_outbound_message_cannot_be_marked_as_read(graph: Graph, open_window: None) -> None:
    wamid = graph.send().json()["messages"][0]["id"]
    assert graph.error(graph("POST", f"{NUMBER}/messages", read(wamid)))["code"] == 131009


def test_nothing_is_told_of_a_blocked_customer(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    user = {"messaging_product": "whatsapp", "block_users": [{"user": THANDI}]}
    graph("POST", f"{NUMBER}/block_users", user)
    control.say(type="text", text="Hello?")
    settle()
    assert receiver.messages() == []
    assert Customer.objects.filter(wa_id=SIPHO).exists()

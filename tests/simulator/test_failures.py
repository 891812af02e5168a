"""Accepted with 200, and failed all the same: the window, reachability, marketing, links.

Cloud API, error codes that come by webhook; customer service window.
"""

from collections.abc import Callable

import pytest

from simulator import clock, switches
from simulator.models import Customer, Message
from tests.simulator.conftest import THANDI, Control, Graph, switch
from tests.simulator.receiver import Receiver
from tests.simulator.test_template_sends import body, template

Settle = Callable[[], None]


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


def test_a_failure_tells_whom_it_did_not_reach_without_a_profile(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    bsuid = Customer.objects.get(wa_id=THANDI).bsuid
    graph.send()
    graph.send(to="+27609999999")
    settle()
    contacts = [one for value in receiver.values() for one in value["contacts"]]
    assert {"wa_id": THANDI, "user_id": bsuid} in contacts
    assert {"wa_id": "27609999999"} in contacts


def test_a_failure_beside_a_delivery_leaves_the_profile_there(
    graph: Graph, settle: Settle, receiver: Receiver, open_window: None
) -> None:
    switch(batch=3)
    graph.send()
    graph.send(type="reaction", reaction={"message_id": "wamid.none", "emoji": "👍"})
    settle()
    assert sorted(receiver.names()) == ["delivered", "failed", "sent"]
    [contact] = receiver.values()[0]["contacts"]
    assert contact["profile"] == {"name": "Thandi Mokoena"}


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
    assert receiver.names() == ["sent", "delivered", "failed"]


def test_a_late_message_opens_the_window_by_its_own_time(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    long_ago = clock.now().timestamp() - 25 * 3600
    control.say(type="text", text="Hi", timestamp=long_ago, webhook=False)
    graph.send()
    settle()
    assert receiver.names() == ["failed"]


@pytest.mark.parametrize("kind", ["reaction", "request_welcome", "edit", "revoke"])
def test_what_is_no_message_opens_no_window(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver, kind: str
) -> None:
    control.say(type=kind, message_id="wamid.x", emoji="👍", webhook=False)
    graph.send()
    settle()
    assert receiver.names() == ["failed"]


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
    assert receiver.names().count("failed") == 1


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


# 131049 is for marketing alone, and has its own test.
FATES = sorted({*switches.FIELDS["fail_sends_with"].metadata["choices"]} - {"", "131049"})


@pytest.mark.parametrize("code", FATES)
def test_a_switch_fails_what_was_accepted(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver, code: str
) -> None:
    switch(fail_sends_with=code)
    assert graph.send().status_code == 200
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == int(code)


def test_a_held_template_is_sent_later(graph: Graph, settle: Settle, receiver: Receiver) -> None:
    switch(hold_templates="then send", hold_seconds=3600)
    answer = graph.send(**template("payment_received", body("a", "b")))
    assert answer.json()["messages"][0]["message_status"] == "held_for_quality_assessment"
    settle()
    assert receiver.names() == []
    clock.jump(seconds=3600)
    settle()
    assert receiver.names() == ["sent", "delivered"]


def test_a_held_template_can_fail_with_132015(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    switch(hold_templates="then fail", hold_seconds=0)
    graph.send(**template("payment_received", body("a", "b")))
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == 132015


def test_a_reaction_to_nothing_fails_with_131009(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    graph.send(type="reaction", reaction={"message_id": "wamid.nothing", "emoji": "👍"})
    settle()
    [error] = receiver.statuses()[0]["errors"]
    assert (error["code"], error["error_data"]["details"]) == (
        131009,
        "Reaction target is not a message.",
    )


def test_a_reaction_to_a_reaction_fails_with_131009(
    graph: Graph, control: Control, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    said = control.say(type="reaction", message_id="wamid.x", emoji="👍", webhook=False)
    graph.send(type="reaction", reaction={"message_id": said["wamid"], "emoji": "👍"})
    settle()
    assert receiver.statuses()[0]["errors"][0]["code"] == 131009


def test_a_link_to_a_file_that_is_too_large_is_131053(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    receiver.files["/s.webp"] = (b"x" * (500 * 1024 + 1), "image/webp")
    graph.send(type="sticker", sticker={"link": receiver.url + "s.webp"})
    settle()
    assert receiver.statuses()[0]["errors"][0]["error_data"]["details"] == (
        "Media file size too big. Max file size we currently support: 500KB."
    )


def test_a_switch_lets_no_link_be_fetched(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(fetch_links="never")
    graph.send(type="image", image={"link": receiver.url + "missing.jpg"})
    settle()
    assert receiver.names() == ["sent", "delivered"]


@pytest.mark.parametrize(("which", "is_fetched"), [("loopback", False), ("always", True)])
def test_a_switch_lets_links_to_other_machines_be_fetched(
    graph: Graph, open_window: None, which: str, is_fetched: bool
) -> None:
    switch(fetch_links=which)
    graph.send(type="image", image={"link": "http://192.0.2.1/a.jpg"})
    assert Message.objects.get(direction="out").link_at_stake is is_fetched


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

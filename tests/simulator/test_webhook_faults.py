"""Webhooks on a bad day: twice, late, shuffled, in batches, unsigned, without their usual parts.

Cloud API, webhooks: delivery rules; business-scoped user ids.
"""

import json
from collections.abc import Callable

import pytest

from simulator import clock
from simulator.models import Customer, Event
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, WABA, Control, Graph, switch
from tests.simulator.receiver import Receiver, signed

Settle = Callable[[], None]


def test_copies_are_equal_to_the_byte(control: Control, settle: Settle, receiver: Receiver) -> None:
    switch(duplicates=2)
    control.say(type="text", text="Hi")
    settle()
    assert len(receiver.posted) == 3
    assert len({post.body for post in receiver.posted}) == 1


@pytest.mark.parametrize("name", ["bad_signature", "no_signature"])
def test_the_signature_can_be_spoilt(
    control: Control, settle: Settle, receiver: Receiver, name: str
) -> None:
    switch(**{name: True})
    control.say(type="text", text="Hi")
    settle()
    [post] = receiver.posted
    assert post.headers.get("X-Hub-Signature-256") != signed(post.body)


def test_webhooks_can_be_delayed_for_hours(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    switch(delay_seconds=7200)
    control.say(type="text", text="Hi")
    graph.send()
    settle()
    assert receiver.posted == []
    assert Event.objects.count() == 3
    clock.jump(seconds=7200)
    settle()
    assert len(receiver.messages()) == 1
    assert sorted(receiver.names()) == ["delivered", "sent"]


def test_shuffled_webhooks_come_in_another_order(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    switch(reorder_seconds=3600)
    said = [control.say(type="text", text=str(number))["wamid"] for number in range(12)]
    settle()
    assert len(receiver.messages()) < 12
    for _ in range(10):
        clock.jump(seconds=360)
        settle()
    came = [one["id"] for one in receiver.messages()]
    assert sorted(came) == sorted(said)
    assert came != said


def test_a_batch_mixes_messages_and_statuses(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi", webhook=False)
    switch(batch=4)
    for who in (THANDI, SIPHO, THANDI):
        control.say(who, type="text", text="Hi")
    graph.send()
    settle()
    [first] = receiver.posted
    kinds = [
        key
        for change in first.changes
        for key in ("messages", "statuses")
        if key in change["value"]
    ]
    assert kinds == ["messages", "statuses"]
    assert [len(change["value"].get("messages", [])) for change in first.changes] == [3, 0]
    assert len(first.changes[0]["value"]["contacts"]) == 2


def test_a_batch_mixes_the_events_of_several_numbers(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi", webhook=False)
    second, third = "100000000000002", "100000000000003"
    control("POST", "numbers/", {"phone_number_id": second})
    control("POST", "numbers/", {"phone_number_id": third, "waba_id": "200000000000003"})
    switch(batch=5)
    for number in (NUMBER, second, third):
        said = {"type": "text", "text": number}
        control("POST", f"customers/{THANDI}/messages/?number={number}", said)
    graph.send()
    settle()
    [post] = receiver.posted
    accounts = [entry["id"] for entry in json.loads(post.body)["entry"]]
    assert accounts == [WABA, "200000000000003", WABA]
    told = [
        (value["metadata"]["phone_number_id"], one["text"]["body"])
        for value in receiver.values()
        for one in value.get("messages", [])
    ]
    assert told == [(number, number) for number in (NUMBER, second, third)]
    assert receiver.names() == ["sent", "delivered"]


def test_a_batch_that_does_not_fill_goes_after_a_while(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    switch(batch=1000)
    control.say(type="text", text="Hi")
    settle()
    assert receiver.posted == []
    clock.jump(seconds=3)
    settle()
    assert len(receiver.messages()) == 1


def test_contacts_can_be_left_out(control: Control, settle: Settle, receiver: Receiver) -> None:
    switch(without_contacts=True)
    control.say(type="text", text="Hi")
    settle()
    assert "contacts" not in receiver.values()[0]


def test_the_profile_can_be_left_out(control: Control, settle: Settle, receiver: Receiver) -> None:
    switch(without_profile=True)
    control.say(type="text", text="Hi")
    settle()
    assert "profile" not in receiver.values()[0]["contacts"][0]


@pytest.mark.parametrize(("form", "number"), [("absent", {}), ("empty", {"from": ""})])
def test_a_customer_can_come_without_a_number(
    graph: Graph,
    control: Control,
    settle: Settle,
    receiver: Receiver,
    form: str,
    number: dict[str, str],
) -> None:
    switch(user_id_only=form)
    control.say(type="text", text="Hi")
    graph.send()
    settle()
    bsuid = Customer.objects.get(wa_id=THANDI).bsuid
    [message] = receiver.messages()
    assert {name: message[name] for name in ("from",) if name in message} == number
    assert message["from_user_id"] == bsuid
    assert receiver.values()[0]["contacts"][0].get("wa_id", "") == ""
    assert receiver.statuses()[0].get("recipient_id", "") == ""
    assert receiver.statuses()[0]["recipient_user_id"] == bsuid


def test_a_username_stands_in_the_profile(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control("PATCH", f"customers/{THANDI}/", {"username": "thandi.m", "hides_number": True})
    control.say(type="text", text="Hi")
    settle()
    contact = receiver.values()[0]["contacts"][0]
    assert contact["profile"] == {"name": "Thandi Mokoena", "username": "@thandi.m"}
    assert "wa_id" not in contact


def test_a_new_number_is_told_from_the_old_one_and_without_contacts(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    old = Customer.objects.get(wa_id=THANDI).bsuid
    changed = control("POST", f"customers/{THANDI}/number/", {"wa_id": "27829990001"})
    settle()
    [message] = receiver.messages()
    assert (message["from"], message["from_user_id"]) == (THANDI, old)
    assert message["system"] == {
        "body": f"User Thandi Mokoena changed from {THANDI} to 27829990001",
        "type": "user_changed_number",
        "wa_id": "27829990001",
        "user_id": changed["bsuid"],
    }
    assert changed["bsuid"] != old
    assert "contacts" not in receiver.values()[0]


def test_any_value_can_be_told(control: Control, settle: Settle, receiver: Receiver) -> None:
    control("POST", "webhooks/", {"field": "flows", "value": {"event": "FLOW_STATUS_CHANGE"}})
    settle()
    assert receiver.values("flows") == [{"event": "FLOW_STATUS_CHANGE"}]
    entry = json.loads(receiver.posted[0].body)["entry"][0]
    assert isinstance(entry["time"], int)

"""How webhooks are sent: bytes, signature, repeats, order, and the switches that spoil them.

Cloud API, webhooks: delivery rules.
"""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from simulator import clock, configuration, verification, webhooks
from simulator.models import Customer, Event, Message, Webhook
from simulator.pump import Pump
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, WABA, Control, Graph, switch
from tests.simulator.receiver import Receiver

Settle = Callable[[], None]


def signed(body: bytes, secret: str = "demo-app-secret") -> str:
    """What the header must be."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_the_body_is_escaped_as_metas_and_signed_as_it_is(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Ünïcode 🙂 a/b")
    settle()
    [post] = receiver.posted
    assert b'"body":"\\u00dcn\\u00efcode \\ud83d\\ude42 a\\/b"' in post.body
    assert post.body.isascii()
    assert post.headers["X-Hub-Signature-256"] == signed(post.body)
    assert post.headers["Content-Type"] == "application/json"


def test_the_envelope_is_metas(control: Control, settle: Settle, receiver: Receiver) -> None:
    said = control.say(type="text", text="Hi", timestamp=1795373660)
    settle()
    thandi = Customer.objects.get(wa_id=THANDI)
    assert json.loads(receiver.posted[0].body) == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": WABA,
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "27875500100",
                                "phone_number_id": NUMBER,
                            },
                            "contacts": [
                                {
                                    "profile": {"name": "Thandi Mokoena"},
                                    "wa_id": THANDI,
                                    "user_id": thandi.bsuid,
                                }
                            ],
                            "messages": [
                                {
                                    "from": THANDI,
                                    "from_user_id": thandi.bsuid,
                                    "id": said["wamid"],
                                    "timestamp": "1795373660",
                                    "type": "text",
                                    "text": {"body": "Hi"},
                                }
                            ],
                        },
                    }
                ],
            }
        ],
    }


def test_the_customers_second_tick_comes_with_the_200(control: Control, settle: Settle) -> None:
    control.say(type="text", text="Hi")
    assert control.chat()[0]["status"] == "sent"
    settle()
    assert control.chat()[0]["status"] == "delivered"


@pytest.mark.parametrize("answer", [500, 401, 302, 201])
def test_anything_but_200_is_tried_again(
    control: Control, settle: Settle, receiver: Receiver, answer: int
) -> None:
    receiver.answers = [answer, answer]
    control.say(type="text", text="Hi")
    for _ in range(3):
        settle()
        clock.jump(seconds=5)
    assert len({post.body for post in receiver.posted}) == 1
    assert len(receiver.posted) == 3
    webhook = Webhook.objects.get()
    assert (webhook.attempts, webhook.answer_status, webhook.next_at) == (3, 200, None)


def test_a_console_that_is_down_is_tried_again(
    control: Control, settle: Settle, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMULATOR_WEBHOOK_URL", "http://127.0.0.1:9/")
    configuration.current.cache_clear()
    control.say(type="text", text="Hi")
    settle()
    webhook = Webhook.objects.get()
    assert (webhook.answer_status, webhook.error) == (None, "ConnectionError")
    assert webhook.next_at is not None


def test_the_gaps_grow_and_after_a_week_it_gives_up(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    assert list(webhooks.GAPS_SECONDS) == sorted(webhooks.GAPS_SECONDS)
    receiver.answers = [500] * 100
    control.say(type="text", text="Hi")
    settle()
    clock.jump(seconds=8 * 86_400)
    settle()
    assert Webhook.objects.get().next_at is None
    tried = len(receiver.posted)
    clock.jump(seconds=86_400)
    settle()
    assert len(receiver.posted) == tried


def test_what_was_not_sent_is_sent_after_a_restart(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi")
    first = Pump()
    first.turn()
    first.lanes[0].submit(lambda: None)
    # The first pump dies here, before it has recorded anything.
    settle()
    assert len(receiver.posted) == 2
    assert Webhook.objects.get().answer_status == 200


def test_nothing_is_told_without_a_subscription(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    assert graph("DELETE", f"{WABA}/subscribed_apps").json() == {"success": True}
    control.say(type="text", text="Hi")
    graph.send()
    settle()
    assert receiver.posted == []
    graph("POST", f"{WABA}/subscribed_apps")
    control.say(type="text", text="Hi again")
    settle()
    assert len(receiver.messages()) == 1


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
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    switch(delay_seconds=7200)
    control.say(type="text", text="Hi")
    settle()
    assert receiver.posted == []
    assert Event.objects.count() == 1
    clock.jump(seconds=7200)
    settle()
    assert len(receiver.messages()) == 1


def test_shuffled_webhooks_come_in_another_order(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    switch(reorder_seconds=3600)
    said = [control.say(type="text", text=str(number))["wamid"] for number in range(12)]
    for _ in range(10):
        clock.jump(seconds=360)
        settle()
    came = [one["id"] for one in receiver.messages()]
    assert sorted(came) == sorted(said)
    assert came != said


def test_one_customers_messages_come_in_order_on_a_good_day(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    said = [control.say(type="text", text=str(number))["wamid"] for number in range(8)]
    settle()
    assert [one["id"] for one in receiver.messages()] == said


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


def test_many_statuses_share_a_post(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(throughput_per_second=0)
    for _ in range(30):
        graph.send()
    settle()
    assert len(receiver.statuses()) == 60
    assert len(receiver.posted) == 2


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


def test_a_numbers_own_address_goes_before_the_accounts(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    def override(name: str) -> dict[str, str]:
        return {"override_callback_uri": receiver.url + name, "verify_token": "demo-verify-token"}

    graph("POST", f"{WABA}/subscribed_apps", override("account"))
    control.say(type="text", text="1")
    settle()
    graph("POST", NUMBER, {"webhook_configuration": override("number")})
    control.say(type="text", text="2")
    settle()
    graph("POST", f"{WABA}/subscribed_apps")
    graph("POST", NUMBER, {"webhook_configuration": {"override_callback_uri": ""}})
    control.say(type="text", text="3")
    settle()
    assert [post.path for post in receiver.posted] == ["/account", "/number", "/"]


def test_an_address_that_does_not_know_the_token_is_not_taken(
    graph: Graph, receiver: Receiver
) -> None:
    wanted = {"override_callback_uri": receiver.url, "verify_token": "wrong"}
    answer = graph("POST", f"{WABA}/subscribed_apps", wanted)
    assert graph.error(answer)["code"] == 2200


def test_verification_wants_the_bare_challenge(receiver: Receiver) -> None:
    assert verification.verify(receiver.url, "demo-verify-token") == ""
    assert verification.verify(receiver.url, "wrong") == "HTTP 403"
    receiver.files["/quoted"] = (b'"1158201444"', "application/json")
    assert "bare challenge" in verification.verify(receiver.url + "quoted", "demo-verify-token")
    assert verification.verify("http://127.0.0.1:9/", "x") == "ConnectionError"


def test_the_log_shows_every_attempt(control: Control, settle: Settle, receiver: Receiver) -> None:
    receiver.answers = [500]
    control.say(type="text", text="Hi")
    settle()
    clock.jump(seconds=60)
    settle()
    [shown] = control("GET", "log/")["webhooks"]
    assert (shown["attempts"], shown["status"], shown["taken"]) == (2, 200, True)
    assert shown["body"]["object"] == "whatsapp_business_account"


def test_an_inbound_message_is_never_told_twice_by_itself(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi")
    settle()
    clock.jump(seconds=30 * 86_400)
    settle()
    assert len(receiver.posted) == 1
    assert Message.objects.get().status == "delivered"

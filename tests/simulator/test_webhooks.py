"""How webhooks are sent: bytes, signature, repeats, order, and the switches that spoil them.

Cloud API, webhooks: delivery rules.
"""

import json
from collections.abc import Callable
from threading import Event as Flag

import pytest

from simulator import clock, configuration, switches, verification, webhooks
from simulator.models import Customer, Message, Webhook
from simulator.pump import Pump
from tests.simulator.conftest import NUMBER, THANDI, WABA, Control, Graph, switch
from tests.simulator.receiver import Receiver, signed

Settle = Callable[[], None]


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


def test_a_console_that_is_too_slow_is_tried_again(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    assert switches.Switches().webhook_timeout_seconds == 10
    switch(webhook_timeout_seconds=0.1)
    receiver.hold = Flag()
    control.say(type="text", text="Hi")
    settle()
    webhook = Webhook.objects.get()
    assert (webhook.answer_status, webhook.error) == (None, "ReadTimeout")
    assert webhook.next_at is not None
    receiver.hold.set()
    clock.jump(seconds=60)
    settle()
    assert Webhook.objects.get().answer_status == 200


def test_the_gaps_between_attempts_grow(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    assert list(webhooks.GAPS_SECONDS) == sorted(set(webhooks.GAPS_SECONDS))
    receiver.answers = [500] * 100
    control.say(type="text", text="Hi")
    seen: dict[int, float] = {}
    while len(seen) < 4:
        settle()
        webhook = Webhook.objects.get()
        assert webhook.next_at
        assert webhook.answered_at
        seen[webhook.attempts] = (webhook.next_at - webhook.answered_at).total_seconds()
        clock.jump(seconds=seen[webhook.attempts])
    assert seen == {tried: webhooks.GAPS_SECONDS[tried - 1] for tried in seen}


@pytest.mark.parametrize(("days", "is_over"), [(6, False), (8, True)])
def test_after_a_week_it_gives_up(
    control: Control, settle: Settle, receiver: Receiver, days: int, is_over: bool
) -> None:
    receiver.answers = [500] * 100
    control.say(type="text", text="Hi")
    settle()
    clock.jump(seconds=days * 86_400)
    settle()
    assert (Webhook.objects.get().next_at is None) is is_over
    tried = len(receiver.posted)
    clock.jump(seconds=3600)
    settle()
    assert (len(receiver.posted) == tried) is is_over


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


def test_one_customers_messages_come_in_order_on_a_good_day(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    said = [control.say(type="text", text=str(number))["wamid"] for number in range(8)]
    settle()
    assert [one["id"] for one in receiver.messages()] == said


def test_many_statuses_share_a_post(
    graph: Graph, open_window: None, settle: Settle, receiver: Receiver
) -> None:
    switch(throughput_per_second=0)
    for _ in range(30):
        graph.send()
    settle()
    assert len(receiver.statuses()) == 60
    assert len(receiver.posted) == 2


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

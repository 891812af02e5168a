"""Phone number, profile, block list. Cloud API, phone numbers, business profiles, block users."""

import json
from typing import Any

import pytest

from simulator import clock
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, WABA, Control, Graph, switch, text
from tests.simulator.test_template_sends import body as value
from tests.simulator.test_template_sends import template


def test_a_number_shows_the_fields_that_are_asked_for(graph: Graph) -> None:
    fields = "verified_name,display_phone_number,quality_rating,throughput,health_status,status"
    shown = graph("GET", f"{NUMBER}?fields={fields}").json()
    assert shown.keys() == {*fields.split(","), "id"}
    assert shown["display_phone_number"] == "+27 87 550 0100"
    assert shown["health_status"]["can_send_message"] == "AVAILABLE"
    assert shown["throughput"] == {"level": "STANDARD"}


def test_without_fields_it_shows_the_usual_few(graph: Graph) -> None:
    assert set(graph("GET", NUMBER).json()) == {
        "verified_name",
        "code_verification_status",
        "display_phone_number",
        "quality_rating",
        "id",
    }


def test_a_field_that_there_is_not_is_refused(graph: Graph) -> None:
    answer = graph("GET", f"{NUMBER}?fields=shoe_size")
    assert "nonexisting field (shoe_size)" in graph.error(answer)["message"]


def test_the_account_lists_its_numbers(graph: Graph) -> None:
    [row] = graph("GET", f"{WABA}/phone_numbers").json()["data"]
    assert row["id"] == NUMBER
    assert graph("GET", WABA).json()["id"] == WABA


def test_an_unpaid_account_is_blocked_in_its_health(graph: Graph) -> None:
    switch(payment_problem=True)
    health = graph("GET", f"{NUMBER}?fields=health_status").json()["health_status"]
    assert health["can_send_message"] == "BLOCKED"


def test_a_number_is_registered_with_its_pin(graph: Graph, open_window: None) -> None:
    graph("POST", f"{NUMBER}/deregister", {})
    good = {"messaging_product": "whatsapp", "pin": "123456"}
    assert graph("POST", f"{NUMBER}/register", good).json() == {"success": True}
    assert graph.send().status_code == 200
    answer = graph("POST", f"{NUMBER}/register", {**good, "pin": "654321"})
    assert graph.error(answer)["code"] == 133005


@pytest.mark.parametrize("pin", ["", "12345", "abcdef"])
def test_a_pin_has_six_digits(graph: Graph, pin: str) -> None:
    assert graph.error(graph("POST", NUMBER, {"pin": pin}))["code"] == 100


def test_codes_are_requested_and_verified(graph: Graph) -> None:
    wanted = {"code_method": "SMS", "language": "en_GB"}
    assert graph("POST", f"{NUMBER}/request_code", wanted).json() == {"success": True}
    assert graph("POST", f"{NUMBER}/request_code", {"code_method": "FAX"}).status_code == 400
    assert graph("POST", f"{NUMBER}/verify_code", {"code": "123-456"}).json() == {"success": True}
    assert graph("POST", f"{NUMBER}/verify_code", {}).status_code == 400


def test_settings_are_kept(graph: Graph) -> None:
    wanted = {"user_identity_change": {"enable_identity_key_check": True}}
    assert graph("POST", f"{NUMBER}/settings", wanted).json() == {"success": True}
    shown = graph("GET", f"{NUMBER}/settings").json()
    assert shown["user_identity_change"] == {"enable_identity_key_check": True}
    assert graph("POST", f"{NUMBER}/settings", {}).status_code == 400


def test_a_profile_that_was_never_written_has_no_line_of_business(graph: Graph) -> None:
    [shown] = graph("GET", f"{NUMBER}/whatsapp_business_profile").json()["data"]
    assert shown == {"messaging_product": "whatsapp", "vertical": "UNDEFINED"}


PROFILE = {"about": "Open 8 to 5", "vertical": "RETAIL", "websites": ["https://example.com"]}


def test_the_profile_is_changed_field_by_field(graph: Graph) -> None:
    edge = f"{NUMBER}/whatsapp_business_profile"
    graph("POST", edge, {"messaging_product": "whatsapp", **PROFILE})
    graph("POST", edge, {"messaging_product": "whatsapp", "email": "hi@example.com"})
    [shown] = graph("GET", edge).json()["data"]
    assert shown == {"messaging_product": "whatsapp", "email": "hi@example.com", **PROFILE}
    [some] = graph("GET", f"{edge}?fields=about,email").json()["data"]
    assert some.keys() == {"messaging_product", "about", "email"}


@pytest.mark.parametrize(
    "change",
    [
        {"about": "x" * 140},
        {"about": ""},
        {"address": "x" * 257},
        {"description": "x" * 513},
        {"email": "x" * 129},
        {"vertical": "SPACE"},
        {"websites": ["a", "b", "c"]},
        {"websites": ["x" * 257]},
        {"messaging_product": None},
    ],
)
def test_a_profile_beyond_the_limits_is_refused(graph: Graph, change: dict[str, Any]) -> None:
    wanted = {"messaging_product": "whatsapp", **change}
    answer = graph("POST", f"{NUMBER}/whatsapp_business_profile", wanted)
    assert graph.error(answer)["code"] == 100


def users(*who: str) -> dict[str, Any]:
    """The body of a block or an unblock."""
    return {"messaging_product": "whatsapp", "block_users": [{"user": one} for one in who]}


def test_somebody_who_wrote_today_can_be_blocked_and_unblocked(
    graph: Graph, open_window: None
) -> None:
    edge = f"{NUMBER}/block_users"
    added = graph("POST", edge, users("+" + THANDI)).json()
    assert added["block_users"] == {"added_users": [{"input": "+" + THANDI, "wa_id": THANDI}]}
    [listed] = graph("GET", edge).json()["data"]
    assert listed == {"messaging_product": "whatsapp", "input": THANDI, "wa_id": THANDI}
    removed = graph("DELETE", edge, users(THANDI)).json()
    assert removed["block_users"]["removed_users"][0]["wa_id"] == THANDI
    assert graph("GET", edge).json()["data"] == []
    assert graph.send().status_code == 200


@pytest.mark.parametrize("key", ["user", "user_id"])
def test_somebody_is_blocked_by_user_id_and_named_by_it(
    graph: Graph, control: Control, open_window: None, key: str
) -> None:
    bsuid = control("GET", f"customers/{THANDI}/")["bsuid"]
    wanted = {"messaging_product": "whatsapp", "block_users": [{key: bsuid}]}
    answer = graph("POST", f"{NUMBER}/block_users", wanted).json()
    assert answer["block_users"] == {"added_users": [{"input": bsuid, "user_id": bsuid}]}
    assert control("GET", f"customers/{THANDI}/")["blocked"] is True


def test_a_partial_success_is_a_400_with_both_lists(graph: Graph, open_window: None) -> None:
    answer = graph("POST", f"{NUMBER}/block_users", users(THANDI, SIPHO))
    assert answer.status_code == 400
    assert graph.error(answer)["code"] == 139100
    lists = answer.json()["block_users"]
    assert [one["wa_id"] for one in lists["added_users"]] == [THANDI]
    assert [one["wa_id"] for one in lists["failed_users"]] == [SIPHO]


def test_after_a_day_of_silence_nobody_can_be_blocked(graph: Graph, open_window: None) -> None:
    clock.jump(seconds=86_500)
    answer = graph("POST", f"{NUMBER}/block_users", users(THANDI))
    assert "24 hours" in str(answer.json()["block_users"]["failed_users"])


def test_a_subscription_is_shown_and_taken_back(graph: Graph) -> None:
    edge = f"{WABA}/subscribed_apps"
    [app] = graph("GET", edge).json()["data"]
    assert app["whatsapp_business_api_data"].keys() == {"id", "name", "link"}
    graph("DELETE", edge)
    assert graph("GET", edge).json() == {"data": []}


def test_a_customer_shows_that_the_business_blocked_them(
    graph: Graph, control: Control, open_window: None
) -> None:
    graph("POST", f"{NUMBER}/block_users", users(THANDI))
    assert control("GET", f"customers/{THANDI}/")["blocked"] is True


def test_management_calls_are_counted_and_refused_above_the_limit(graph: Graph) -> None:
    switch(management_calls_per_hour=4)
    first = graph("GET", f"{WABA}/phone_numbers")
    [usage] = json.loads(first["X-Business-Use-Case-Usage"])[WABA]
    assert usage == {
        "type": "whatsapp",
        "call_count": 25,
        "total_cputime": 0,
        "total_time": 0,
        "estimated_time_to_regain_access": 0,
    }
    for _ in range(3):
        graph("GET", WABA)
    refused = graph("GET", WABA)
    assert graph.error(refused)["code"] == 80007
    [usage] = json.loads(refused["X-Business-Use-Case-Usage"])[WABA]
    assert usage["estimated_time_to_regain_access"] == 60
    assert graph("GET", NUMBER).status_code == 200


def test_a_second_number_has_chats_and_windows_of_its_own(
    graph: Graph, control: Control, open_window: None
) -> None:
    control("POST", "numbers/", {"phone_number_id": "100000000000002", "verified_name": "Shop 2"})
    assert len(control("GET", "numbers/")) == 2
    switch(window_error_at_once=True)
    body = {"messaging_product": "whatsapp", "to": "+" + THANDI, **text("Hi")}
    assert graph("POST", "100000000000002/messages", body).status_code == 400
    assert graph("POST", f"{NUMBER}/messages", body).status_code == 200
    said = {"type": "text", "text": "Hi"}
    control("POST", f"customers/{THANDI}/messages/?number=100000000000002", said)
    assert graph("POST", "100000000000002/messages", body).status_code == 200


def test_what_a_number_shows_can_be_changed(graph: Graph, control: Control) -> None:
    control("POST", "numbers/", {"phone_number_id": NUMBER, "fields": {"quality_rating": "RED"}})
    assert graph("GET", NUMBER).json()["quality_rating"] == "RED"
    assert control.answer("POST", "numbers/", {"phone_number_id": "x"}).status_code == 400


def test_the_marketing_api_takes_marketing_only(graph: Graph) -> None:
    def send(name: str) -> Any:
        body = {"messaging_product": "whatsapp", "to": "+" + THANDI, **template(name, value("a"))}
        return graph("POST", f"{NUMBER}/marketing_messages", body)

    assert send("spring_special").status_code == 200
    assert graph.error(send("invoice_overdue"))["code"] == 134100

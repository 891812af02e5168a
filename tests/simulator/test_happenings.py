"""What can be made to happen: each is told in the shape of Meta's samples, and true of the rows.

Cloud API, webhooks, one page a field.
"""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.happenings import HAPPENINGS
from simulator.models import Customer, Message, Template
from tests.simulator.conftest import THANDI, Control
from tests.simulator.receiver import Receiver

Settle = Callable[[], None]
Happen = Callable[[str], dict[str, Any]]


@pytest.fixture
def happen(control: Control, settle: Settle, receiver: Receiver) -> Happen:
    """It happens to Thandi; the one change that the webhook brings."""

    def act(name: str) -> dict[str, Any]:
        control("POST", f"happenings/{name}/", {"wa_id": THANDI})
        settle()
        [post] = receiver.posted
        [change] = post.changes
        return change

    return act


NOT_FETCHED = {"code": 131052, "title": "Media download error", "message": "Media download error"}
UNKNOWN = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}
SAID: list[tuple[str, dict[str, Any], set[str]]] = [
    ("ad", {"type": "text", "text": {"body": "Is this still available?"}}, {"referral"}),
    ("forwarded", {"type": "text", "context": {"frequently_forwarded": True}}, {"text"}),
    ("order", {"type": "order"}, {"order"}),
    ("unknown_type", {"type": "hologram", "hologram": {"shape": "cat"}}, set()),
    ("welcome", {"type": "request_welcome"}, set()),
    (
        "unsupported",
        {
            "type": "unsupported",
            "errors": [
                {
                    **UNKNOWN,
                    "error_data": {"details": "Message type is currently not supported."},
                }
            ],
        },
        set(),
    ),
    (
        "unfetched",
        {
            "type": "image",
            "errors": [
                {
                    **NOT_FETCHED,
                    "error_data": {"details": "Failed to download the media from the sender."},
                }
            ],
        },
        set(),
    ),
    ("identity", {"type": "system"}, {"system", "identity"}),
    ("number", {"type": "system"}, {"system"}),
    ("user_id", {"type": "system"}, {"system"}),
]


@pytest.mark.parametrize(("name", "shape", "more"), SAID)
def test_what_a_customer_does_comes_as_a_message(
    happen: Happen, name: str, shape: dict[str, Any], more: set[str]
) -> None:
    change = happen(name)
    assert change["field"] == "messages"
    [message] = change["value"]["messages"]
    outer = {"from", "from_user_id", "id", "timestamp"}
    assert message.keys() == outer | shape.keys() | more
    assert {key: message[key] for key in shape} == shape
    assert message["from"] == THANDI


def test_the_customer_has_a_new_number_and_a_new_user_id(happen: Happen) -> None:
    told = happen("number")["value"]["messages"][0]["system"]
    assert told["type"] == "user_changed_number"
    thandi = Customer.objects.get(name="Thandi Mokoena")
    assert (told["wa_id"], told["user_id"]) == (thandi.wa_id, thandi.bsuid)
    assert thandi.wa_id != THANDI


def test_whoever_made_it_happen_learns_the_customers_number(control: Control) -> None:
    answer = control("POST", "happenings/number/", {"wa_id": THANDI})
    assert answer["wa_id"] == Customer.objects.get(name="Thandi Mokoena").wa_id
    again = control("POST", "happenings/number/", {"wa_id": answer["wa_id"]})
    assert again["wa_id"] not in (THANDI, answer["wa_id"])


def test_a_status_of_an_unknown_message_is_of_none_that_there_is(happen: Happen) -> None:
    [status] = happen("unknown_status")["value"]["statuses"]
    assert (status["status"], status["recipient_id"]) == ("delivered", THANDI)
    assert not Message.objects.filter(wamid=status["id"]).exists()


def test_an_error_without_a_message_is_the_values_own(happen: Happen) -> None:
    value = happen("value_error")["value"]
    assert value.keys() == {"messaging_product", "metadata", "errors"}
    assert value["errors"][0]["code"] == 130429


@pytest.mark.parametrize(("name", "takes"), [("stop", False), ("resume", True)])
def test_a_customer_stops_and_resumes_marketing(happen: Happen, name: str, takes: bool) -> None:
    Customer.objects.update(takes_marketing=not takes)
    change = happen(name)
    [told] = change["value"]["user_preferences"]
    assert (change["field"], told["value"], told["wa_id"]) == ("user_preferences", name, THANDI)
    assert isinstance(told["timestamp"], int)
    assert Customer.objects.get(wa_id=THANDI).takes_marketing is takes


@pytest.mark.parametrize(
    ("name", "event", "status"),
    [
        ("pause", "PAUSED", "PAUSED"),
        ("disable", "DISABLED", "DISABLED"),
        ("reject", "REJECTED", "REJECTED"),
        ("unpause", "APPROVED", "APPROVED"),
    ],
)
def test_a_template_has_the_status_that_is_told(
    happen: Happen, name: str, event: str, status: str
) -> None:
    change = happen(name)
    assert change["field"] == "message_template_status_update"
    assert change["value"]["event"] == event
    told = change["value"]["message_template_id"]
    assert Template.objects.get(template_id=told).status == status


def test_a_template_changes_its_quality_and_its_category(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    Template.objects.exclude(name="invoice_overdue").delete()
    for name in ("quality", "category"):
        control("POST", f"happenings/{name}/", {})
    settle()
    [quality] = receiver.values("message_template_quality_update")
    [category] = receiver.values("template_category_update")
    assert (quality["previous_quality_score"], quality["new_quality_score"]) == ("GREEN", "RED")
    assert (category["previous_category"], category["new_category"]) == ("UTILITY", "MARKETING")
    template = Template.objects.get()
    assert (template.quality_score, template.category) == ("RED", "MARKETING")


KEYS = [
    ("upgrade", "phone_number_quality_update", {"display_phone_number", "event", "current_limit"}),
    ("flagged", "phone_number_quality_update", {"display_phone_number", "event", "current_limit"}),
    (
        "name",
        "phone_number_name_update",
        {"display_phone_number", "decision", "requested_verified_name", "rejection_reason"},
    ),
    ("pin", "security", {"display_phone_number", "event", "requester"}),
    (
        "limit",
        "business_capability_update",
        {"max_daily_conversations_per_business", "max_phone_numbers_per_business"},
    ),
    ("restriction", "account_update", {"event", "restriction_info"}),
    ("violation", "account_update", {"event", "violation_info"}),
    ("ban", "account_update", {"event", "ban_info"}),
    ("alert", "account_alerts", {"entity_type", "entity_id", "alert_info"}),
]


@pytest.mark.parametrize(("name", "field", "keys"), KEYS)
def test_what_meta_tells_of_number_and_account_has_its_keys(
    happen: Happen, name: str, field: str, keys: set[str]
) -> None:
    change = happen(name)
    assert (change["field"], change["value"].keys()) == (field, keys)


def test_every_happening_has_its_button(control: Control) -> None:
    page = control.client.get("/faults/").content.decode()
    assert page.count("data-happening=") == len(HAPPENINGS)
    for name in control("GET", "happenings/"):
        assert f'data-happening="{name}"' in page

"""News about numbers and the account. Source: Cloud API, webhooks reference, by field."""

from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import (
    AccountAlert,
    AccountReview,
    AccountUpdate,
    Broken,
    BusinessCapability,
    NumberName,
    NumberQuality,
    PlatformError,
    Security,
)
from tests.whatsapp.samples import NUMBER, WABA, data, only

DISPLAY = "27215550100"


@pytest.mark.parametrize(
    ("name", "event", "limit"),
    [
        ("throughput", "THROUGHPUT_UPGRADE", "TIER_UNLIMITED"),
        ("since_2026", "ONBOARDING", "TIER_2K"),
    ],
)
def test_a_number_s_limit_is_read_in_both_shapes(name: str, event: str, limit: str) -> None:
    news = only(f"phone_number_quality_update__{name}", NumberQuality)
    assert (news.display_number, news.event, news.limit) == (DISPLAY, event, limit)


@pytest.mark.parametrize(
    ("name", "decision", "wanted", "reason"),
    [
        ("approved", "APPROVED", "Karoo Office", ""),
        ("rejected", "REJECTED", "Best Shop", "NAME_NOT_CONSISTENT"),
    ],
)
def test_a_decision_on_a_name_is_read(name: str, decision: str, wanted: str, reason: str) -> None:
    news = only(f"phone_number_name_update__{name}", NumberName)
    assert (news.decision, news.name, news.reason) == (decision, wanted, reason)


@pytest.mark.parametrize(
    ("name", "event", "detail"),
    [
        (
            "restriction",
            "ACCOUNT_RESTRICTION",
            "RESTRICTED_BIZ_INITIATED_MESSAGING, RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        ),
        ("ban", "DISABLED_UPDATE", "SCHEDULE_FOR_DISABLE"),
        ("violation", "ACCOUNT_VIOLATION", "SCAM"),
        ("partner", "PARTNER_ADDED", ""),
    ],
)
def test_what_happened_to_the_account_is_read(name: str, event: str, detail: str) -> None:
    news = only(f"account_update__{name}", AccountUpdate)
    assert (news.event, news.detail) == (event, detail)


def test_an_alert_is_read() -> None:
    news = only("account_alerts__warning", AccountAlert)
    assert (news.entity_type, news.entity_id) == ("BUSINESS", "506914307656634")
    assert (news.severity, news.is_active) == ("WARNING", True)
    assert news.alert_type == "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"
    assert news.description == "The limit could not be raised yet."


def test_an_alert_that_is_over_is_read_in_the_flat_shape() -> None:
    news = only("account_alerts__flat_and_over", AccountAlert)
    assert (news.severity, news.is_active, news.alert_type) == (
        "INFORMATIONAL",
        False,
        "OBA_APPROVED",
    )


def test_a_review_is_read() -> None:
    assert only("account_review_update__rejected", AccountReview).decision == "REJECTED"


@pytest.mark.parametrize(
    ("name", "limit", "numbers"),
    [("tier", "TIER_10K", 25), ("number", "2000", 10), ("before_2026", "1000", 2)],
)
def test_what_the_business_may_do_is_read_in_every_shape(
    name: str, limit: str, numbers: int
) -> None:
    news = only(f"business_capability_update__{name}", BusinessCapability)
    assert (news.daily_limit, news.max_numbers) == (limit, numbers)


def test_a_changed_pin_is_read() -> None:
    news = only("security__pin_changed", Security)
    assert (news.display_number, news.event) == (DISPLAY, "PIN_CHANGED")
    assert news.requester == "61555822107539"


def test_an_error_of_the_whole_number_is_read() -> None:
    """Source: Cloud API, webhooks, messages, `value.errors`."""
    event = only("messages__value_error", PlatformError)
    assert (event.phone_number_id, event.waba_id) == (NUMBER, WABA)
    assert (event.error.code, event.error.title) == (130429, "Rate limit hit")
    assert event.error.explanation.fault == "us"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("phone_number_quality_update__since_2026", "event"),
        ("phone_number_name_update__approved", "decision"),
        ("account_update__ban", "event"),
        ("account_review_update__rejected", "decision"),
        ("account_alerts__flat_and_over", "alert_type"),
        ("security__pin_changed", "event"),
    ],
)
def test_news_without_its_heart_is_broken(name: str, key: str) -> None:
    sample = data(name)
    value: dict[str, Any] = sample["entry"][0]["changes"][0]["value"]
    del value[key]
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert (event.reason, event.raw) == (f"{key} is missing", value)

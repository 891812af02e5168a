"""News about numbers and the account: rows where there are any, notices where a person must act."""

from typing import Any

import pytest

from conversations.models import Notice, PhoneNumber
from tests.factories import a_phone_number
from tests.intake.samples import ACCOUNT, arrive, changed


def open_notices() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(ended_at=None)
    return list(rows.values_list("level", "text"))


def now(number: PhoneNumber) -> PhoneNumber:
    return PhoneNumber.objects.get(pk=number.pk)


@pytest.mark.parametrize(
    ("name", "level", "words"),
    [
        ("account_update__ban", "alarm", "is disabling the WhatsApp business account: schedule"),
        ("account_update__violation", "alarm", "broke its policies: scam."),
        ("account_update__restriction", "alarm", "restricted biz initiated messaging"),
        ("account_review_update__rejected", "alarm", "reviewed the WhatsApp business account"),
        ("account_alerts__warning", "warning", "The limit could not be raised yet."),
        ("security__pin_changed", "warning", "The PIN of 27215550100 was changed."),
        ("phone_number_name_update__rejected", "warning", "(name not consistent)"),
        ("phone_number_quality_update__throughput", "info", "1,000 messages a second"),
        ("messages__value_error", "warning", "Too fast."),
    ],
)
def test_where_a_person_must_act_staff_are_told(name: str, level: str, words: str) -> None:
    arrive(name)
    [(found, text)] = open_notices()
    assert found == level
    assert words in text
    assert Notice.objects.get().what_to_do


@pytest.mark.parametrize(
    "name",
    [
        "account_update__partner",
        "account_alerts__flat_and_over",
        "business_capability_update__tier",
        "phone_number_name_update__approved",
        "phone_number_quality_update__since_2026",
        "calls__connect",
        "flows__status",
        "group_lifecycle_update__created",
    ],
)
def test_where_nobody_need_act_nobody_is_bothered(name: str) -> None:
    event = arrive(name)
    assert event.processed_at is not None
    assert open_notices() == []


def test_an_account_that_is_back_is_over_for_staff() -> None:
    arrive("account_update__ban")
    arrive(changed("account_update__ban", ban_info={"waba_ban_state": "REINSTATE"}))
    assert open_notices() == []


def test_an_account_that_is_connected_again_is_over_for_staff() -> None:
    arrive(changed("account_update__partner", event="ACCOUNT_OFFBOARDED"))
    assert len(open_notices()) == 1
    arrive(changed("account_update__partner", event="ACCOUNT_RECONNECTED"))
    assert open_notices() == []


def test_an_alert_that_meta_takes_back_is_over_for_staff() -> None:
    arrive("account_alerts__warning")
    over = {"alert_status": "NONE", "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"}
    arrive(changed("account_alerts__warning", alert_info=over))
    assert open_notices() == []


def test_a_critical_alert_is_an_alarm() -> None:
    alert = {"alert_severity": "CRITICAL", "alert_status": "ACTIVE", "alert_type": "OBA_REJECTED"}
    arrive(changed("account_alerts__warning", alert_info=alert))
    assert [level for level, _ in open_notices()] == ["alarm"]


def test_a_review_that_was_passed_is_over_for_staff() -> None:
    arrive("account_review_update__rejected")
    arrive(changed("account_review_update__rejected", decision="APPROVED"))
    assert open_notices() == []


@pytest.mark.parametrize("event", ["PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"])
def test_a_pin_that_somebody_wants_off_is_an_alarm(event: str) -> None:
    arrive(changed("security__pin_changed", event=event))
    assert [level for level, _ in open_notices()] == ["alarm"]


def test_a_trouble_that_needs_the_number_mended_is_an_alarm() -> None:
    errors = [{"code": 131042, "title": "Business eligibility payment issue"}]
    arrive(changed("messages__value_error", errors=errors))
    assert [level for level, _ in open_notices()] == ["alarm"]


def limited_to(tier: str) -> None:
    sample = changed("business_capability_update__tier", max_daily_conversations_per_business=tier)
    arrive(sample)


def test_a_lower_limit_of_the_business_is_before_staff_until_it_rises(number: PhoneNumber) -> None:
    limited_to("TIER_10K")
    assert open_notices() == []
    limited_to("TIER_2K")
    assert now(number).daily_limit == "TIER_2K"
    assert open_notices() == [
        ("warning", "Meta lets the business write to fewer customers a day: TIER_2K.")
    ]
    limited_to("TIER_2K")
    assert len(open_notices()) == 1
    limited_to("TIER_UNLIMITED")
    assert open_notices() == []


def test_an_approved_name_is_the_numbers_name(number: PhoneNumber) -> None:
    arrive("phone_number_name_update__rejected", "phone_number_name_update__approved")
    assert now(number).name == "Karoo Office"
    assert open_notices() == []


def test_a_flagged_number_is_red_until_it_is_not(number: PhoneNumber) -> None:
    arrive(changed("phone_number_quality_update__throughput", event="FLAGGED"))
    assert now(number).quality_rating == "RED"
    assert [level for level, _ in open_notices()] == ["alarm"]
    arrive(changed("phone_number_quality_update__throughput", event="UNFLAGGED"))
    assert (now(number).quality_rating, open_notices()) == ("", [])


def test_a_lower_limit_is_before_staff(number: PhoneNumber) -> None:
    arrive(
        changed(
            "phone_number_quality_update__throughput", event="DOWNGRADE", current_limit="TIER_250"
        )
    )
    assert now(number).daily_limit == "TIER_250"
    assert "fewer customers" in open_notices()[0][1]


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("business_capability_update__tier", "TIER_10K"),
        ("business_capability_update__number", "2000"),
        ("business_capability_update__before_2026", "1000"),
        ("phone_number_quality_update__since_2026", "TIER_2K"),
        ("phone_number_quality_update__throughput", "TIER_UNLIMITED"),
    ],
)
def test_the_numbers_know_their_daily_limit(number: PhoneNumber, name: str, limit: str) -> None:
    stranger = a_phone_number(waba_id="another account", display_number="+27 21 555 0199")
    arrive(name)
    assert (now(number).daily_limit, now(stranger).daily_limit) == (limit, "")


def test_no_limit_has_one_name(number: PhoneNumber) -> None:
    sample: Any = changed(
        "business_capability_update__number", max_daily_conversations_per_business=-1
    )
    arrive(sample)
    assert now(number).daily_limit == "TIER_UNLIMITED"


def test_a_number_is_found_however_it_is_written() -> None:
    PhoneNumber.objects.all().delete()
    number = a_phone_number(waba_id=ACCOUNT, display_number="27 (21) 555-0100")
    arrive("phone_number_name_update__approved")
    assert now(number).name == "Karoo Office"

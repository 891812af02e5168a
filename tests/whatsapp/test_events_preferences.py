"""Customers who stop or resume marketing. Source: Cloud API, webhooks, `user_preferences`."""

from datetime import UTC, datetime

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, Person, UserPreference
from tests.whatsapp.samples import BSUID, NUMBER, WA_ID, data, only


@pytest.mark.parametrize("value", ["stop", "resume"])
def test_a_preference_is_read(value: str) -> None:
    event = only(f"user_preferences__{value}", UserPreference)
    assert (event.category, event.value) == ("marketing_messages", value)
    assert event.person == Person(wa_id=WA_ID, bsuid=BSUID, name="Thandi Nkosi")
    assert event.phone_number_id == NUMBER
    assert event.at == datetime(2024, 11, 14, 20, 57, 11, tzinfo=UTC)
    assert event.detail == f"User requested to {value} marketing messages"


@pytest.mark.parametrize("missing", [("category",), ("value",), ("wa_id", "user_id")])
def test_a_preference_of_nobody_or_nothing_is_broken(missing: tuple[str, ...]) -> None:
    sample = data("user_preferences__stop")
    item = sample["entry"][0]["changes"][0]["value"]["user_preferences"][0]
    for key in missing:
        del item[key]
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)

"""Every webhook that Meta is known to send, each alone: taken in, summed up, twice the same."""

import pytest

from conversations.models import Message, Notice, Reaction, WebhookEvent
from tests.intake import samples

# What cannot be processed stays open, for a reason that staff can read.
OPEN = {
    "dashboard_test__messages": "The number with the id 123456123 is not known here.",
    "messages__mixed_batch": "An item could not be read",
}

SUMMARIES = {
    "account_alerts__warning": "1 account alert",
    "account_review_update__rejected": "1 account review",
    "account_update__ban": "1 account update",
    "business_capability_update__tier": "1 business capability",
    "calls__connect": "1 calls",
    "flows__status": "1 flows",
    "group_lifecycle_update__created": "1 group_lifecycle_update",
    "history__chunk": "1 history",
    "message_template_components_update__edited": "1 changed template",
    "message_template_quality_update__red": "1 template quality",
    "message_template_status_update__paused": "1 template status",
    "messages__mixed_batch": (
        "3 messages, 7 unreadable items, 2 statuses, 1 error, 1 account review"
    ),
    "messages__text": "1 message",
    "messages__text_in_group": "1 messages.group",
    "messages__value_error": "1 error",
    "phone_number_name_update__approved": "1 number name",
    "phone_number_quality_update__throughput": "1 number limit",
    "security__pin_changed": "1 security update",
    "smb_app_state_sync__added": "1 smb_app_state_sync",
    "smb_message_echoes__text": "1 message from the phone app",
    "statuses__sent_v24": "1 status",
    "template_category_update__done": "1 template category",
    "user_preferences__stop": "1 user preference",
}


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Message, Notice, Reaction))


@pytest.mark.parametrize("name", samples.names())
def test_it_is_processed_or_says_why_not(name: str) -> None:
    event = samples.arrive(name)
    expected = OPEN.get(name, "")
    assert (event.processed_at is None) == bool(expected)
    assert event.error.startswith(expected)
    assert "Thandi" not in event.error


@pytest.mark.parametrize("name", samples.names())
def test_it_says_what_is_in_it(name: str) -> None:
    event = samples.arrive(name)
    assert event.summary
    assert event.summary == SUMMARIES.get(name, event.summary)


@pytest.mark.parametrize("name", samples.names())
def test_a_second_time_it_changes_nothing(name: str) -> None:
    samples.arrive(name)
    before = counted()
    again = samples.load(name)
    again["entry"].append({"id": "another body", "changes": []})
    samples.arrive(again)
    assert WebhookEvent.objects.count() == 2
    assert counted() == before

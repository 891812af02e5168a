"""What this program has no use for is kept raw. Source: Cloud API, webhooks reference, by field."""

from typing import Any

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import Unknown
from tests.whatsapp.samples import WABA, data, only

FIELDS = {
    "calls": "connect",
    "flows": "status",
    "group_lifecycle_update": "created",
    "history": "chunk",
    "smb_app_state_sync": "added",
}


@pytest.mark.parametrize(("field", "variant"), FIELDS.items())
def test_a_field_that_is_not_served_is_kept(field: str, variant: str) -> None:
    event = only(f"{field}__{variant}", Unknown)
    sample = data(f"{field}__{variant}")
    value = sample["entry"][0]["changes"][0]["value"]
    assert event == Unknown(field=field, value=value, waba_id=WABA)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"field": "messages", "value": {}}, "messages"),
        ({"field": "messages", "value": {"messages": None}}, "messages"),
        ({"field": "next_big_thing", "value": {"a": 1}}, "next_big_thing"),
        ({"value": {"a": 1}}, ""),
        ({"field": ["messages"], "value": {"a": 1}}, ""),
    ],
)
def test_a_field_nobody_has_heard_of_is_kept(change: dict[str, Any], field: str) -> None:
    entry = {"id": "1", "changes": [change]}
    found = events.parse({"object": "whatsapp_business_account", "entry": [entry]})
    assert found == [Unknown(field=field, value=change["value"], waba_id="1")]

"""System checks: what is missing or contradicts itself is named, and what is well is not."""

from datetime import date
from typing import Any

import pytest
from django.core import checks
from django.core.checks import run_checks

from waconsole.checks import end_of_graph_version

SECRET = "a-secret-nobody-may-see"
PRODUCTION = {
    "DEBUG": False,
    "PUBLIC_URL": "https://console.example.com",
    "ALLOWED_HOSTS": ["console.example.com"],
    "CSRF_TRUSTED_ORIGINS": [],
    "BEHIND_PROXY": True,
    "WHATSAPP_TOKEN": SECRET,
    "WHATSAPP_APP_SECRET": SECRET,
    "WEBHOOK_VERIFY_TOKEN": SECRET,
    "PHONE_NUMBER_ID": "100000000000001",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "200000000000001",
    "GRAPH_API_URL": "https://graph.facebook.com",
    "GRAPH_API_VERSION": "v23.0",
}
CHECKOUT = {
    "DEBUG": True,
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": ["*"],
    "WHATSAPP_TOKEN": "",
    "WHATSAPP_APP_SECRET": "",
    "WEBHOOK_VERIFY_TOKEN": "",
    "PHONE_NUMBER_ID": "",
    "WHATSAPP_BUSINESS_ACCOUNT_ID": "",
    "GRAPH_API_VERSION": "v21.0",
}


def found(settings: Any, **changed: Any) -> list[str]:
    for name, value in changed.items():
        setattr(settings, name, value)
    messages = [message for message in run_checks() if "waconsole" in (message.id or "")]
    assert all(message.hint for message in messages)
    assert SECRET not in str(messages)
    return sorted(str(message.id).removeprefix("waconsole.") for message in messages)


def queue(settings: Any, **changed: Any) -> list[str]:
    return found(settings, **CHECKOUT, Q_CLUSTER={**settings.Q_CLUSTER, **changed})


def test_a_checkout_with_nothing_set_has_nothing_to_say(settings: Any) -> None:
    assert found(settings, **CHECKOUT) == []


def test_a_production_that_has_everything_has_nothing_to_say(settings: Any) -> None:
    assert found(settings, **PRODUCTION) == []


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"WHATSAPP_TOKEN": ""}, ["W001"]),
        ({"PHONE_NUMBER_ID": "", "WHATSAPP_BUSINESS_ACCOUNT_ID": ""}, ["W001", "W001"]),
        ({"WHATSAPP_APP_SECRET": ""}, ["W002"]),
        ({"WEBHOOK_VERIFY_TOKEN": ""}, ["W002"]),
        ({"GRAPH_API_VERSION": "21.0"}, ["E001"]),
        ({"GRAPH_API_VERSION": "v21"}, ["E001"]),
        ({"GRAPH_API_URL": "http://graph.example.com"}, ["W003"]),
        ({"BUSINESS_TIME_ZONE": "Africa/Kaapstad"}, ["E002"]),
        ({"BUSINESS_TIME_ZONE": "../etc/passwd"}, ["E002"]),
        ({"QUIET_SECONDS": 20.0}, ["E003"]),
        ({"QUIET_SECONDS": -1.0}, ["E003"]),
        ({"SECURE_SSL_REDIRECT": True}, []),
        ({"SECURE_SSL_REDIRECT": True, "BEHIND_PROXY": False}, ["E004", "E006"]),
        ({"BEHIND_PROXY": False}, ["E006"]),
        (
            {
                "BEHIND_PROXY": False,
                "CSRF_TRUSTED_ORIGINS": ["https://console.example.com"],
            },
            [],
        ),
        ({"CSRF_TRUSTED_ORIGINS": ["https://old.example.com"]}, ["W006"]),
        ({"PUBLIC_URL": "http://console.example.com"}, ["W004"]),
        ({"ALLOWED_HOSTS": ["other.example.com"]}, ["E005"]),
        ({"ALLOWED_HOSTS": [".example.com"]}, []),
        ({"OUTGOING_WEBHOOK_ALLOWED_NETWORKS": ["10.20.0.0/16", "fd12::/32"]}, []),
        ({"OUTGOING_WEBHOOK_ALLOWED_NETWORKS": ["10.20.0.5/16", "erp"]}, ["E007", "E007"]),
        ({"WORKERS": 0}, ["E100"]),
    ],
)
def test_what_is_wrong_in_production_is_named(
    settings: Any, changed: dict[str, Any], ids: list[str]
) -> None:
    assert found(settings, **{**PRODUCTION, **changed}) == ids


def test_a_half_connected_checkout_is_told(settings: Any) -> None:
    half = {**CHECKOUT, "WHATSAPP_TOKEN": SECRET}

    assert found(settings, **half) == ["W001", "W001", "W002", "W002"]


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({"retry": 189}, ["E102"]),
        ({"retry": 190}, []),
        ({"queue_limit": 8}, ["E102"]),
        ({"timeout": 60.0}, ["E101"]),
        ({"timeout": None}, ["E101"]),
        ({"guard_cycle": 0.3}, ["E103"]),
        ({"guard_cycle": 0.25}, []),
        ({"guard_cycle": 1}, []),
        ({"orm": "other"}, ["E104"]),
    ],
)
def test_rules_of_the_queue(settings: Any, changed: dict[str, Any], ids: list[str]) -> None:
    assert queue(settings, **changed) == ids


def test_a_database_that_is_connected_anew_each_time_is_named(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 0)

    assert found(settings, **CHECKOUT) == ["E105"]


def test_a_cache_of_one_process_is_named(settings: Any) -> None:
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

    assert found(settings, **CHECKOUT, CACHES=local) == ["E106"]


def test_the_end_of_a_graph_version_is_a_note_before_and_a_warning_after(settings: Any) -> None:
    settings.GRAPH_API_VERSION = "v21.0"

    before = list(end_of_graph_version(date(2027, 1, 20)))
    after = list(end_of_graph_version(date(2027, 1, 21)))

    assert [(message.id, message.level) for message in before + after] == [
        ("waconsole.I001", checks.INFO),
        ("waconsole.W005", checks.WARNING),
    ]


def test_a_graph_version_without_a_known_end_is_left_alone(settings: Any) -> None:
    settings.GRAPH_API_VERSION = "v23.0"

    assert list(end_of_graph_version(date(2030, 1, 1))) == []

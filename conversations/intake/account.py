"""News about templates, numbers and the account: in the rows they speak of, and before staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from conversations import notices
from conversations.intake import own_numbers, templates
from conversations.notices import Level
from conversations.whatsapp import events as wire

LOOK = "Look into WhatsApp Manager."
APPEAL = "Look into WhatsApp Manager, and appeal there."

# event -> how grave it is, what happened. What is not in it is only kept, as it came.
# Source: Cloud API, webhooks, account_update.
UPDATES: dict[str, tuple[Level, str]] = {
    "ACCOUNT_DELETED": (Level.ALARM, "The WhatsApp business account was deleted."),
    "ACCOUNT_RESTRICTION": (Level.ALARM, "Meta has restricted the WhatsApp business account"),
    "ACCOUNT_VIOLATION": (Level.ALARM, "Meta says that the account broke its policies"),
    "DISABLED_UPDATE": (Level.ALARM, "Meta is disabling the WhatsApp business account"),
    "ACCOUNT_OFFBOARDED": (Level.WARNING, "The account was disconnected from the Cloud API."),
}
REINSTATED = "REINSTATE"
MENDED_BY = {"ACCOUNT_RECONNECTED": "ACCOUNT_OFFBOARDED"}

SEVERITIES = {"CRITICAL": Level.ALARM, "WARNING": Level.WARNING}

SECURITY: dict[str, tuple[Level, str]] = {
    "PIN_CHANGED": (Level.WARNING, "The PIN of {number} was changed."),
    "PIN_RESET_REQUEST": (Level.ALARM, "Somebody asked to switch off the PIN of {number}."),
    "PIN_REQUEST_SUCCESS": (Level.ALARM, "The PIN of {number} was switched off."),
}


def keep(news: Sequence[wire.AccountNews]) -> None:
    """Each has changed its row, and raised or ended a notice where a person must act.

    Twice: the same rows, and one notice. What needs neither is kept as it came, in its event.
    """
    for one in news:
        if act := ACTS.get(type(one)):
            act(one)


def keep_errors(errors: Sequence[wire.PlatformError]) -> None:
    """Trouble with a number or the account as a whole stands before staff in plain words."""
    for one in errors:
        meaning = one.error.explanation
        is_grave = meaning.action == "fix_number"
        notices.raise_notice(
            f"platform:{one.phone_number_id or one.waba_id}:{one.error.code}"[:200],
            level=Level.ALARM if is_grave else Level.WARNING,
            text=f"WhatsApp reports: {meaning.title}. {meaning.cause}",
            what_to_do=meaning.what_to_do,
        )


def _update(one: wire.AccountUpdate) -> None:
    if REINSTATED in one.detail.upper():
        notices.end(_key(one.waba_id, one.event))
        return
    if mended := MENDED_BY.get(one.event):
        notices.end(_key(one.waba_id, mended))
    elif one.event in UPDATES:
        level, text = UPDATES[one.event]
        detail = "" if text.endswith(".") else f": {_plain(one.detail)}." if one.detail else "."
        notices.raise_notice(
            _key(one.waba_id, one.event), level=level, text=f"{text}{detail}", what_to_do=APPEAL
        )


def _alert(one: wire.AccountAlert) -> None:
    key = _key(one.entity_id or one.waba_id, f"alert:{one.alert_type}")
    if not one.is_active:
        notices.end(key)
        return
    text = f"Meta's alert {_plain(one.alert_type)}: {one.description}"
    level = SEVERITIES.get(one.severity, Level.INFO)
    notices.raise_notice(key, level=level, text=text, what_to_do=LOOK)


def _review(one: wire.AccountReview) -> None:
    key = _key(one.waba_id, "review")
    if one.decision == "REJECTED":
        text = "Meta has reviewed the WhatsApp business account and rejected it."
        notices.raise_notice(key, level=Level.ALARM, text=text, what_to_do=APPEAL)
    elif one.decision == "APPROVED":
        notices.end(key)


def _security(one: wire.Security) -> None:
    if one.event not in SECURITY:
        return
    level, text = SECURITY[one.event]
    number = one.display_number or "a number"
    notices.raise_notice(
        _key(number, one.event),
        level=level,
        text=text.format(number=number),
        what_to_do="Ask who of you did that. Was it nobody, change the PIN in WhatsApp Manager.",
    )


def _key(about: str, what: str) -> str:
    return f"account:{about}:{what}"[:200]


def _plain(words: str) -> str:
    """RESTRICTED_BIZ_INITIATED_MESSAGING -> restricted biz initiated messaging."""
    return words.replace("_", " ").lower()


ACTS: dict[type[wire.AccountNews], Callable[[Any], None]] = {
    wire.TemplateUpdate: templates.update,
    wire.TemplateQuality: templates.quality,
    wire.TemplateCategory: templates.category,
    wire.TemplateComponents: templates.read_anew,
    wire.NumberQuality: own_numbers.quality,
    wire.NumberName: own_numbers.name,
    wire.BusinessCapability: own_numbers.capability,
    wire.AccountUpdate: _update,
    wire.AccountAlert: _alert,
    wire.AccountReview: _review,
    wire.Security: _security,
}

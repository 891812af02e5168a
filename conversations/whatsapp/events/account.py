"""News about templates, numbers and the account: one value each, by Meta's field name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from conversations.whatsapp.events.reading import (
    JsonObject,
    moment_or_none,
    needed,
    obj,
    objects,
    text,
    text_or_none,
    whole,
)


@dataclass(frozen=True, kw_only=True)
class AccountNews:
    """What all of them have."""

    waba_id: str  # raw, "" where missing
    at: datetime | None  # normalised: aware UTC, entry[].time; None where missing
    raw: JsonObject  # raw: the whole value


@dataclass(frozen=True, kw_only=True)
class TemplateNews(AccountNews):
    """Which template, in which language."""

    template_id: str  # normalised: digits as text, for Meta writes it as a number here
    name: str  # raw
    language: str  # raw: "en_ZA"


@dataclass(frozen=True, kw_only=True)
class TemplateUpdate(TemplateNews):
    """A template was approved, rejected, paused, disabled, ..."""

    event: str  # normalised to upper case: APPROVED, REJECTED, PAUSED, FLAGGED, ...
    reason: str  # raw: "" for none, which Meta writes as "NONE"
    detail: str  # raw: what Meta explains or recommends, "" where missing
    category: str  # raw, "" where missing


@dataclass(frozen=True, kw_only=True)
class TemplateQuality(TemplateNews):
    """Customers like a template more or less than before."""

    previous: str  # normalised to upper case: GREEN, YELLOW, RED, UNKNOWN
    new: str  # normalised to upper case


@dataclass(frozen=True, kw_only=True)
class TemplateCategory(TemplateNews):
    """Meta has moved a template to another category, or will do so (`is_impending`)."""

    is_impending: bool  # normalised: announced, not done yet
    current: str  # normalised to upper case: what it is charged as from now on, until it changes
    other: str  # normalised to upper case: the former one; the coming one where impending
    takes_effect_at: datetime | None  # normalised: aware UTC, where impending and Meta says when


@dataclass(frozen=True, kw_only=True)
class TemplateComponents(TemplateNews):
    """A template's text was changed: read it anew."""


@dataclass(frozen=True, kw_only=True)
class NumberQuality(AccountNews):
    """A number's limit or speed has changed."""

    display_number: str  # raw
    event: str  # normalised to upper case: ONBOARDING, THROUGHPUT_UPGRADE, FLAGGED, ...
    limit: str  # raw: "TIER_2K", "" where missing


@dataclass(frozen=True, kw_only=True)
class NumberName(AccountNews):
    """Meta has decided on a display name."""

    display_number: str  # raw
    decision: str  # normalised to upper case: APPROVED, DEFERRED, PENDING, REJECTED
    name: str  # raw: the name that was asked for
    reason: str  # raw, "" where missing


@dataclass(frozen=True, kw_only=True)
class AccountUpdate(AccountNews):
    """The account was restricted, banned, reconnected, ..."""

    event: str  # normalised to upper case: ACCOUNT_RESTRICTION, DISABLED_UPDATE, ...
    detail: str  # normalised: what kind of ban, violation or restriction, "" where Meta names none


@dataclass(frozen=True, kw_only=True)
class AccountAlert(AccountNews):
    """Something about the business, the account or a number that a person should know."""

    entity_type: str  # raw: BUSINESS, PHONE_NUMBER, ...
    entity_id: str  # normalised: as text
    severity: str  # normalised to upper case: CRITICAL, WARNING, INFORMATIONAL
    is_active: bool  # normalised: False where Meta takes it back
    alert_type: str  # raw: OBA_APPROVED, ...
    description: str  # raw, English


@dataclass(frozen=True, kw_only=True)
class AccountReview(AccountNews):
    """Meta has reviewed the account."""

    decision: str  # normalised to upper case: APPROVED, REJECTED, PENDING, DEFERRED


@dataclass(frozen=True, kw_only=True)
class BusinessCapability(AccountNews):
    """How many customers may be written to in a day, and how many numbers there may be."""

    daily_limit: str  # normalised: "TIER_2K" or digits, -1 for none; "" where missing
    max_numbers: int | None  # normalised: per business


@dataclass(frozen=True, kw_only=True)
class Security(AccountNews):
    """A number's PIN was changed, or somebody asked for that."""

    display_number: str  # raw
    event: str  # normalised to upper case: PIN_CHANGED, PIN_RESET_REQUEST, PIN_REQUEST_SUCCESS
    requester: str  # raw: who asked, "" where missing


@dataclass(frozen=True)
class News:
    """One value with the account and time it came with."""

    waba_id: str
    at: datetime | None
    value: JsonObject


def _template_update(news: News) -> TemplateNews:
    value = news.value
    if "new_quality_score" in value:
        # Meta's own sample of the quality webhook carries this field's name.
        return _template_quality(news)
    rejection, other = obj(value, "rejection_info"), obj(value, "other_info")
    detail = text(rejection, "recommendation") or text(rejection, "reason")
    reason = text(value, "reason") or text(other, "title")
    return TemplateUpdate(
        **_template(news),
        event=needed(value, "event").upper(),
        reason="" if reason.upper() == "NONE" else reason,
        detail=detail or text(other, "description"),
        category=text(value, "message_template_category"),
    )


def _template_quality(news: News) -> TemplateQuality:
    return TemplateQuality(
        **_template(news),
        previous=text(news.value, "previous_quality_score").upper(),
        new=needed(news.value, "new_quality_score").upper(),
    )


def _template_category(news: News) -> TemplateCategory:
    value = news.value
    coming = text_or_none(value, "correct_category")
    return TemplateCategory(
        **_template(news),
        is_impending=coming is not None,
        current=needed(value, "new_category").upper(),
        other=(coming or text(value, "previous_category")).upper(),
        takes_effect_at=moment_or_none(value, "category_update_timestamp") if coming else None,
    )


def _template_components(news: News) -> TemplateComponents:
    return TemplateComponents(**_template(news))


def _number_quality(news: News) -> NumberQuality:
    value = news.value
    limit = text(value, "current_limit") or text(value, "max_daily_conversations_per_business")
    return NumberQuality(
        **_any(news),
        display_number=text(value, "display_phone_number"),
        event=needed(value, "event").upper(),
        limit=limit,
    )


def _number_name(news: News) -> NumberName:
    value = news.value
    reason = text(value, "rejection_reason")
    return NumberName(
        **_any(news),
        display_number=text(value, "display_phone_number"),
        decision=needed(value, "decision").upper(),
        name=text(value, "requested_verified_name"),
        reason="" if reason.upper() == "NONE" else reason,
    )


def _account_update(news: News) -> AccountUpdate:
    value = news.value
    detail = (
        text(obj(value, "ban_info"), "waba_ban_state"),
        text(obj(value, "violation_info"), "violation_type"),
        *(text(one, "restriction_type") for one in objects(value, "restriction_info")),
    )
    return AccountUpdate(
        **_any(news),
        event=needed(value, "event").upper(),
        detail=", ".join(filter(None, detail)),
    )


def _account_alert(news: News) -> AccountAlert:
    value = news.value
    # Up to v21 the parts of alert_info stood in the value itself.
    alert = obj(value, "alert_info") or value
    return AccountAlert(
        **_any(news),
        entity_type=text(value, "entity_type"),
        entity_id=text(value, "entity_id"),
        severity=text(alert, "alert_severity").upper(),
        is_active=text(alert, "alert_status").upper() != "NONE",
        alert_type=needed(alert, "alert_type"),
        description=text(alert, "alert_description"),
    )


def _account_review(news: News) -> AccountReview:
    return AccountReview(**_any(news), decision=needed(news.value, "decision").upper())


def _business_capability(news: News) -> BusinessCapability:
    value = news.value
    limit = text(value, "max_daily_conversations_per_business")
    return BusinessCapability(
        **_any(news),
        daily_limit=limit or text(value, "max_daily_conversation_per_phone"),
        max_numbers=whole(value, "max_phone_numbers_per_business"),
    )


def _security(news: News) -> Security:
    return Security(
        **_any(news),
        display_number=text(news.value, "display_phone_number"),
        event=needed(news.value, "event").upper(),
        requester=text(news.value, "requester"),
    )


def _any(news: News) -> JsonObject:
    return {"waba_id": news.waba_id, "at": news.at, "raw": news.value}


def _template(news: News) -> JsonObject:
    return {
        **_any(news),
        "template_id": text(news.value, "message_template_id"),
        "name": needed(news.value, "message_template_name"),
        "language": needed(news.value, "message_template_language"),
    }


FIELDS: dict[str, Callable[[News], AccountNews]] = {
    "message_template_status_update": _template_update,
    "message_template_quality_update": _template_quality,
    "message_template_components_update": _template_components,
    "template_category_update": _template_category,
    "phone_number_quality_update": _number_quality,
    "phone_number_name_update": _number_name,
    "account_update": _account_update,
    "account_alerts": _account_alert,
    "account_review_update": _account_review,
    "business_capability_update": _business_capability,
    "security": _security,
}

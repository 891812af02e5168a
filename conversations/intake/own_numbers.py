"""What Meta says about our own numbers: how much they may send, and what they are called."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from conversations import notices
from conversations.models import PhoneNumber
from conversations.notices import Level
from conversations.whatsapp.events import (
    AccountNews,
    BusinessCapability,
    NumberName,
    NumberQuality,
)

LOW = "RED"
UNLIMITED = ("-1", "TIER_UNLIMITED")
# From the lowest up. Source: Cloud API, messaging limits.
TIERS = ("TIER_50", "TIER_250", "TIER_1K", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED")


def quality(one: NumberQuality) -> None:
    """The number has its new limit and rating; a low one is before staff until it is better."""
    rows, key = _rows(one, one.display_number), f"number-quality:{one.display_number}"[:200]
    if one.limit:
        rows.update(daily_limit=one.limit[:32])
    if one.event == "FLAGGED":
        rows.update(quality_rating=LOW)
        text = f"Customers block or report {one.display_number}: its quality is low."
        what_to_do = "Send fewer templates and better ones, or Meta lowers the limit."
        notices.raise_notice(key, level=Level.ALARM, text=text, what_to_do=what_to_do)
    elif one.event == "UNFLAGGED":
        rows.filter(quality_rating=LOW).update(quality_rating="")
        notices.end(key)
    elif one.event == "DOWNGRADE":
        text = f"Meta lets {one.display_number} write to fewer customers a day: {one.limit}."
        notices.raise_notice(key, level=Level.WARNING, text=text, what_to_do="Better the quality.")
    elif one.event == "THROUGHPUT_UPGRADE":
        text = f"{one.display_number} may send faster now, up to 1,000 messages a second."
        what_to_do = "Raise its messages per second under WhatsApp numbers."
        notices.raise_notice(key, level=Level.INFO, text=text, what_to_do=what_to_do)


def name(one: NumberName) -> None:
    """The number has the name that was approved; one that was refused is before staff."""
    key = f"number-name:{one.display_number}"[:200]
    if one.decision == "APPROVED":
        _rows(one, one.display_number).update(name=one.name[:128])
        notices.end(key)
    elif one.decision in ("REJECTED", "DEFERRED"):
        reason = f" ({one.reason.replace('_', ' ').lower()})" if one.reason else ""
        text = f"Meta has {one.decision.lower()} the name {one.name[:100]}{reason}."
        what_to_do = "Ask for another name in WhatsApp Manager."
        notices.raise_notice(key, level=Level.WARNING, text=text, what_to_do=what_to_do)


def capability(one: BusinessCapability) -> None:
    """All numbers of the account have the limit; a lower one than before is before staff."""
    if not one.daily_limit:
        return
    limit = "TIER_UNLIMITED" if one.daily_limit in UNLIMITED else one.daily_limit[:32]
    rows, key = PhoneNumber.objects.filter(waba_id=one.waba_id), f"daily-limit:{one.waba_id}"[:200]
    former = rows.exclude(daily_limit=limit).values_list("daily_limit", flat=True)
    steps = [_step(limit) - _step(name) for name in former if name in TIERS and limit in TIERS]
    rows.update(daily_limit=limit)
    if any(step < 0 for step in steps):
        text = f"Meta lets the business write to fewer customers a day: {limit}."
        notices.raise_notice(key, level=Level.WARNING, text=text, what_to_do="Better the quality.")
    elif steps:
        notices.end(key)


def _step(limit: str) -> int:
    return TIERS.index(limit)


def _rows(one: AccountNews, display_number: str) -> QuerySet[PhoneNumber]:
    """Webhooks name a number as people read it, each in its own way: the digits decide."""
    rows = PhoneNumber.objects.filter(Q(waba_id=one.waba_id) | Q(waba_id=""))
    wanted = _digits(display_number)
    keys = [row.pk for row in rows if wanted and _digits(row.display_number) == wanted]
    return PhoneNumber.objects.filter(pk__in=keys)


def _digits(written: str) -> str:
    return "".join(mark for mark in written if mark.isdigit())

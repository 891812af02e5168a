"""What Meta says about a template: its state, quality and category, and that its text changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from conversations import announcements, notices
from conversations.models import MessageTemplate, TemplateSync
from conversations.notices import Level
from conversations.whatsapp.events import (
    TemplateCategory,
    TemplateComponents,
    TemplateNews,
    TemplateQuality,
    TemplateUpdate,
)

# Events that are called otherwise than the state they lead to; all others are the state itself.
STATES = {
    "REINSTATED": MessageTemplate.APPROVED,
    "UNPAUSED": MessageTemplate.APPROVED,
    "UNARCHIVED": MessageTemplate.APPROVED,
}
NO_STATE = ("FLAGGED",)  # a warning: it can be sent still
# event -> how grave it is, what to do about it
TROUBLES: dict[str, tuple[Level, str]] = {
    "REJECTED": (Level.WARNING, "Change it in WhatsApp Manager and hand it in again."),
    "PAUSED": (Level.WARNING, "It comes back by itself in hours. Send it to fewer, or better it."),
    "DISABLED": (Level.ALARM, "It is gone for good. Make a new template with another text."),
    "FLAGGED": (Level.WARNING, "Customers dislike it. Better its text before Meta disables it."),
    "LIMIT_EXCEEDED": (Level.WARNING, "Delete templates that nobody uses."),
}
# Several webhooks come for one change: they share a sync.
SYNC_AFTER = timedelta(seconds=5)


def update(one: TemplateUpdate) -> None:
    """The template has its new state and the reason; trouble is before staff until it is over."""
    status = STATES.get(one.event, one.event)[:32]
    is_well = status == MessageTemplate.APPROVED
    reason = ": ".join(filter(None, (_plain(one.reason), one.detail)))
    if one.event not in NO_STATE:
        shown = "" if is_well else reason[:300]
        _change(one, status=status, status_reason=shown)
    if is_well:
        notices.end(_key(one, "state"))
    elif one.event in TROUBLES:
        level, what_to_do = TROUBLES[one.event]
        why = f": {reason}" if reason else "."
        text = f"The template {_name(one)} is {_plain(one.event)}{why}"
        notices.raise_notice(_key(one, "state"), level=level, text=text, what_to_do=what_to_do)
    read_anew(one)


def quality(one: TemplateQuality) -> None:
    """The template has its new quality; RED is before staff until it is better."""
    _change(one, quality=one.new[:16])
    if one.new != "RED":
        notices.end(_key(one, "quality"))
        return
    notices.raise_notice(
        _key(one, "quality"),
        level=Level.WARNING,
        text=f"Customers dislike the template {_name(one)}: its quality is RED.",
        what_to_do="Send it to fewer customers or better its text, before Meta pauses it.",
    )


def category(one: TemplateCategory) -> None:
    """The template has its category, or the one that Meta announces; both are before staff."""
    if one.is_impending:
        _change(one, next_category=one.other[:32])
        when = f" on {one.takes_effect_at:%d %B %Y}" if one.takes_effect_at else " within a day"
        text = f"The template {_name(one)} becomes {_plain(one.other)}{when}."
        level = Level.WARNING
    else:
        _change(one, category=one.current[:32], next_category="")
        notices.end(_key(one, "category-to-come"))
        text = f"Meta has made the template {_name(one)} {_plain(one.current)}."
        level = Level.INFO
    notices.raise_notice(
        _key(one, "category-to-come" if one.is_impending else "category"),
        level=level,
        text=text,
        what_to_do="It costs otherwise, and goes only to who may be sent that. Appeal if wrong.",
    )
    read_anew(one)


def read_anew(one: TemplateNews | TemplateComponents) -> None:
    """The account's templates are read from Meta in a moment, all of them: that is the truth.

    An account that has never been read is read by itself.
    """
    TemplateSync.objects.filter(waba_id=one.waba_id).update(due_at=Now() + SYNC_AFTER)


def _change(one: TemplateNews, **columns: Any) -> None:
    """The template has these; Meta tells some news twice, and they are announced once."""
    with transaction.atomic():
        others = _rows(one).exclude(**columns).select_for_update(no_key=True).order_by("pk")
        ids = list(others.values_list("pk", flat=True))
        MessageTemplate.objects.filter(pk__in=ids).update(**columns, updated_at=Now())
        announcements.of_templates(ids)


def _rows(one: TemplateNews) -> QuerySet[MessageTemplate]:
    """By Meta's id; by name where ours has none yet."""
    by_id = Q(template_id=one.template_id) & ~Q(template_id="")
    accounts = ("", one.waba_id)
    by_name = Q(name=one.name, language=one.language, waba_id__in=accounts, template_id="")
    return MessageTemplate.objects.filter(by_id | by_name)


def _name(one: TemplateNews) -> str:
    return f"{one.name[:100]} ({one.language})"


def _key(one: TemplateNews, what: str) -> str:
    return f"template:{one.template_id or one.name}:{one.language}:{what}"[-200:]


def _plain(words: str) -> str:
    return words.replace("_", " ").lower()

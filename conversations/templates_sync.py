"""The templates of an account as Meta holds them: read whole, then written in one transaction.

Dispatch wakes what is due, once a day and after template webhooks; the job comes in with `sync`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations import announcements, connection, notices
from conversations.models import MessageTemplate, PhoneNumber, TemplateSync
from conversations.whatsapp.errors import WhatsAppError

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
# A wake that is lost, and a sync that failed, come again after this.
AGAIN_AFTER = timedelta(minutes=10)
WOKEN_AT_ONCE = 5
NAME = re.compile(r"[a-z0-9_]{1,512}")  # Cloud API, message templates: what a name may hold

# Meta no longer has it. The row stays, for messages name it; it cannot be sent.
GONE = "DELETED"

Key = tuple[str, str]  # name, language


@dataclass(frozen=True)
class Synced:
    """What a sync changed."""

    held: int  # how many templates Meta has
    changed: int  # new ones among them, or others than before
    gone: int  # that Meta no longer has


@dataclass(frozen=True)
class Held:
    """One template as the rows have it."""

    key: Key
    columns: Mapping[str, Any] = field(compare=False)


def ask(waba_id: str) -> None:
    """The account's templates are read at the next look of dispatch. Twice: once."""
    TemplateSync.objects.update_or_create(waba_id=waba_id, defaults={"due_at": Now()})


def wake_due(call: Callable[[str], object]) -> list[str]:
    """Call for each account whose templates are due, in the transaction that marks it as woken.

    An account that has never been read is due.
    """
    _know_accounts()
    with transaction.atomic():
        due = TemplateSync.objects.select_for_update(skip_locked=True).filter(due_at__lte=Now())
        accounts = list(due.order_by("due_at").values_list("waba_id", flat=True)[:WOKEN_AT_ONCE])
        TemplateSync.objects.filter(waba_id__in=accounts).update(due_at=Now() + AGAIN_AFTER)
        for waba_id in accounts:
            call(waba_id)
    return accounts


def _know_accounts() -> None:
    numbers = PhoneNumber.objects.exclude(waba_id="").order_by("waba_id")
    named = set(numbers.values_list("waba_id", flat=True).distinct())
    known = TemplateSync.objects.filter(waba_id__in=named).values_list("waba_id", flat=True)
    new = [TemplateSync(waba_id=one, due_at=Now()) for one in sorted(named - set(known))]
    if new:
        TemplateSync.objects.bulk_create(new, ignore_conflicts=True)


def sync(waba_id: str) -> Synced | None:
    """Our rows are what Meta holds, all of them or none; None where Meta could not be asked.

    Steps: 1 read every page, outside any transaction  2 write the differences in one  3 say when
    it is due again.
    Twice, also at once: the same rows. A failure is a notice until a sync succeeds.
    Source: Cloud API, GET /{waba_id}/message_templates.
    """
    asked_for = _asked_for(waba_id)
    number = PhoneNumber.objects.filter(waba_id=waba_id).order_by("pk").first()
    api = connection.api(number.phone_number_id if number else "")
    try:
        held = [one for raw in api.templates(waba_id) if (one := _read(raw))]
    except WhatsAppError as fault:
        _failed(waba_id, asked_for, fault)
        return None
    with transaction.atomic():
        synced = _write(waba_id, held)
        _end(waba_id, asked_for, due_after=EVERY, synced_at=Now())
    notices.end(_key(waba_id))
    logger.info("account=%s templates=%s gone=%s", waba_id, synced.held, synced.gone)
    return synced


def _read(raw: Mapping[str, Any]) -> Held | None:
    """One template of Meta's answer; None for one that no row could hold."""
    name, language = raw.get("name"), raw.get("language")
    if not isinstance(name, str) or not NAME.fullmatch(name) or not isinstance(language, str):
        logger.warning("a template without a proper name was left out")
        return None
    category, correct = _word(raw.get("category")), _word(raw.get("correct_category"))
    components = raw.get("components")
    columns = {
        "template_id": str(raw.get("id") or "")[:64],
        "category": category,
        "status": _word(raw.get("status")),
        "components": components if isinstance(components, list) else [],
        "quality": _quality(raw.get("quality_score"))[:16],
        "status_reason": _reason(raw.get("rejected_reason")),
        "next_category": correct if correct != category else "",
    }
    return Held((name, language[:16]), columns)


def _word(value: object) -> str:
    return value.upper()[:32] if isinstance(value, str) else ""


def _quality(value: object) -> str:
    score = value.get("score") if isinstance(value, Mapping) else value
    return _word(score)


def _reason(value: object) -> str:
    """Approved ones say NONE."""
    reason = value if isinstance(value, str) and value.upper() != "NONE" else ""
    return reason.replace("_", " ").lower()[:300]


def _write(waba_id: str, held: Iterable[Held]) -> Synced:
    by_key = {one.key: one for one in held}
    # Of two syncs at once the second waits here, and finds what the first wrote.
    TemplateSync.objects.select_for_update().get(waba_id=waba_id)
    rows = _rows(waba_id, by_key)
    now = timezone.now()
    changed = [row for key, row in rows.items() if _take_over(row, waba_id, by_key[key])]
    for row in changed:
        row.updated_at = now
    fields = [*COLUMNS, "waba_id", "updated_at"]
    MessageTemplate.objects.bulk_update(changed, fields, batch_size=200)
    new = [
        MessageTemplate(waba_id=waba_id, name=key[0], language=key[1], **one.columns)
        for key, one in by_key.items()
        if key not in rows
    ]
    MessageTemplate.objects.bulk_create(new, batch_size=200)
    gone = MessageTemplate.objects.filter(waba_id=waba_id).exclude(status=GONE)
    keys = [row.pk for row in gone if (row.name, row.language) not in by_key]
    gone.filter(pk__in=keys).update(status=GONE, status_reason="", updated_at=now)
    announcements.of_templates(sorted([*(row.pk for row in [*changed, *new]), *keys]))
    return Synced(len(by_key), len(changed) + len(new), len(keys))


COLUMNS = (
    *("template_id", "category", "status", "components", "quality", "status_reason"),
    "next_category",
)


def _rows(waba_id: str, by_key: Mapping[Key, Held]) -> dict[Key, MessageTemplate]:
    """Our rows of these templates; one entered without an account becomes this account's."""
    names = {name for name, _ in by_key}
    ours = MessageTemplate.objects.filter(name__in=names, waba_id__in=["", waba_id])
    rows = {(row.name, row.language): row for row in ours.order_by("waba_id")}
    return {key: row for key, row in rows.items() if key in by_key}


def _take_over(row: MessageTemplate, waba_id: str, held: Held) -> bool:
    """Whether the row, in memory, is another than before."""
    before = [row.waba_id, *(getattr(row, name) for name in COLUMNS)]
    # Why it is paused comes by webhook only: Meta's list says just why it was rejected.
    keeps_reason = not held.columns["status_reason"] and held.columns["status"] == row.status
    row.waba_id = waba_id
    for name, value in held.columns.items():
        if not (keeps_reason and name == "status_reason"):
            setattr(row, name, value)
    return before != [row.waba_id, *(getattr(row, name) for name in COLUMNS)]


def _failed(waba_id: str, asked_for: datetime, fault: WhatsAppError) -> None:
    logger.warning("account=%s templates not read: code=%s", waba_id, fault.code)
    _end(waba_id, asked_for, due_after=AGAIN_AFTER, error=str(fault)[:300])
    notices.raise_notice(
        _key(waba_id),
        level=notices.Level.WARNING,
        text=f"The templates could not be read from WhatsApp. {fault.explanation.cause}",
        what_to_do=fault.explanation.what_to_do,
    )


def _asked_for(waba_id: str) -> datetime:
    """When it was due, as this sync begins; whoever asks anew changes that."""
    TemplateSync.objects.get_or_create(waba_id=waba_id, defaults={"due_at": Now()})
    return TemplateSync.objects.values_list("due_at", flat=True).get(waba_id=waba_id)


def _end(
    waba_id: str, asked_for: datetime, *, due_after: timedelta, error: str = "", **more: Any
) -> None:
    """Due again after that; sooner where it was asked for anew since this sync began."""
    rows = TemplateSync.objects.filter(waba_id=waba_id)
    rows.update(error=error, **more)
    rows.filter(due_at=asked_for).update(due_at=Now() + due_after)


def _key(waba_id: str) -> str:
    return f"template-sync:{waba_id}"

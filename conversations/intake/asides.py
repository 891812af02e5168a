"""What is done to a message later: reactions, edits, deletions.

Each came as a message of its own and stays one, as the record. They come in any order, also before
the message they are about, so what holds is always worked out from all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from conversations import changes
from conversations.assistant import intents
from conversations.intake.spoken import DONE_TO_ANOTHER, EDIT, REACTION, REVOKE, Kept, about
from conversations.intake.threads import PREVIEW_LENGTH
from conversations.models import Message, Reaction, Thread
from conversations.whatsapp.events import read_said
from conversations.whatsapp.events.kinds import FILES
from conversations.whatsapp.events.reading import JsonObject, obj

EMOJI_LENGTH = 64

Side = tuple[str, str]  # the wamid it is about, and who did it: a direction


def apply(kept: Sequence[Kept]) -> None:
    """These messages show what was done to them, and those that they are about show it too.

    Twice, or in another order: the same.
    """
    said = (one.said for one in kept)
    wamids = {about(one) if one.kind in DONE_TO_ANOTHER else one.wamid for one in said}
    done = _done_to(wamids)
    if not done:
        return
    spoken_of = {wamid for wamid, _ in done}
    rows = Message.objects.select_for_update(no_key=True).filter(wamid__in=spoken_of)
    targets = {str(row.wamid): row for row in rows.order_by("pk")}
    of_their_threads = {
        side: [one for one in rows if _is_of_thread(one, targets.get(side[0]))]
        for side, rows in done.items()
    }
    _react(of_their_threads)
    for target in targets.values():
        _change(target, of_their_threads.get((str(target.wamid), target.direction), []))
        changes.record(target.thread_id, target.pk)


def _done_to(wamids: Iterable[str]) -> dict[Side, list[Message]]:
    """The records about these messages, oldest first.

    What staff send through the gate is none: whether it arrives is not known yet.
    """
    told = Q(direction=Message.Direction.IN) | Q(origin=Message.Origin.PHONE)
    records = Message.objects.filter(told, kind__in=DONE_TO_ANOTHER, quotes__in=sorted(wamids))
    done: dict[Side, list[Message]] = defaultdict(list)
    for record in records.order_by("sent_at", "pk"):
        done[record.quotes, record.direction].append(record)
    return done


def _is_of_thread(record: Message, target: Message | None) -> bool:
    """Nobody changes what was said in another conversation."""
    return target is None or record.thread_id == target.thread_id


def _react(done: Mapping[Side, Sequence[Message]]) -> None:
    """The newest reaction of each side stands; a newer removal leaves none."""
    standing, gone = [], []
    for (wamid, direction), records in sorted(done.items()):
        newest = next((one for one in reversed(records) if one.kind == REACTION), None)
        emoji = _emoji(newest) if newest else ""
        if newest and emoji:
            row = Reaction(wamid=wamid, direction=direction, emoji=emoji, at=newest.sent_at)
            standing.append(row)
        elif newest:
            gone.append((wamid, direction))
    Reaction.objects.bulk_create(
        standing,
        update_conflicts=True,
        unique_fields=["wamid", "direction"],
        update_fields=["emoji", "at"],
    )
    for wamid, direction in gone:
        Reaction.objects.filter(wamid=wamid, direction=direction).delete()


def _emoji(record: Message) -> str:
    reaction = read_said(record.content).reaction
    return (reaction.emoji or "")[:EMOJI_LENGTH] if reaction else ""


def _change(target: Message, records: Sequence[Message]) -> None:
    """The words of the newest edit, and when it was taken back; what it said first is kept."""
    edit = next((one for one in reversed(records) if one.kind == EDIT), None)
    revoke = next((one for one in records if one.kind == REVOKE), None)
    changed: dict[str, Any] = {}
    if edit and edit.sent_at != target.edited_at:
        changed = {"edited_at": edit.sent_at, **_edited(target, edit)}
    if revoke and revoke.sent_at != target.revoked_at:
        changed["revoked_at"] = revoke.sent_at
    if changed:
        Message.objects.filter(pk=target.pk).update(**changed)
    if "text" in changed:
        _renew_preview(target, changed["text"])


def _edited(target: Message, edit: Message) -> dict[str, Any]:
    content = edit.content.get("edit", {}).get("message")
    if not isinstance(content, dict) or edit.text == "":
        return {}
    if content.get("type") in FILES:
        content = _with_caption(target.content, obj(content, content["type"]))
    said = read_said(content)
    changed: dict[str, Any] = {
        "text": said.text,
        "content": said.content,
        "trace": {"first_text": target.text, **target.trace},
    }
    if target.intent:
        guess = intents.classify(said.text)
        changed |= {"intent": guess.intent.value, "intent_confidence": guess.confidence}
    return changed


def _with_caption(content: dict[str, Any], new: JsonObject) -> dict[str, Any]:
    """The caption is another, or none, and never the file: what was sent is what is fetched."""
    kind = str(content.get("type"))
    if kind not in FILES or not new:
        return content
    file = {key: value for key, value in obj(content, kind).items() if key != "caption"}
    caption = {"caption": new["caption"]} if new.get("caption") else {}
    return {**content, kind: {**file, **caption}}


def _renew_preview(target: Message, text: str) -> None:
    """Where the list shows the old words of this message, it shows the new ones."""
    shown = Thread.objects.filter(
        pk=target.thread_id,
        preview=target.text[:PREVIEW_LENGTH],
        last_message_at__lte=target.sent_at,
    )
    shown.update(preview=text[:PREVIEW_LENGTH])

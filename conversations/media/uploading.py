"""Handing a file of ours to Meta, and only then letting its message go."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from conversations import announcements, changes, connection, failures, pausing
from conversations.media import keeping, limits, showing, voice
from conversations.media.sniffing import ENDINGS
from conversations.media.waking import HELD, WAITING, again, claim
from conversations.models import MediaFile, Message
from conversations.whatsapp.errors import NotSent, NumberBlocked, TryLater, WhatsAppError

logger = logging.getLogger(__name__)

State = MediaFile.State

WAIT_SECONDS = (5, 15, 60, 180, 600, 1200)  # about half an hour; then it stands as failed
DIED_AT_MOST = 3
# Cloud API, media: uploads live 30 days.
LIVES = timedelta(days=28)
RENEWED_AT_ONCE = 100

UNREADABLE = "The recording could not be read to its end."
TOO_LONG = "The recording is longer than an hour: WhatsApp takes it in parts, or as a link."
MISSING = "The file is no longer here: attach it anew."
NOT_TO_BE_READ = "The file could not be read here for half an hour."
TOO_SLOW = "Handing the file to WhatsApp broke off several times: it may be too large or damaged."
UNUSABLE = {FileNotFoundError: MISSING, voice.NoSound: UNREADABLE, voice.TooLong: TOO_LONG}


def upload(media_file_id: int) -> bool:
    """Meta has the file and its message is due, or has failed with the reason; whether it is due.

    Steps: 1 claim  2 make a recording Ogg/Opus  3 upload, outside every transaction  4 write Meta's
    id into the message, which may leave from then on.
    Twice, also at once: one of them. Killed in the middle, again and again: it has failed.
    Source: Cloud API, POST /{phone_number_id}/media.
    """
    media_file = claim(media_file_id, is_ours=True)
    if media_file is None:
        return False
    if media_file.died >= DIED_AT_MOST:
        _give_up(media_file, TOO_SLOW)
        return False
    try:
        content = _ready(media_file)
    except tuple(UNUSABLE) as fault:
        _give_up(media_file, UNUSABLE[type(fault)])
        return False
    except OSError as fault:  # our own storage is away or full
        logger.error("media=%s not read: %s", media_file.pk, type(fault).__name__)
        _again_or_give_up(media_file, NOT_TO_BE_READ)
        return False
    return _hand_over(media_file, content)


def renew() -> int:
    """What has waited so long that Meta forgets its file is uploaded anew before it leaves; how
    many. Twice, also at once: each once."""
    with transaction.atomic():
        old = MediaFile.objects.select_for_update(of=("self",), skip_locked=True).filter(
            message__status=Message.Status.QUEUED,
            state=State.HERE,
            uploaded_at__lt=Now() - LIVES,
        )
        found = list(
            old.exclude(file="").select_related("message").order_by("pk")[:RENEWED_AT_ONCE]
        )
        return sum(_hold_back(media_file) for media_file in found)


def _hold_back(media_file: MediaFile) -> bool:
    message = media_file.message
    content = _with_id(message.content, f"{WAITING}{uuid.uuid4()}", instead_of=media_file.media_id)
    queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    if not queued.update(content=content, next_at=Now() + HELD):
        return False
    MediaFile.objects.filter(pk=media_file.pk).update(
        state=State.WAITING,
        next_at=Now(),
        uploaded_at=None,
        attempts=0,
        died=0,
        busy_until=None,
        leased_until=None,
    )
    changes.record(message.thread_id, message.pk)
    return True


def _ready(media_file: MediaFile) -> bytes:
    """The bytes as Meta takes them; a recording that had to be converted is kept so."""
    with media_file.file.open("rb") as file:
        content: bytes = file.read()
    if media_file.message.content.get("type") != "audio" or not _must_convert(media_file, content):
        return content
    converted = voice.to_voice(content)
    former, name = str(media_file.file.name), keeping.keep(converted)
    columns = {
        "file": name,
        "mime_type": voice.MIME_TYPE,
        "size": len(converted),
        "sha256": keeping.digest(converted),
    }
    MediaFile.objects.filter(pk=media_file.pk).update(**columns)
    for column, value in columns.items():
        setattr(media_file, column, value)
    keeping.forget(former)
    return converted


def _must_convert(media_file: MediaFile, content: bytes) -> bool:
    """Whether Meta would refuse the recording, or not show it as a voice message."""
    is_voice = media_file.message.content.get("audio", {}).get("voice")
    if is_voice or media_file.mime_type == voice.MIME_TYPE:
        return not voice.is_voice(content)
    return limits.KIND_OF.get(media_file.mime_type) != "audio"


def _hand_over(media_file: MediaFile, content: bytes) -> bool:
    api = connection.api(media_file.message.thread.phone_number.phone_number_id)
    mime_type = limits.upload_type(media_file.mime_type) or media_file.mime_type
    try:
        media_id = api.upload_media(content, mime_type=mime_type, filename=_filename(media_file))
    except WhatsAppError as fault:
        logger.info("media=%s fault=%s code=%s", media_file.pk, type(fault).__name__, fault.code)
        _faulty(media_file, fault)
        return False
    return _let_go(media_file, media_id)


def _filename(media_file: MediaFile) -> str:
    """With the ending of its type: Meta guesses from that as well."""
    shown, ending = showing.filename_of(media_file), ENDINGS.get(media_file.mime_type, "")
    return shown if shown.endswith(ending) else f"{shown}{ending}"


def _let_go(media_file: MediaFile, media_id: str) -> bool:
    message = media_file.message
    content = _with_id(message.content, media_id)
    with transaction.atomic():
        rows = MediaFile.objects.filter(pk=media_file.pk, state=State.WAITING)
        here = {"state": State.HERE, "uploaded_at": Now(), "next_at": None, "error": ""}
        if not rows.update(media_id=media_id[:128], **here):
            return False
        queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
        is_due = queued.update(content=content, next_at=Now()) == 1
        changes.record(message.thread_id, message.pk)
    return is_due


def _with_id(part: Any, media_id: str, *, instead_of: str = WAITING) -> Any:
    """The content with this id where the file is: in the message itself or in a header."""
    if isinstance(part, list):
        return [_with_id(one, media_id, instead_of=instead_of) for one in part]
    if isinstance(part, dict):
        return {
            key: media_id
            if key == "id" and isinstance(value, str) and value.startswith(instead_of)
            else _with_id(value, media_id, instead_of=instead_of)
            for key, value in part.items()
        }
    return part


def _faulty(media_file: MediaFile, fault: WhatsAppError) -> None:
    """What passes by itself, or when somebody mends the number, is waited for however long it
    lasts, as for any message; what may be the file's own fault is given up in the end."""
    if _is_blocked(fault):
        number = media_file.message.thread.phone_number.phone_number_id
        wait = pausing.AFTER_A_REFUSAL
        pausing.pause(number, fault.explanation, reason=str(fault), wait=wait)
    if _passes(fault):
        media_file.attempts = min(media_file.attempts, len(WAIT_SECONDS) - 1)
    if fault.retryable:
        _again_or_give_up(media_file, fault.said, code=fault.code)
    else:
        _give_up(media_file, fault.said, code=fault.code)


def _again_or_give_up(media_file: MediaFile, reason: str, *, code: int | None = None) -> None:
    if media_file.attempts > len(WAIT_SECONDS):
        _give_up(media_file, reason, code=code)
    else:
        again(media_file, timedelta(seconds=WAIT_SECONDS[media_file.attempts - 1]))


def _passes(fault: WhatsAppError) -> bool:
    is_limit = isinstance(fault, TryLater) and fault.explanation.action == "wait"
    return is_limit or isinstance(fault, NotSent) or _is_blocked(fault)


def _is_blocked(fault: WhatsAppError) -> bool:
    """Whether Meta lets the number do nothing; not what a proxy says of a large file."""
    is_of_meta = fault.code is not None or fault.status is None
    return isinstance(fault, NumberBlocked) and is_of_meta


def _give_up(media_file: MediaFile, reason: str, *, code: int | None = None) -> None:
    """The message has failed, and says why; the file stays, to be sent again."""
    with transaction.atomic():
        rows = MediaFile.objects.filter(pk=media_file.pk, state=State.WAITING)
        rows.update(state=State.HERE, error=reason[:300], next_at=None)
        message = media_file.message
        queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
        if queued.update(status=Message.Status.FAILED, error_code=code, error_text=reason):
            announcements.of_messages([message.pk])
            failures.not_delivered([message])
        changes.record(message.thread_id, message.pk)
    logger.warning("media=%s not uploaded code=%s", media_file.pk, code)

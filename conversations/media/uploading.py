"""Handing a file of ours to Meta, and only then letting its message go."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from conversations import announcements, changes, connection, failures
from conversations.media import keeping, limits, showing, voice
from conversations.media.sniffing import ENDINGS
from conversations.media.waking import WAITING, again, claim
from conversations.models import MediaFile, Message
from conversations.whatsapp.errors import Refused, Unconfirmed, WhatsAppError

logger = logging.getLogger(__name__)

State = MediaFile.State

WAIT_SECONDS = (5, 15, 60, 180, 600, 1200)  # about half an hour; then it stands as failed
UNREADABLE = "The recording could not be read, so WhatsApp would not take it."
MISSING = "The file is no longer here."


def upload(media_file_id: int) -> bool:
    """Meta has the file and its message is due, or has failed with the reason; whether it is due.

    Steps: 1 claim  2 make a recording Ogg/Opus  3 upload, outside every transaction  4 write Meta's
    id into the message, which may leave from then on.
    Twice, also at once: one of them. Source: Cloud API, POST /{phone_number_id}/media.
    """
    media_file = (
        MediaFile.objects.select_related("message__thread__phone_number")
        .filter(pk=media_file_id, state=State.WAITING)
        .exclude(file="")
        .first()
    )
    if media_file is None or not claim(media_file):
        return False
    try:
        content = _ready(media_file)
    except (FileNotFoundError, voice.NoSound) as fault:
        is_missing = isinstance(fault, FileNotFoundError)
        _give_up(media_file, MISSING if is_missing else UNREADABLE)
        return False
    return _hand_over(media_file, content)


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
        if not rows.update(state=State.HERE, media_id=media_id[:128], next_at=None, error=""):
            return False
        queued = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
        is_due = queued.update(content=content, next_at=Now()) == 1
        changes.record(message.thread_id, message.pk)
    return is_due


def _with_id(part: Any, media_id: str) -> Any:
    """The content with Meta's id where the file waited: in the message itself or in a header."""
    if isinstance(part, list):
        return [_with_id(one, media_id) for one in part]
    if isinstance(part, dict):
        return {
            key: media_id if _waits(key, value) else _with_id(value, media_id)
            for key, value in part.items()
        }
    return part


def _waits(key: str, value: object) -> bool:
    return key == "id" and isinstance(value, str) and value.startswith(WAITING)


def _faulty(media_file: MediaFile, fault: WhatsAppError) -> None:
    is_final = isinstance(fault, Refused | Unconfirmed)
    if is_final or media_file.attempts >= len(WAIT_SECONDS):
        _give_up(media_file, str(fault), code=fault.code)
    else:
        again(media_file, timedelta(seconds=WAIT_SECONDS[media_file.attempts]))


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

"""Fetching what came: looked up, downloaded, checked, stored, or lost with the reason."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conversations import changes, connection
from conversations.media import keeping, sniffing
from conversations.media.waking import again, claim
from conversations.models import MediaFile
from conversations.whatsapp.client import CloudApi, MediaInfo
from conversations.whatsapp.download import ABOVE_THE_LIMIT, GONE
from conversations.whatsapp.errors import Refused, WhatsAppError

logger = logging.getLogger(__name__)

State = MediaFile.State

MAX_BYTES = 100 * 1024 * 1024  # Cloud API, media: the most that WhatsApp carries at all
LIVES = timedelta(days=7)  # Cloud API, media: ids from webhooks
WAIT_SECONDS = (10, 60, 300, 1800, 7200, 21600)
DAMAGED_AT_MOST = 5
LOOK_UPS = 2  # an address lives five minutes: one that died meanwhile is asked for anew

TOO_OLD = "The file could not be fetched for seven days, and WhatsApp keeps it no longer."
TOO_LARGE = "The file is larger than 100 MB."
NO_LONGER = "WhatsApp no longer has this file. Ask the customer to send it again."
DAMAGED = "The file arrived damaged, several times. Ask the customer to send it again."


class Damaged(Exception):
    """The bytes are not those that were sent."""


class Lost(Exception):
    """There is no use in trying again; `str()` says why, for staff."""


def fetch(media_file_id: int) -> bool:
    """The file is HERE, or its row says when it is tried again, or why it is LOST; whether it is.

    Steps: 1 claim  2 look up  3 download, outside every transaction  4 check size, SHA-256 and
    content  5 store under a new name  6 write the row, and tell open inboxes.
    Twice, also at once: fetched once. Source: Cloud API, media: look-up and download.
    """
    media_file = claim(media_file_id, is_ours=False)
    if media_file is None:
        return False
    try:
        content = _download(media_file)
    except Lost as fault:
        _lose(media_file, str(fault))
    except Damaged:
        _damaged(media_file)
    except WhatsAppError as fault:
        logger.info("media=%s fault=%s code=%s", media_file.pk, type(fault).__name__, fault.code)
        _later(media_file)
    else:
        return _keep(media_file, content)
    return False


def _download(media_file: MediaFile) -> bytes:
    number = media_file.message.thread.phone_number
    api = connection.api(number.phone_number_id)
    for look_up in range(1, LOOK_UPS + 1):
        info = _look_up(api, media_file.media_id)
        if info.size and info.size > MAX_BYTES:
            raise Lost(TOO_LARGE)
        try:
            content = api.download_media(info.url, MAX_BYTES).content
        except Refused as fault:
            if fault.status == ABOVE_THE_LIMIT:
                raise Lost(TOO_LARGE) from fault
            if fault.status is None:  # no address of the web
                raise Damaged from fault
            if fault.status not in GONE:
                raise Lost(NO_LONGER) from fault
            if look_up == LOOK_UPS:
                raise Damaged from fault
            continue
        _check(media_file, info, content)
        return content
    raise Damaged


def _look_up(api: CloudApi, media_id: str) -> MediaInfo:
    try:
        return api.media_info(media_id)
    except Refused as fault:
        raise Lost(NO_LONGER) from fault


def _check(media_file: MediaFile, info: MediaInfo, content: bytes) -> None:
    """Not the page that a proxy, or a host without our token, gives in place of the file."""
    told = keeping.digest_told(_told(media_file)) or keeping.digest_told(info.sha256)
    if told:
        if keeping.digest(content) != told:
            raise Damaged
        return
    claimed = sniffing.bare(media_file.claimed_mime_type or info.mime_type)
    is_page = sniffing.content_type(content) == sniffing.HTML and claimed != sniffing.HTML
    is_part = info.size is not None and info.size != len(content)
    if not content or is_page or is_part:
        raise Damaged


def _told(media_file: MediaFile) -> str:
    """The SHA-256 that came with the message itself."""
    content = media_file.message.content
    file = content.get(content.get("type", "")) if isinstance(content, dict) else None
    told = file.get("sha256") if isinstance(file, dict) else None
    return told if isinstance(told, str) else ""


def _keep(media_file: MediaFile, content: bytes) -> bool:
    try:
        name = keeping.keep(content)
    except OSError as fault:  # a disk that is full: the file must not be lost over it
        logger.error("media=%s not stored: %s", media_file.pk, type(fault).__name__)
        _later(media_file)
        return False
    with transaction.atomic():
        rows = MediaFile.objects.filter(pk=media_file.pk, state=State.WAITING)
        kept = rows.update(
            state=State.HERE,
            file=name,
            size=len(content),
            sha256=keeping.digest(content),
            mime_type=sniffing.content_type(content, media_file.claimed_mime_type),
            next_at=None,
            error="",
        )
        changes.record(media_file.message.thread_id, media_file.message_id)
    if not kept:  # another job was faster
        keeping.forget(name)
    logger.info("media=%s bytes=%s kept=%s", media_file.pk, len(content), kept)
    return bool(kept)


def _later(media_file: MediaFile) -> None:
    if timezone.now() - media_file.created_at > LIVES:
        _lose(media_file, TOO_OLD)
        return
    place = min(media_file.attempts, len(WAIT_SECONDS)) - 1
    again(media_file, timedelta(seconds=WAIT_SECONDS[place]))


def _damaged(media_file: MediaFile) -> None:
    """An outage counts for nothing: only what came, and was not what was sent."""
    MediaFile.objects.filter(pk=media_file.pk).update(damaged=F("damaged") + 1)
    if media_file.damaged + 1 >= DAMAGED_AT_MOST:
        _lose(media_file, DAMAGED)
    else:
        _later(media_file)


def _lose(media_file: MediaFile, reason: str) -> None:
    with transaction.atomic():
        rows = MediaFile.objects.filter(pk=media_file.pk, state=State.WAITING)
        rows.update(state=State.LOST, error=reason[:300], next_at=None)
        changes.record(media_file.message.thread_id, media_file.message_id)
    logger.warning("media=%s lost", media_file.pk)

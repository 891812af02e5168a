"""Files that messages speak of: one row each, waiting to be fetched from WhatsApp."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models.functions import Now

from conversations.intake.spoken import EDIT, Kept
from conversations.models import MediaFile
from conversations.whatsapp.events.kinds import FILES

NOT_FETCHED = "WhatsApp could not get this file from the customer's phone. Ask for it again."


def expect(kept: Sequence[Kept]) -> None:
    """Each file has a row, due at once; one that never reached WhatsApp is lost, and says so."""
    rows = [
        _row(one)
        for one in kept
        if one.said.kind != EDIT and (one.said.media or one.said.raw_type in FILES)
    ]
    MediaFile.objects.bulk_create(rows)


def _row(one: Kept) -> MediaFile:
    media = one.said.media
    if media is None:
        return MediaFile(message_id=one.pk, state=MediaFile.State.LOST, error=NOT_FETCHED)
    return MediaFile(
        message_id=one.pk,
        media_id=media.media_id[:128],
        claimed_mime_type=media.mime_type[:128],
        filename=media.filename[:255],
        next_at=Now(),
    )

"""A file that staff, or another system, hands over: kept, and on its way as a message.

Its message waits, not due, until the file is with Meta: `upload` makes it due. So nobody else need
know that there is a file, and what is sent after it in the same thread stays behind it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.db.models.functions import Now

from conversations import sending
from conversations.media import keeping, limits, showing, sniffing
from conversations.media.waking import HELD, WAITING
from conversations.models import MediaFile, Message, Thread
from conversations.whatsapp.content import (
    Audio,
    Content,
    ContentError,
    Document,
    HeaderMedia,
    Image,
    MediaSource,
    Template,
    Video,
)

RECORDED = "audio/"  # a recording in any form: it is converted before it leaves
Within = Callable[[Content], Content]


GONE = limits.Refusal("The file is no longer here.", "Attach it anew.")


class FileRefused(sending.SendRefused):
    code = "file_refused"

    def __init__(self, refusal: limits.Refusal) -> None:
        self.what_to_do = refusal.what_to_do
        super().__init__(refusal.reason)


def attach(
    thread: Thread,
    uploaded: File[bytes],
    *,
    by: User | None = None,
    origin: Message.Origin = Message.Origin.STAFF,
    caption: str = "",
    as_voice: bool = False,
    reference: uuid.UUID | None = None,
    quotes: str = "",
    in_reply_to: Message | None = None,
    holder: User | None = None,
    trace: dict[str, Any] | None = None,
    within: Within | None = None,
) -> Message:
    """The file is kept, and a message that carries it stands QUEUED, to leave when it is uploaded.

    What it is shown as (photo, video, recording, document) follows from its content, never from its
    name. `as_voice`: a recording that was made just now. `holder`: as for the gate. `within` makes
    the message that has the file in its header.
    Raises: FileRefused, and whatever the gate refuses; ContentError as `content_of`.
    Twice: the same `reference` gives the message of the first call.
    """
    content, mime_type, filename = read(uploaded)
    said = content_of(content, mime_type, filename, caption=caption, as_voice=as_voice)
    said = within(said) if within else said
    name = keeping.keep(content)
    try:
        with transaction.atomic():
            message = sending.send(
                thread,
                said,
                origin=origin,
                by=by,
                in_reply_to=in_reply_to,
                reference=reference,
                quotes=quotes,
                holder=holder,
                trace=trace,
            )[0]
            is_new = not MediaFile.objects.filter(message=message).exists()
            if is_new:
                _hold(message, name, mime_type, filename, content)
    except BaseException:
        keeping.forget(name)
        raise
    if not is_new:
        keeping.forget(name)
    return message


def read(uploaded: File[bytes]) -> tuple[bytes, str, str]:
    """Its bytes, its type by these, and its name without a path.

    Raises: FileRefused for more than WhatsApp takes of anything, before it fills the memory.
    """
    if refusal := limits.refusal_by_size("document", uploaded.size):
        raise FileRefused(refusal)
    content = uploaded.read()
    mime_type = sniffing.content_type(content, getattr(uploaded, "content_type", "") or "")
    return content, mime_type, (uploaded.name or "").replace("\\", "/").split("/")[-1]


def send_again(message: Message, *, by: User) -> Message:
    """As `sending.send_again`, for any message: a file of ours is uploaded anew.

    Meta forgets an upload after 30 days, and one that failed it never had.
    Raises: as `attach`; FileRefused where neither Meta nor we have the file.
    """
    media_file = MediaFile.objects.filter(message=message).exclude(file="").first()
    opened = showing.open_file(media_file) if media_file else None
    if media_file is None or opened is None:
        if media_file and not media_file.media_id:
            raise FileRefused(GONE)
        return sending.send_again(message, by=by)
    with opened.file as file:
        again = File(file, name=media_file.filename or opened.filename)
        again.content_type = media_file.mime_type  # type: ignore[attr-defined]  # as an upload has
        kind = message.content.get(message.content.get("type", ""), {})
        return attach(
            message.thread,
            again,
            by=by,
            caption=kind.get("caption", ""),
            as_voice=bool(kind.get("voice")),
            reference=uuid.uuid5(message.reference, "again"),
            quotes=message.quotes,
            trace={"again": message.pk},
            within=_template_again(message.content),
        )


def _template_again(content: dict[str, Any]) -> Within | None:
    """What puts the file into the header of the same template, where it was in one."""
    if content.get("type") != "template":
        return None
    template = Template.from_wire(content)

    def within(said: Content) -> Content:
        parts = [_with_file(part, said) for part in template.components]
        return replace(template, components=tuple(parts))

    return within


def _with_file(part: Any, said: Content) -> Any:
    if not isinstance(part, HeaderMedia):
        return part
    if isinstance(said, Document) and isinstance(part.media, Document):
        said = replace(said, filename=part.media.filename)
    return HeaderMedia(said)  # type: ignore[arg-type]  # which refuses what is no header


def content_of(
    content: bytes, mime_type: str, filename: str, *, caption: str = "", as_voice: bool = False
) -> Content:
    """What is said with it; its source is a name that `upload` replaces with Meta's id.

    Raises: FileRefused; ContentError for a caption too long, or of a recording.
    """
    source = MediaSource(id=f"{WAITING}{uuid.uuid4()}")
    is_recorded = mime_type.startswith(RECORDED) or (as_voice and mime_type.startswith("video/"))
    checked = "audio/ogg" if is_recorded else mime_type
    if refusal := limits.refusal(checked, len(content)):
        raise FileRefused(refusal)
    if is_recorded:
        if caption:
            advice = "Send it as a text of its own."
            raise ContentError("caption", "has no place under a recording", advice=advice)
        return Audio(source, voice=as_voice)
    if as_voice:
        raise FileRefused(limits.Refusal("This is no recording.", "Record it again."))
    kind = limits.KIND_OF[limits.upload_type(mime_type)]
    if kind == "document":
        return Document(source, caption=caption or None, filename=filename[-240:] or None)
    return (Image if kind == "image" else Video)(source, caption=caption or None)


def _hold(message: Message, name: str, mime_type: str, filename: str, content: bytes) -> None:
    Message.objects.filter(pk=message.pk).update(next_at=Now() + HELD)
    MediaFile.objects.create(
        message=message,
        file=name,
        mime_type=mime_type,
        claimed_mime_type=mime_type,
        filename=filename[-255:],
        size=len(content),
        sha256=keeping.digest(content),
        next_at=Now(),
    )

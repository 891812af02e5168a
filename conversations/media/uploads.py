"""Files that another system hands over before it sends them: kept for a day, each for its owner."""

from __future__ import annotations

from datetime import timedelta

from django.core.files import File
from django.db.models.functions import Now

from conversations.media import attaching, keeping
from conversations.models import Upload

KEPT_FOR = timedelta(hours=24)
FORGOTTEN_AT_ONCE = 200


def take_in(uploaded: File[bytes], *, owner: str) -> Upload:
    """The file is kept for a day. Raises: FileRefused for what WhatsApp would not take.

    What it is follows from its content, never from its name.
    """
    content, mime_type, filename = attaching.read(uploaded)
    attaching.content_of(content, mime_type, filename)
    name = keeping.keep(content)
    try:
        return Upload.objects.create(
            owner=owner, file=name, mime_type=mime_type, filename=filename[-255:], size=len(content)
        )
    except BaseException:
        keeping.forget(name)
        raise


def reopened(upload: Upload) -> File[bytes]:
    """The file as it was handed over; whoever asked for it closes it. Raises: OSError."""
    file = File(upload.file.open("rb"), name=upload.filename)
    file.content_type = upload.mime_type  # type: ignore[attr-defined]  # as an upload has
    return file


def forget_uploads() -> int:
    """What was uploaded over a day ago is gone, file and row; how many. Several at once: each its
    own."""
    old = Upload.objects.filter(created_at__lt=Now() - KEPT_FOR).order_by("created_at")
    uploads = list(old[:FORGOTTEN_AT_ONCE])
    for upload in uploads:
        # The file first: a row without a file is tried again, a file without a row never.
        keeping.forget(str(upload.file))
        Upload.objects.filter(pk=upload.pk).delete()
    return len(uploads)

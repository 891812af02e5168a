"""What staff may look at in the browser, what they may only save, and under which name."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from conversations import media
from conversations.models import MediaFile, Thread
from tests.factories import an_inbound
from tests.media.files import JPEG


def a_file(thread: Thread, mime_type: str, filename: str = "", **more: Any) -> MediaFile:
    message = an_inbound(thread, kind=more.pop("kind", "document"))
    row = MediaFile(message=message, mime_type=mime_type, filename=filename, state="here")
    row.file.save("x", ContentFile(JPEG), save=False)
    row.save()
    return row


def opened(row: MediaFile) -> media.OpenFile:
    found = media.open_file(row)
    assert found is not None
    found.file.close()
    return found


def test_the_bytes_are_those_that_were_kept(thread: Thread) -> None:
    found = media.open_file(a_file(thread, "image/jpeg"))
    assert found is not None
    with found.file as file:
        assert file.read() == JPEG


@pytest.mark.parametrize(
    "mime_type",
    ["image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "video/mp4"],
)
def test_safe_pictures_sounds_and_films_are_shown(thread: Thread, mime_type: str) -> None:
    assert not opened(a_file(thread, mime_type)).as_attachment


@pytest.mark.parametrize(
    "mime_type",
    [
        "text/html",
        "image/svg+xml",
        "text/xml",
        "application/pdf",
        "application/xhtml+xml",
        "text/javascript",
        "application/octet-stream",
        "",
    ],
)
def test_everything_else_is_only_saved(thread: Thread, mime_type: str) -> None:
    found = opened(a_file(thread, mime_type, "a.html"))
    assert (found.as_attachment, bool(found.content_type)) == (True, True)


@pytest.mark.parametrize(
    ("mime_type", "given", "expected"),
    [
        ("application/pdf", "proof of payment.pdf", "proof of payment.pdf"),
        ("application/pdf", "../../etc/passwd", "passwd.pdf"),
        ("application/pdf", "C:\\temp\\x.pdf", "x.pdf"),
        ("application/pdf", 'a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("application/pdf", "invoice\u202efdp.exe", "invoicefdp.exe"),
        ("image/jpeg", "photo.html", "photo.jpg"),
        ("image/jpeg", "", "document-{pk}.jpg"),
        ("application/octet-stream", "...", "document-{pk}"),
        ("application/octet-stream", "backup.tar.gz", "backup.tar.gz"),
        ("text/plain", "Zoë.txt", "Zoë.txt"),
        ("application/pdf", "n" * 300 + ".pdf", "n" * 120 + ".pdf"),
    ],
)
def test_its_name_is_safe_and_fits_its_content(
    thread: Thread, mime_type: str, given: str, expected: str
) -> None:
    row = a_file(thread, mime_type, given[:255])
    assert opened(row).filename == expected.format(pk=row.pk)


def test_what_is_not_here_cannot_be_opened(thread: Thread) -> None:
    row = MediaFile.objects.create(message=an_inbound(thread))
    assert media.open_file(row) is None


def test_what_somebody_has_deleted_from_the_storage_cannot_be_opened(thread: Thread) -> None:
    row = a_file(thread, "image/jpeg")
    row.file.storage.delete(str(row.file.name))
    assert media.open_file(row) is None

"""The files of messages: who may have them, and that no file runs anything in a browser."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from conversations.models import MediaFile
from tests import factories
from tests.inbox.pages import INBOX, signed_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


def a_file(mime_type: str = "image/png", **fields: Any) -> MediaFile:
    message = factories.an_inbound(factories.a_thread(), kind="image")
    given: dict[str, Any] = {
        "state": MediaFile.State.HERE,
        "file": ContentFile(PNG, "kept.bin"),
        **fields,
    }
    return MediaFile.objects.create(message=message, mime_type=mime_type, **given)


def address(media: MediaFile) -> str:
    return f"{INBOX}media/{media.pk}/"


def fetch(client: Client, media: MediaFile) -> tuple[Any, bytes]:
    """The answer with its file, read to the end and closed as a server closes it."""
    response = client.get(address(media))
    assert response.status_code == 200
    body = b"".join(response)
    response.close()
    return response, body


def test_it_serves_a_picture_as_one(client: Client) -> None:
    response, body = fetch(client, a_file())
    assert body == PNG
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("private")


@pytest.mark.parametrize("mime_type", ["audio/ogg; codecs=opus", "video/mp4", "IMAGE/JPEG"])
def test_it_plays_what_is_safe(client: Client, mime_type: str) -> None:
    response, _ = fetch(client, a_file(mime_type))
    assert response["Content-Type"] == mime_type.partition(";")[0].lower()
    assert response["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    "mime_type",
    ["text/html", "image/svg+xml", "application/pdf", "application/xhtml+xml", "audio/amr", ""],
)
def test_everything_else_is_only_to_save(client: Client, mime_type: str) -> None:
    # What Meta or the sender claims is no reason to show it.
    response, _ = fetch(client, a_file(mime_type, claimed_mime_type="image/png"))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("filename", "cleaned"),
    [
        ("../../etc/passwd", 'filename="passwd.pdf"'),
        ("C:\\temp\\bill.pdf", 'filename="bill.pdf"'),
        ("bill\u202egpj.exe", 'filename="billgpj.exe"'),
        ('a"\r\nX-Bad: 1.pdf', 'filename="aX-Bad 1.pdf"'),
        ("", 'filename="image-'),
        ("..", 'filename="image-'),
        ("a" * 250 + ".pdf", "a" * 120 + '.pdf"'),
    ],
)
def test_its_name_is_cleaned(client: Client, filename: str, cleaned: str) -> None:
    response, _ = fetch(client, a_file("application/pdf", filename=filename))
    assert cleaned in response["Content-Disposition"]
    assert "X-Bad" not in response


def test_it_needs_the_right_to_see_messages(client: Client) -> None:
    media, bob = a_file(), factories.bob()
    assert signed_in(bob).get(address(media)).status_code == 403
    bob.user_permissions.add(Permission.objects.get(codename="view_thread"))
    assert signed_in(bob).get(address(media)).status_code == 403
    # Without the right nobody learns which files there are.
    assert signed_in(bob).get(f"{INBOX}media/999999/").status_code == 403


def test_strangers_are_sent_to_the_login() -> None:
    response = Client().get(address(a_file()))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("admin:login"))


def test_what_is_not_here_is_not_found(client: Client) -> None:
    assert client.get(f"{INBOX}media/999999/").status_code == 404
    waiting = a_file(state=MediaFile.State.WAITING, file="")
    assert client.get(address(waiting)).status_code == 404


def test_a_file_that_left_the_storage_is_not_found(client: Client) -> None:
    media = a_file()
    media.file.storage.delete(str(media.file.name))
    assert client.get(address(media)).status_code == 404


def part(client: Client, media: MediaFile, asked: str, **headers: str) -> tuple[Any, bytes]:
    response = client.get(address(media), headers={"Range": asked, **headers})
    return response, b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, 7),
        ("bytes=0-0", 0, 0),
        ("bytes=2-4", 2, 4),
        ("bytes=6-99", 6, 7),
        ("bytes=-3", 5, 7),
        ("bytes=-99", 0, 7),
    ],
)
def test_a_stretch_of_it_is_served_so_that_a_film_can_be_scrubbed(
    client: Client, asked: str, start: int, end: int
) -> None:
    response, body = part(client, a_file("video/mp4"), asked)
    assert (response.status_code, body) == (206, PNG[start : end + 1])
    assert response["Content-Range"] == f"bytes {start}-{end}/8"
    assert response["Content-Length"] == str(end - start + 1)
    assert response["Content-Type"] == "video/mp4"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", ["bytes=8-", "bytes=5-2", "bytes=-0", "bytes=-", "bytes=99-100"])
def test_a_stretch_that_is_not_there_is_416(client: Client, asked: str) -> None:
    response, body = part(client, a_file("video/mp4"), asked)
    assert (response.status_code, body) == (416, b"")
    assert response["Content-Range"] == "bytes */8"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=a-b", f"bytes={'9' * 5000}-"]
)
def test_what_cannot_be_read_as_a_stretch_gets_the_whole(client: Client, asked: str) -> None:
    response, body = part(client, a_file("video/mp4"), asked)
    assert (response.status_code, body) == (200, PNG)
    assert response["Accept-Ranges"] == "bytes"


def test_a_stretch_of_another_file_than_the_player_began_with_is_the_whole(client: Client) -> None:
    media = a_file("video/mp4", sha256="a" * 64)
    tag = part(client, media, "bytes=0-1")[0]["ETag"]
    for match, status in ((tag, 206), ('"other"', 200)):
        response, _ = part(client, media, "bytes=2-3", **{"If-Range": match})
        assert response.status_code == status


def test_a_stretch_needs_the_same_right(client: Client) -> None:
    assert part(signed_in(factories.bob()), a_file(), "bytes=0-1")[0].status_code == 403


def test_it_is_only_read(client: Client) -> None:
    assert client.post(address(a_file())).status_code == 405


def test_no_address_leads_to_the_storage(client: Client) -> None:
    """The name in the storage is in no answer, and nothing serves the folder."""
    media = a_file(filename="chair.png")
    response, _ = fetch(client, media)
    assert str(media.file.name).rsplit("/", 1)[-1] not in str(response.headers)
    assert client.get(f"/{media.file.name}").status_code == 404
    assert client.get(f"/media/{media.file.name}").status_code == 404

"""Media: what may be uploaded, how long it lives, who may download it. Cloud API, media."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from simulator import clock
from simulator.media import kinds
from simulator.models import Media, Number
from tests.simulator.conftest import NUMBER, THANDI, Control, Graph, switch
from tests.simulator.test_customers import BUTTONS
from tests.simulator.test_template_sends import a_template, template

BEARER = {"Authorization": "Bearer demo-token"}


def upload(graph: Graph, mime_type: str, content: bytes = b"bytes", **change: Any) -> Any:
    """POST /media with one part of this type."""
    file = SimpleUploadedFile("a-file", content, content_type=mime_type)
    form = {"messaging_product": "whatsapp", "type": mime_type, "file": file, **change}
    return graph.client.post(f"/v21.0/{NUMBER}/media", form, headers=BEARER)


@pytest.mark.parametrize("mime_type", kinds.UPLOADS)
def test_it_takes_every_type_that_meta_lists(graph: Graph, mime_type: str) -> None:
    answer = upload(graph, mime_type)
    assert answer.status_code == 200
    assert answer.json().keys() == {"id"}


@pytest.mark.parametrize(
    "mime_type",
    ["audio/wav", "audio/webm", "image/gif", "image/heic", "audio/ogg; codecs=opus", "audio/opus"],
)
def test_it_refuses_other_types_and_parameters(graph: Graph, mime_type: str) -> None:
    answer = upload(graph, mime_type)
    assert answer.status_code == 400
    assert graph.error(answer)["message"] == (
        "(#100) Param file must be a file with one of the following types: "
        f"{', '.join(kinds.UPLOADS)}. Received file of type '{mime_type}'."
    )


@pytest.mark.parametrize(
    ("mime_type", "size"),
    [
        ("image/webp", 500 * 1024 + 1),
        ("image/jpeg", 5 * 1024 * 1024 + 1),
        ("audio/ogg", 16 * 1024 * 1024 + 1),
        ("video/mp4", 16 * 1024 * 1024 + 1),
    ],
)
def test_it_refuses_a_file_that_is_too_large(graph: Graph, mime_type: str, size: int) -> None:
    answer = upload(graph, mime_type, b"x" * size)
    assert "must be at most" in graph.error(answer)["message"]
    assert not Media.objects.exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"messaging_product": ""}, "(#100) The parameter messaging_product is required."),
        ({"file": ""}, "(#100) The parameter file is required."),
    ],
)
def test_it_names_what_an_upload_lacks(graph: Graph, change: Any, message: str) -> None:
    assert graph.error(upload(graph, "image/png", **change))["message"] == message


def test_a_file_is_looked_up_and_downloaded(graph: Graph) -> None:
    media_id = upload(graph, "image/png", b"a picture").json()["id"]
    found = graph("GET", f"{media_id}?phone_number_id={NUMBER}").json()
    url = found.pop("url")
    assert found == {
        "messaging_product": "whatsapp",
        "mime_type": "image/png",
        "sha256": hashlib.sha256(b"a picture").hexdigest(),
        "file_size": 9,
        "id": media_id,
    }
    answer = graph.client.get(url, headers=BEARER)
    assert (answer.content, answer["Content-Type"]) == (b"a picture", "image/png")


def url_of(graph: Graph) -> str:
    """The download URL of a fresh upload."""
    media_id = upload(graph, "image/png").json()["id"]
    url: str = graph("GET", media_id).json()["url"]
    return url


def test_a_download_without_the_bearer_is_a_page(graph: Graph) -> None:
    answer = graph.client.get(url_of(graph))
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("text/html")


def test_a_dead_token_downloads_nothing(graph: Graph) -> None:
    url = url_of(graph)
    switch(token_is_dead=True)
    assert graph.client.get(url, headers=BEARER).status_code == 401


def test_a_url_dies_after_five_minutes_and_a_look_up_gives_a_new_one(graph: Graph) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    old = graph("GET", media_id).json()["url"]
    clock.jump(seconds=290)
    assert graph.client.get(old, headers=BEARER).status_code == 200
    clock.jump(seconds=11)
    assert graph.client.get(old, headers=BEARER).status_code == 404
    fresh = graph("GET", media_id).json()["url"]
    assert graph.client.get(fresh, headers=BEARER).status_code == 200


def test_a_url_cannot_be_made_up(graph: Graph) -> None:
    url = url_of(graph)
    assert graph.client.get(url[:-3] + "000", headers=BEARER).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 400)])
def test_an_upload_is_kept_for_30_days(graph: Graph, days: int, status: int) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    clock.jump(seconds=days * 86_400)
    assert graph("GET", media_id).status_code == status


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 400)])
def test_a_customers_file_is_kept_for_7_days(
    graph: Graph, control: Control, days: int, status: int
) -> None:
    media_id = control.say(type="image")["content"]["id"]
    clock.jump(seconds=days * 86_400)
    assert graph("GET", media_id).status_code == status


def test_a_customers_file_can_be_downloaded_by_the_url_in_the_webhook(
    graph: Graph, control: Control
) -> None:
    content = control.say(type="voice")["content"]
    assert content["mime_type"] == "audio/ogg; codecs=opus"
    answer = graph.client.get(content["url"].partition("8001")[2], headers=BEARER)
    assert answer.content.startswith(b"OggS")


def test_a_deleted_file_is_gone(graph: Graph) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    assert graph("DELETE", media_id).json() == {"success": True}
    assert graph.error(graph("DELETE", media_id))["error_subcode"] == 33
    assert graph.error(graph("GET", media_id))["error_subcode"] == 33


def test_an_uploaded_picture_can_be_sent(graph: Graph, control: Control, open_window: None) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    assert graph.send(type="image", image={"id": media_id}).status_code == 200
    assert control.chat()[-1]["shape"]["media"]["mime_type"] == "image/png"


@pytest.mark.parametrize("known", [True, False])
def test_a_picture_in_a_header_is_checked_and_shown(
    graph: Graph, control: Control, open_window: None, known: bool
) -> None:
    media_id = upload(graph, "image/png").json()["id"] if known else "123"
    interactive = {**BUTTONS, "header": {"type": "image", "image": {"id": media_id}}}
    answer = graph.send(type="interactive", interactive=interactive)
    assert answer.status_code == (200 if known else 400)
    if known:
        assert control.chat()[-1]["shape"]["media"]["url"].endswith(f"{media_id}/")
    else:
        assert "header['image']['id'] is not a valid" in graph.error(answer)["message"]


def test_a_picture_in_a_templates_header_is_checked_and_shown(
    graph: Graph, control: Control
) -> None:
    a_template("photo", [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look"}])

    def send(media_id: str) -> Any:
        image = {"type": "image", "image": {"id": media_id}}
        return graph.send(**template("photo", {"type": "header", "parameters": [image]}))

    assert send("123").status_code == 400
    assert send(upload(graph, "image/png").json()["id"]).status_code == 200
    assert control.chat()[-1]["shape"]["media"]["kind"] == "image"


NOT_AN_ID = "(#100) Param image['id'] is not a valid whatsapp business account media attachment ID"


def test_an_id_that_there_is_not_cannot_be_sent(graph: Graph, open_window: None) -> None:
    answer = graph.send(type="image", image={"id": "123"})
    assert (answer.status_code, graph.error(answer)["message"]) == (400, NOT_AN_ID)


def test_an_id_of_another_number_cannot_be_sent(graph: Graph, open_window: None) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    other = Number.objects.create(phone_number_id="7", waba_id="8", display_phone_number="9")
    Media.objects.update(number=other)
    answer = graph.send(type="image", image={"id": media_id})
    assert graph.error(answer)["message"] == NOT_AN_ID


def test_a_file_is_sent_as_its_own_kind_or_as_a_document(graph: Graph, open_window: None) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    assert graph.error(graph.send(type="video", video={"id": media_id}))["code"] == 131009
    assert graph.send(type="document", document={"id": media_id}).status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_for_another_number_there_is_no_such_file(graph: Graph, method: str) -> None:
    media_id = upload(graph, "image/png").json()["id"]
    assert graph.error(graph(method, f"{media_id}?phone_number_id=1"))["error_subcode"] == 33
    assert graph("GET", media_id).status_code == 200


def test_an_empty_file_is_refused(graph: Graph) -> None:
    assert "must not be empty" in graph.error(upload(graph, "image/png", b""))["message"]


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [("bytes=0-3", 206, b"OggS"), ("bytes=-2", 206, None), ("bytes=999999-", 416, b"")],
)
def test_the_phone_page_gets_parts_of_a_sound(
    control: Control, asked: str, status: int, content: bytes | None
) -> None:
    url = control.say(THANDI, type="voice")["shape"]["media"]["url"]
    answer = control.client.get(url, headers={"Range": asked})
    assert answer.status_code == status
    if content is not None:
        assert answer.content == content

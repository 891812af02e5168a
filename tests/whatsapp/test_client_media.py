"""Files up to Meta and down from it; the token stays where it belongs."""

from collections.abc import Iterator
from email import message_from_bytes

import pytest

from conversations.whatsapp.client import CloudApi, Downloaded, MediaInfo
from conversations.whatsapp.errors import Refused, TryLater, Unconfirmed
from tests.whatsapp.conftest import TOKEN
from tests.whatsapp.graph import Answer, Graph

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


@pytest.fixture
def elsewhere() -> Iterator[Graph]:
    """Another host: the same address, but another port."""
    with Graph() as server:
        yield server


def file(content: bytes = PNG, mime_type: str = "image/png") -> Answer:
    return Answer(body=content, headers={"Content-Type": mime_type})


def test_it_uploads_a_file_as_a_form(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, POST /{phone_number_id}/media."""
    graph.answers(Answer(body={"id": "101"}))
    assert api.upload_media(PNG, mime_type="image/png", filename="a.png") == "101"
    (asked,) = graph.asked
    assert (asked.method, asked.path) == ("POST", "/v21.0/1065403/media")
    head = f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode()
    parts = message_from_bytes(head + asked.body).get_payload()
    fields = {part.get_param("name", header="Content-Disposition"): part for part in parts}  # type: ignore[union-attr]  # a multipart form
    assert fields["messaging_product"].get_payload() == "whatsapp"  # type: ignore[union-attr]  # too
    assert fields["type"].get_payload() == "image/png"  # type: ignore[union-attr]  # too
    assert fields["file"].get_content_type() == "image/png"  # type: ignore[union-attr]  # too
    assert fields["file"].get_filename() == "a.png"  # type: ignore[union-attr]  # too
    assert PNG in asked.body


def test_it_uploads_under_the_bare_type(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, media: "audio/ogg; codecs=opus" is refused in an upload."""
    graph.answers(Answer(body={"id": "101"}))
    api.upload_media(b"OggS", mime_type="audio/ogg; codecs=opus", filename="voice.ogg")
    assert b"Content-Type: audio/ogg\r\n" in graph.asked[0].body
    assert b"codecs" not in graph.asked[0].body


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": 7}, b"<html>"])
def test_an_upload_without_an_id_is_tried_again(
    graph: Graph, api: CloudApi, body: dict[str, object] | bytes
) -> None:
    graph.answers(Answer(body=body))
    with pytest.raises(TryLater):
        api.upload_media(PNG, mime_type="image/png", filename="a.png")


def test_it_looks_up_where_a_file_is(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, GET /{media_id}."""
    url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
    body = {"url": url, "mime_type": "image/jpeg", "sha256": "abc", "file_size": 1024, "id": "7"}
    graph.answers(Answer(body=body))
    assert api.media_info("7") == MediaInfo("7", url, "image/jpeg", "abc", 1024)
    assert graph.asked[0].path == "/v21.0/7"
    assert graph.asked[0].query == {"phone_number_id": "1065403"}


@pytest.mark.parametrize(
    ("size", "expected"),
    [("1024", 1024), (None, None), ("much", None), ([1], None), (-1, None), ("9" * 5000, None)],
)
def test_it_takes_a_size_in_any_shape(
    graph: Graph, api: CloudApi, size: object, expected: int | None
) -> None:
    graph.answers(Answer(body={"url": "https://example.com", "file_size": size}))
    assert api.media_info("7") == MediaInfo("7", "https://example.com", "", "", expected)


def test_a_look_up_without_an_address_is_tried_again(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body={"mime_type": "image/jpeg"}))
    with pytest.raises(TryLater, match="'url'"):
        api.media_info("7")


def test_it_deletes_a_file(graph: Graph, api: CloudApi) -> None:
    api.delete_media("7/x")
    assert (graph.asked[0].method, graph.asked[0].path) == ("DELETE", "/v21.0/7%2Fx")


def test_it_downloads_a_file_with_the_token(graph: Graph, api: CloudApi) -> None:
    graph.answers(file(mime_type="image/png; x=y"))
    found = api.download_media(f"{graph.url}/file?mid=1", len(PNG))
    assert found == Downloaded(PNG, "image/png; x=y")
    assert graph.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_it_refuses_a_file_that_is_too_large(graph: Graph, api: CloudApi) -> None:
    graph.answers(file())
    with pytest.raises(Refused, match=f"larger than {len(PNG) - 1} bytes"):
        api.download_media(f"{graph.url}/file", len(PNG) - 1)


def test_a_redirect_to_another_host_is_followed_without_the_token(
    graph: Graph, api: CloudApi, elsewhere: Graph
) -> None:
    graph.answers(Answer(302, b"", {"Location": f"{elsewhere.url}/cdn"}))
    elsewhere.answers(file())
    assert api.download_media(f"{graph.url}/file", 10_000).content == PNG
    assert "Authorization" in graph.asked[0].headers
    assert "Authorization" not in elsewhere.asked[0].headers


def test_the_token_does_not_come_back_after_a_detour(
    graph: Graph, api: CloudApi, elsewhere: Graph
) -> None:
    graph.answers(Answer(302, b"", {"Location": f"{elsewhere.url}/cdn"}), file())
    elsewhere.answers(Answer(307, b"", {"Location": f"{graph.url}/again"}))
    api.download_media(f"{graph.url}/file", 10_000)
    assert "Authorization" not in graph.asked[1].headers


def test_a_redirect_on_the_same_host_keeps_the_token(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(302, b"", {"Location": "/other"}), file())
    api.download_media(f"{graph.url}/file", 10_000)
    assert graph.asked[1].path == "/other"
    assert "Authorization" in graph.asked[1].headers


def test_the_token_never_goes_over_plain_http_to_a_stranger(
    api: CloudApi, elsewhere: Graph
) -> None:
    elsewhere.answers(file())
    api.download_media(f"{elsewhere.url}/file", 10_000)
    assert "Authorization" not in elsewhere.asked[0].headers


def test_a_circle_of_redirects_ends(graph: Graph, api: CloudApi) -> None:
    graph.answers(*[Answer(302, b"", {"Location": "/file"})] * 9)
    with pytest.raises(TryLater, match="circles"):
        api.download_media(f"{graph.url}/file", 10_000)
    assert len(graph.asked) == 4


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://[x"])
def test_a_redirect_leads_to_web_addresses_only(graph: Graph, api: CloudApi, target: str) -> None:
    graph.answers(Answer(302, b"", {"Location": target}))
    with pytest.raises(Refused, match="address"):
        api.download_media(f"{graph.url}/file", 10_000)


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "//127.0.0.1/x", "http://[x", "https:"])
def test_it_fetches_web_addresses_only(api: CloudApi, url: str) -> None:
    with pytest.raises(Refused, match="address"):
        api.download_media(url, 10_000)


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_has_expired_says_so(graph: Graph, api: CloudApi, status: int) -> None:
    graph.answers(Answer(status, b"<html>"))
    with pytest.raises(Refused, match="expired") as error:
        api.download_media(f"{graph.url}/file", 10_000)
    assert error.value.status == status


def test_a_download_that_breaks_off_is_tried_again(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body=PNG, short=100), Answer(drop=True), Answer(502, b"", short=0))
    for _ in range(3):
        with pytest.raises(TryLater):
            api.download_media(f"{graph.url}/file", 10_000)


def test_an_error_page_that_breaks_off_is_tried_again(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(500, b"<html>" * 99, short=100))
    with pytest.raises(TryLater):
        api.download_media(f"{graph.url}/file", 10_000)


def test_a_doubt_is_for_messages_only(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(drop=True))
    with pytest.raises(TryLater) as error:
        api.upload_media(PNG, mime_type="image/png", filename="a.png")
    assert not isinstance(error.value, Unconfirmed)

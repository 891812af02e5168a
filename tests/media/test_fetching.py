"""Fetching what customers send: checked, stored, tried again, or lost with the reason."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from conversations import jobs, media
from conversations.media import fetching
from conversations.models import Change, MediaFile, PhoneNumber
from tests import webhooks
from tests.media.files import JPEG, PAGE, VOICE
from tests.webhooks import NUMBER, receive
from tests.whatsapp.graph import Answer, Graph

THANDI = "27821234567"
HEX = hashlib.sha256(JPEG).hexdigest()
BASE64 = base64.b64encode(hashlib.sha256(JPEG).digest()).decode()
UNKNOWN_ID = {"error": {"message": "Unsupported get request", "code": 100, "error_subcode": 33}}


def arrive(kind: str = "image", **file: Any) -> MediaFile:
    """A message with a file, through the real door."""
    given = {"id": "1003383421387256", "mime_type": "image/jpeg", "sha256": HEX}
    receive(webhooks.message(THANDI, kind, given | file), number=NUMBER)
    return MediaFile.objects.get()


def fetch(media_file: MediaFile) -> MediaFile:
    media.fetch(media_file.pk)
    return MediaFile.objects.get(pk=media_file.pk)


def look_up(graph: Graph, **more: Any) -> Answer:
    given = {"url": f"{graph.url}/file", "mime_type": "image/jpeg", "file_size": len(JPEG)}
    return Answer(body=given | more)


@pytest.fixture(autouse=True)
def our_number(number: PhoneNumber) -> None:
    """The messages are to a number of ours."""


def test_a_file_is_due_as_soon_as_its_message_is_here() -> None:
    row = arrive("document", filename="invoice.pdf", mime_type="application/pdf")
    assert (row.state, row.media_id, row.attempts) == ("waiting", "1003383421387256", 0)
    assert (row.claimed_mime_type, row.filename) == ("application/pdf", "invoice.pdf")
    assert row.next_at is not None
    assert row.next_at <= timezone.now()


def test_a_file_that_never_reached_whatsapp_is_lost_and_says_so() -> None:
    errors = webhooks.failure(131052, "Media download error")
    message = webhooks.message(THANDI, "image", {}, errors=errors)
    del message["image"]
    receive(message, number=NUMBER)
    row = MediaFile.objects.get()
    assert (row.state, "could not get this file" in row.error) == ("lost", True)


def test_it_is_here_with_its_size_its_type_and_its_digest(graph: Graph, folder: Path) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    row = fetch(arrive(mime_type="text/html"))
    assert (row.state, row.size, row.sha256) == ("here", len(JPEG), HEX)
    assert (row.mime_type, row.claimed_mime_type) == ("image/jpeg", "text/html")
    assert (row.next_at, row.error) == (None, "")
    assert (folder / str(row.file.name)).read_bytes() == JPEG


def test_nobody_can_guess_its_name(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    row = fetch(arrive("document", filename="../../etc/passwd"))
    token = str(row.file.name).rpartition("/")[2]
    assert len(bytes.fromhex(token)) == 32
    assert row.file.name == f"whatsapp/{token[:2]}/{token}"


def test_open_inboxes_draw_the_message_again(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    row = arrive()
    Change.objects.all().delete()
    fetch(row)
    assert Change.objects.get().message_id == row.message_id


def test_they_do_so_when_it_is_lost(graph: Graph) -> None:
    graph.answers(Answer(404, body=UNKNOWN_ID))
    row = arrive()
    Change.objects.all().delete()
    assert fetch(row).state == "lost"
    assert Change.objects.get().message_id == row.message_id


def test_the_job_does_it(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    jobs.fetch_media(arrive().pk)
    assert MediaFile.objects.get().state == "here"


def test_it_is_asked_for_with_our_number_and_our_token(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    fetch(arrive())
    asked, got = graph.asked
    assert (asked.path, asked.query) == ("/v21.0/1003383421387256", {"phone_number_id": NUMBER})
    assert asked.headers["Authorization"] == got.headers["Authorization"] == "Bearer demo-token"


@pytest.fixture
def elsewhere() -> Iterator[Graph]:
    with Graph() as server:
        yield server


def test_the_token_does_not_follow_to_another_host(graph: Graph, elsewhere: Graph) -> None:
    other = elsewhere.url.replace("127.0.0.1", "localhost")
    graph.answers(look_up(graph), Answer(302, headers={"Location": f"{other}/file"}))
    elsewhere.answers(Answer(body=JPEG))
    assert fetch(arrive()).state == "here"
    assert "Authorization" not in elsewhere.asked[0].headers


@pytest.mark.parametrize("told", [HEX, HEX.upper(), BASE64, "", "no digest at all"])
def test_the_digest_is_read_in_every_form_that_meta_writes(graph: Graph, told: str) -> None:
    graph.answers(look_up(graph, sha256=told), Answer(body=JPEG))
    assert fetch(arrive(sha256=told)).state == "here"


@pytest.mark.parametrize("told", [HEX, BASE64])
def test_other_bytes_than_were_sent_are_not_kept(graph: Graph, folder: Path, told: str) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG[:-1]))
    row = fetch(arrive(sha256=told))
    assert (row.state, row.file.name) == ("waiting", "")
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_the_digest_of_the_look_up_counts_where_the_message_has_none(graph: Graph) -> None:
    graph.answers(look_up(graph, sha256=HEX), Answer(body=VOICE))
    assert fetch(arrive(sha256="")).state == "waiting"


def test_the_digest_that_came_with_the_message_counts_before_that_of_the_look_up(
    graph: Graph,
) -> None:
    other = hashlib.sha256(VOICE).hexdigest()
    graph.answers(look_up(graph, sha256=other), Answer(body=VOICE))
    assert fetch(arrive()).state == "waiting"


def test_a_page_in_place_of_a_photo_is_not_kept(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=PAGE))
    assert fetch(arrive(sha256="")).state == "waiting"


@pytest.mark.parametrize("size", [len(JPEG) - 1, len(JPEG) + 1])
def test_without_a_digest_the_size_must_be_what_was_told(graph: Graph, size: int) -> None:
    graph.answers(look_up(graph, file_size=size), Answer(body=JPEG))
    assert fetch(arrive(sha256="")).state == "waiting"
    graph.answers(look_up(graph, file_size=str(len(JPEG))), Answer(body=JPEG))
    assert fetch(MediaFile.objects.get()).state == "here"


def test_a_look_up_that_leads_nowhere_is_asked_for_anew(graph: Graph) -> None:
    graph.answers(look_up(graph, url="ftp://127.0.0.1/file"))
    row = fetch(arrive())
    assert (row.state, row.damaged) == ("waiting", 1)


def test_a_file_that_cannot_be_stored_is_not_lost(graph: Graph, folder: Path) -> None:
    """A disk that is full, or a folder that somebody made a file of."""
    (folder / "whatsapp").write_bytes(b"in the way")
    graph.answers(look_up(graph), Answer(body=JPEG))
    row = fetch(arrive())
    assert (row.state, row.leased_until) == ("waiting", None)
    (folder / "whatsapp").unlink()
    graph.answers(look_up(graph), Answer(body=JPEG))
    assert fetch(row).state == "here"


def test_a_file_that_jobs_died_over_is_fetched_still(graph: Graph) -> None:
    row = arrive()
    MediaFile.objects.update(died=9, attempts=40)
    graph.answers(look_up(graph), Answer(body=JPEG))
    assert fetch(row).state == "here"


def test_a_job_that_comes_while_another_fetches_asks_for_nothing(graph: Graph) -> None:
    row = arrive()
    MediaFile.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert fetch(row).attempts == 0
    assert graph.asked == []


def test_what_arrives_damaged_again_and_again_is_lost(graph: Graph) -> None:
    row = arrive()
    for _ in range(fetching.DAMAGED_AT_MOST):
        graph.answers(look_up(graph), Answer(body=PAGE))
        row = fetch(row)
    assert (row.state, row.error) == ("lost", fetching.DAMAGED)


def test_a_long_outage_before_it_is_no_damage(graph: Graph) -> None:
    row = arrive()
    for _ in range(fetching.DAMAGED_AT_MOST):
        graph.answers(Answer(500, body={}))
        row = fetch(row)
    graph.answers(look_up(graph), Answer(body=PAGE))
    assert fetch(row).state == "waiting"


def test_an_address_that_has_died_is_asked_for_anew(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(404, body=b"expired"), look_up(graph), Answer(body=JPEG))
    assert fetch(arrive()).state == "here"


@pytest.mark.parametrize("status", [400, 404])
def test_a_file_that_whatsapp_no_longer_has_is_lost(graph: Graph, status: int) -> None:
    graph.answers(Answer(status, body=UNKNOWN_ID))
    row = fetch(arrive())
    assert (row.state, row.error, row.next_at) == ("lost", fetching.NO_LONGER, None)


def test_one_that_says_it_is_too_large_is_not_even_fetched(graph: Graph) -> None:
    graph.answers(look_up(graph, file_size=fetching.MAX_BYTES + 1))
    assert fetch(arrive()).error == fetching.TOO_LARGE
    assert len(graph.asked) == 1


def test_one_that_is_larger_than_it_says_is_lost(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", len(JPEG) - 1)
    graph.answers(look_up(graph, file_size=None), Answer(body=JPEG))
    assert fetch(arrive()).error == fetching.TOO_LARGE


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500, body={}),
        Answer(429, body=b""),
        Answer(401, body={"error": {"code": 190, "message": "dead token"}}),
        Answer(drop=True),
        Answer(body=b"no json"),
        Answer(502, body=b"<html>bad gateway</html>"),
    ],
)
def test_trouble_on_the_way_is_waited_out(graph: Graph, trouble: Answer) -> None:
    graph.answers(trouble)
    row = fetch(arrive())
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.next_at is not None
    assert timedelta(seconds=5) < row.next_at - timezone.now() < timedelta(seconds=11)
    graph.answers(look_up(graph), Answer(body=JPEG))
    assert fetch(row).state == "here"


def test_a_download_that_breaks_off_is_waited_out(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG, short=10))
    assert fetch(arrive()).state == "waiting"


def test_the_waits_grow_and_after_seven_days_it_is_lost(graph: Graph) -> None:
    row, waits = arrive(), []
    for _ in range(8):
        graph.answers(Answer(500, body={}))
        row = fetch(row)
        assert row.next_at is not None
        waits.append(round((row.next_at - timezone.now()).total_seconds(), -1))
    assert waits == [10, 60, 300, 1800, 7200, 21600, 21600, 21600]
    MediaFile.objects.update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    graph.answers(Answer(500, body={}))
    assert fetch(MediaFile.objects.get()).error == fetching.TOO_OLD


def test_a_second_job_fetches_nothing(graph: Graph) -> None:
    graph.answers(look_up(graph), Answer(body=JPEG))
    row = fetch(arrive())
    assert not media.fetch(row.pk)
    assert len(graph.asked) == 2


def test_a_job_for_a_row_that_is_gone_does_nothing(graph: Graph) -> None:
    assert not media.fetch(404)
    assert graph.asked == []


def test_the_slower_of_two_leaves_no_file_behind(graph: Graph, folder: Path) -> None:
    """Another job has kept it while this one was downloading."""
    row = arrive()

    def kept_by_another() -> None:
        MediaFile.objects.update(state="lost")

    graph.answers(look_up(graph), Answer(body=JPEG))
    stale = MediaFile.objects.select_related("message__thread__phone_number").get(pk=row.pk)
    kept_by_another()
    assert not fetching._keep(stale, JPEG)
    assert not [path for path in folder.rglob("*") if path.is_file()]

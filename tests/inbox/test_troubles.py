"""A message that failed says on whose side it was, and offers a next step that works."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.test import Client

from conversations import clock, takeover
from conversations.models import Contact, MediaFile, Message, Thread
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in
from tests.inbox.test_conversation import bubble
from tests.media.files import JPEG

pytestmark = pytest.mark.django_db

TEMPLATE, OTHER = "Send a template instead", "Choose another template"
AGAIN, NUMBER, CONTACT = "Send again</button>", "Look at our number", "Look at the contact"
EVERY = {TEMPLATE, OTHER, AGAIN, NUMBER, CONTACT}


@pytest.fixture
def alice() -> User:
    alice = factories.an_agent()
    alice.user_permissions.add(Permission.objects.get(codename="view_phonenumber"))
    return alice


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def mine(alice: User) -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


def failed(thread: Thread, code: int | None, **fields: Any) -> Message:
    given = {"status": Message.Status.FAILED, "error_code": code, **fields}
    return factories.an_outbound(thread, **given)


def shown(client: Client, message: Message) -> str:
    return bubble(fragment(client, at(message.thread)), message)


@pytest.mark.parametrize(
    ("code", "side", "steps"),
    [
        (131047, "On the customer's side.", {TEMPLATE, AGAIN}),
        (131000, "On WhatsApp's side.", {AGAIN}),
        (131049, "On WhatsApp's side.", {AGAIN}),
        (131056, "On our side: the message.", {AGAIN}),
        (190, "On our side: the WhatsApp account.", {NUMBER, AGAIN}),
        (131042, "On our side: the WhatsApp account.", {NUMBER, AGAIN}),
        (132001, "On our side: the template.", {OTHER}),
        (131026, "On the customer's side.", {CONTACT, AGAIN}),
        (130403, "On our side: the message.", {CONTACT, AGAIN}),
        (100, "On our side: the message.", {AGAIN}),
        (999999, "On WhatsApp's side.", {AGAIN}),
        (None, "On WhatsApp's side.", {AGAIN}),
    ],
)
def test_it_offers_what_helps(
    client: Client, mine: Thread, code: int | None, side: str, steps: set[str]
) -> None:
    html = shown(client, failed(mine, code)).replace("&#x27;", "'")
    assert {step for step in EVERY if step in html} == steps
    assert f'<p class="wa-whose">{side}</p>' in html


def test_what_we_refused_ourselves_is_said_in_its_own_words(client: Client, mine: Thread) -> None:
    html = shown(client, failed(mine, None, error_text="The recording could not be read."))
    assert "<b>Not delivered.</b> The recording could not be read." in html
    assert "WhatsApp says" not in html
    assert '<p class="wa-whose">On our side: the message.</p>' in html


@pytest.mark.parametrize(
    ("code", "after"),
    [
        (131016, "Send it again in a moment."),
        (131057, "Send it again in a few minutes."),
        (131048, "Send it again in an hour or later. An administrator should look at"),
        (131000, "Send it again in a moment."),
    ],
)
def test_of_what_has_failed_it_never_says_that_it_is_tried_again_by_itself(
    client: Client, mine: Thread, code: int, after: str
) -> None:
    """Meta tells these by a status too, after it took the message: nothing repeats that."""
    html = shown(client, failed(mine, code))
    assert after in html
    assert "by itself" not in html


@pytest.mark.parametrize(
    ("code", "is_told"), [(131009, True), (132012, True), (131047, False), (130403, False)]
)
def test_where_only_meta_knows_what_is_wrong_its_words_are_shown(
    client: Client, mine: Thread, code: int, is_told: bool
) -> None:
    html = shown(client, failed(mine, code, error_text="Row <title> is too long"))
    assert ("WhatsApp says: Row &lt;title&gt; is too long" in html) is is_told


@pytest.mark.parametrize(
    ("code", "kind", "steps"),
    [
        (131047, "text", {TEMPLATE}),
        (131000, "text", {TEMPLATE}),
        (131009, "buttons", {TEMPLATE}),
        (131000, "template", {AGAIN}),
        (132001, "template", {OTHER}),
    ],
)
def test_with_a_shut_window_only_a_template_can_still_be_sent(
    client: Client, mine: Thread, code: int, kind: str, steps: set[str]
) -> None:
    message = failed(mine, code, kind=kind)
    Thread.objects.update(window_closes_at=clock.now() - timedelta(hours=1))
    html = shown(client, message)
    assert {step for step in EVERY if step in html} == steps


def test_to_a_blocked_contact_nothing_is_offered_again(client: Client, mine: Thread) -> None:
    message = failed(mine, 130403)
    Contact.objects.update(is_blocked=True)
    html = shown(client, message)
    assert CONTACT in html
    assert AGAIN not in html


def test_who_may_not_answer_is_told_and_offered_no_act(mine: Thread) -> None:
    message = failed(mine, 190)
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    html = shown(signed_in(reader), message)
    assert "Not delivered." in html
    assert not any(step in html for step in EVERY)


def test_a_file_of_ours_goes_again_as_a_file(
    client: Client, mine: Thread, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    wire = {"type": "image", "image": {"id": "waiting-1", "caption": "Look"}}
    message = failed(mine, 131053, kind="image", content=wire)
    kept = MediaFile(message=message, mime_type="image/jpeg", filename="a.jpg", state="here")
    kept.file.save("x", ContentFile(JPEG), save=True)
    for _ in range(2):
        assert act(client, at(mine, "again/"), message=message.pk).status_code == 200
    again = Message.objects.get(status=Message.Status.QUEUED)
    assert again.content["image"]["caption"] == "Look"
    assert again.media.state == MediaFile.State.WAITING
    assert again.media.size == len(JPEG)

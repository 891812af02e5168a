"""The admin's home: what waits today, and each figure leads to exactly those conversations."""

import re
from datetime import timedelta

import pytest

from conversations import clock, notes, notices, takeover
from conversations.models import Message, Notice
from tests import factories
from tests.inbox.pages import signed_in

pytestmark = pytest.mark.django_db


def test_each_figure_leads_to_as_many_conversations() -> None:
    alice = factories.an_agent()
    now = clock.now()
    waiting, failing, closing = (factories.a_thread() for _ in range(3))
    factories.an_inbound(waiting)
    takeover.hand_over(waiting, reason="asked")
    factories.an_inbound(failing)
    factories.an_outbound(failing, status=Message.Status.FAILED)
    factories.an_inbound(closing, sent_at=now - timedelta(hours=23))
    client = signed_in(alice)
    html = client.get("/admin/").content.decode()
    cards = re.findall(r'<a href="([^"]+inbox/\?f=\w+)"[^>]*><span class="figure">(\d+)<', html)
    assert len(cards) == 6
    for url, figure in cards:
        assert client.get(url).content.decode().count('class="wa-row ') + client.get(
            url
        ).content.decode().count('class="wa-row"') == int(figure), url
    figures = {url.split("=")[1]: int(figure) for url, figure in cards}
    assert (figures["person"], figures["failed"], figures["closing"]) == (1, 1, 1)


def test_bob_is_shown_no_figures() -> None:
    response = signed_in(factories.bob()).get("/admin/")
    assert response.status_code == 200
    assert "Needs a person" not in response.content.decode()


def test_open_notices_stand_first_with_the_way_to_their_conversation() -> None:
    thread = factories.a_thread(contact=factories.a_contact("Naledi Botha"))
    notices.raise_notice("waiting:1", level=notices.Level.WARNING, text="She waits.", thread=thread)
    notices.raise_notice("number:1", level=notices.Level.ALARM, text="Nothing is sent.")
    notices.raise_notice("old", level=notices.Level.INFO, text="Long ago.")
    notices.end("old")
    html = signed_in(factories.an_agent()).get("/admin/").content.decode()
    assert html.index("Nothing is sent.") < html.index("She waits.") < html.index("Naledi Botha")
    assert "Long ago." not in html


def test_a_notice_is_marked_as_seen_to_by_who_may_reply() -> None:
    notices.raise_notice("number:1", level=notices.Level.ALARM, text="Nothing is sent.")
    notice, alice = Notice.objects.get(), factories.an_agent()
    page = "/admin/conversations/notice/"
    chosen = {"action": "mark_as_seen_to", "_selected_action": notice.pk}
    assert signed_in(factories.bob()).post(page, chosen).status_code == 403
    assert signed_in(alice).post(page, chosen).status_code == 302
    notice.refresh_from_db()
    assert notice.ended_by == alice


def test_who_is_named_in_a_note_is_told_on_the_first_page_until_they_look() -> None:
    alice, thread = factories.an_agent(), factories.a_thread()
    notes.add(thread, "@alice look", by=factories.an_agent("kim"))
    assert "A colleague named you in a note." in signed_in(alice).get("/admin/").content.decode()
    notes.seen(thread, by=alice)
    assert "named you" not in signed_in(alice).get("/admin/").content.decode()

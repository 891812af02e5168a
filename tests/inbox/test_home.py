"""The admin's home: what waits today, and each figure leads to exactly those conversations."""

import re
from datetime import timedelta

import pytest

from conversations import clock, takeover
from conversations.models import Message
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

"""A real Chromium for the inbox: `desk(user)` is a signed-in browser at Django's live server."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from conversations import takeover
from conversations.models import Thread
from tests import factories
from tests.inbox.desk import Desk

MakeDesk = Callable[..., Desk]


@pytest.fixture
def alice() -> User:
    """An agent; a test that needs her otherwise makes her otherwise."""
    return factories.an_agent()


@pytest.fixture
def thread(alice: User) -> Thread:
    """Mine, with an open window."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread)
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


@pytest.fixture
def desk(chromium: Browser, live_server: LiveServer) -> Iterator[MakeDesk]:
    """desk(user, width=..., height=..., dark=...): a browser in which this person is signed in."""
    desks: list[Desk] = []

    def open_desk(user: User, **how: object) -> Desk:
        desks.append(Desk(chromium, live_server.url, user, **how))  # type: ignore[arg-type]
        return desks[-1]

    yield open_desk
    for one in desks:
        one.close()

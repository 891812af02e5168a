"""A real Chromium for the inbox: `desk(user)` is a signed-in browser at Django's live server."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.inbox.desk import Desk

MakeDesk = Callable[..., Desk]


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

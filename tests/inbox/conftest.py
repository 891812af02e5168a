"""A real Chromium for the inbox: `desk(user)` is a signed-in browser at Django's live server."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.inbox.desk import ARGUMENTS, Desk

MakeDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def chromium(need_chromium: str) -> Iterator[Browser]:
    """One browser for all tests; each desk is a profile of its own in it."""
    patch = pytest.MonkeyPatch()
    # Playwright's own event loop runs in this thread; the rows are still ours to read.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need_chromium, args=ARGUMENTS)
        yield browser
        browser.close()
    patch.undo()


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

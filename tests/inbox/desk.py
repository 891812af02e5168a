"""A member of staff at a browser: signed in, and everything noted that went wrong."""

import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Request, expect

from conversations.models import Thread
from tests.inbox.pages import INBOX, at

PATIENCE = 10_000  # milliseconds; the machine may be busy with other things

expect.set_options(timeout=PATIENCE)


class Desk:
    """`page` is Playwright's; `problems` are console errors, `strays` requests to elsewhere."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        user: User,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        touch: bool = False,
        script: bool = True,
    ) -> None:
        self.url, self.user = url, user
        self.problems: list[str] = []
        self.strays: list[str] = []
        self.requests: list[str] = []
        self.under_way: set[Request] = set()
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.sign_in()
        self.page = self._new_page()

    def sign_in(self) -> None:
        """The session cookie of a login, without the login page."""
        client = Client()
        client.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        self.context.add_cookies([{"name": name, "value": value, "url": self.url}])

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", self._note_request)
        page.on("requestfinished", lambda request: self.under_way.discard(request))
        page.on("requestfailed", lambda request: self.under_way.discard(request))
        return page

    def _note(self, kind: str, text: str) -> None:
        # What the server refuses on purpose is told by a status; the browser calls it an error.
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.problems.append(text)

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)
        self.under_way.add(request)
        if urlsplit(request.url).netloc not in ("", urlsplit(self.url).netloc):
            self.strays.append(request.url)

    def open(self, thread: Thread | None = None, query: str = "") -> "Desk":
        self.page.goto(f"{self.url}{at(thread) if thread else INBOX}{query}")
        return self

    def row(self, thread: Thread) -> Locator:
        return self.page.locator(f"#t{thread.pk}")

    def choose(self, thread: Thread) -> None:
        """Click the row and wait until the conversation stands there."""
        self.row(thread).locator("a").click()
        expect(self.talk_of(thread)).to_be_visible()

    def talk_of(self, thread: Thread) -> Locator:
        return self.page.locator(f'#wa-talk[data-thread="{thread.pk}"]')

    def bubbles(self) -> Locator:
        return self.page.locator(".wa-bubble")

    def polls(self) -> list[str]:
        return [url for url in self.requests if "/changes/" in url]

    def wait_for_poll(self) -> None:
        with self.page.expect_response(lambda response: "/changes/" in response.url):
            pass

    def value(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def close(self) -> None:
        # What a page still asks when it goes would reach a database that is being emptied.
        deadline = time.monotonic() + 2
        while self.under_way and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        self.context.set_offline(True)
        self.context.close()

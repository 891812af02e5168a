"""Staff at a real browser before the real console, and a customer who talks with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.processes.running import Console
from tests.stories.people import INBOX, Customer, Staff, thread_of, value_of

PATIENCE = 20_000  # milliseconds; five processes and a browser share the machine
expect.set_options(timeout=PATIENCE)

_numbers = count(27_600_010_000)


class Seat:
    """`page` is Playwright's; `problems` are errors of the console, `strays` requests elsewhere."""

    def __init__(
        self,
        browser: Browser,
        console: Console,
        username: str,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
    ) -> None:
        self.console, self.username = console, username
        self.problems: list[str] = []
        self.strays: list[str] = []
        self.context = browser.new_context(
            base_url=console.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=width < 768,
            reduced_motion="reduce",
        )
        self.sign_in()
        self.page = self.new_page()

    def sign_in(self) -> None:
        """The cookies of a login by its form."""
        staff = Staff(self.console, self.username, f"demo-{self.username}")
        for cookie in staff.cookies:
            given = {"name": cookie.name, "value": cookie.value or "", "url": self.console.url}
            self.context.add_cookies([given])  # type: ignore[list-item]  # a plain dict is enough

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._note_request(request.url))
        return page

    def _note(self, kind: str, text: str) -> None:
        # What the server refuses on purpose is told by a status; the browser calls it an error.
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.problems.append(text)

    def _note_request(self, url: str) -> None:
        home = urlsplit(self.console.url).netloc
        if urlsplit(url).scheme.startswith("http") and urlsplit(url).netloc != home:
            self.strays.append(url)

    def open(self, thread: int = 0) -> Seat:
        self.page.goto(f"{INBOX}{f'{thread}/' if thread else ''}")
        return self

    def choose(self, thread: int) -> None:
        """Click the row and wait until the conversation stands there."""
        self.row(thread).locator("a").first.click()
        expect(self.talk(thread)).to_be_visible()

    def row(self, thread: int) -> Locator:
        return self.page.locator(f"#t{thread}")

    def talk(self, thread: int) -> Locator:
        return self.page.locator(f'#wa-talk[data-thread="{thread}"]')

    @property
    def box(self) -> Locator:
        return self.page.locator("#wa-text")

    @property
    def foot(self) -> Locator:
        return self.page.locator("#wa-foot")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def out(self, words: str) -> Locator:
        """The bubble of ours with these words."""
        return self.page.locator(".wa-bubble.out", has_text=words)

    def take_over(self) -> None:
        self.foot.get_by_role("button", name="Take over").click()
        expect(self.box).to_be_visible()

    def value(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def close(self) -> None:
        self.context.close()


class Talk:
    """A new customer who has asked for a person, and the key of the thread."""

    def __init__(self, console: Console, name: str) -> None:
        self.console = console
        self.customer = Customer(console, str(next(_numbers)), name)
        self.name = name
        self.customer.says("I want to talk to a person please")
        self.customer.waits_for("colleague")
        self.thread = thread_of(console, self.customer.wa_id)

    def said(self, words: str) -> int:
        """How many rows hold these words."""
        rows = "SELECT count(*) FROM conversations_message WHERE thread_id = %s AND text = %s"
        return int(value_of(self.console, rows, self.thread, words))

    def of_row(self, column: str) -> Any:
        statement = f"SELECT {column} FROM conversations_thread WHERE id = %s"  # noqa: S608
        return value_of(self.console, statement, self.thread)


def thread_named(console: Console, name: str) -> int:
    """The key of the conversation with the customer of this name."""
    statement = (
        "SELECT thread.id FROM conversations_thread AS thread"
        " JOIN conversations_contact AS contact ON contact.id = contact_id WHERE contact.name = %s"
    )
    return int(value_of(console, statement, name))


def stays(condition: Callable[[], bool], page: Page, polls: int = 2) -> bool:
    """Whether it holds now and after each of the next looks of the page for news."""
    for _ in range(polls):
        with page.expect_response(lambda response: "/changes/" in response.url):
            pass
        if not condition():
            return False
    return True

"""Who plays in the stories: a customer with a phone, and staff with a browser's worth of HTTP."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from http.cookiejar import Cookie
from typing import Any

import requests

from tests.processes.running import Console
from tests.processes.waiting import wait_for

INBOX = "/admin/conversations/thread/inbox/"


class Customer:
    """A customer's phone, as the simulator has it."""

    def __init__(self, console: Console, wa_id: str, name: str) -> None:
        self.wa_id = wa_id
        self._url = f"{console.simulator_url}/control/customers/"
        self._ask = _session()
        self._post(self._url, {"wa_id": wa_id, "name": name})

    def says(self, text: str) -> None:
        self._post(f"{self._url}{self.wa_id}/messages/", {"type": "text", "text": text})

    def sends(self, kind: str, **more: str) -> None:
        """A file of the phone's own of this kind: image, video, audio, document or sticker."""
        self._post(f"{self._url}{self.wa_id}/messages/", {"type": kind, **more})

    def taps(self, title: str) -> None:
        self._post(f"{self._url}{self.wa_id}/messages/", {"type": "tap", "title": title})

    def looks(self) -> None:
        """Opens the chat: everything in it is read."""
        self._post(f"{self._url}{self.wa_id}/read/", {})

    def sees(self) -> list[dict[str, Any]]:
        """What came from the business and was not refused, oldest first."""
        answer = self._ask.get(f"{self._url}{self.wa_id}/messages/", timeout=10)
        answer.raise_for_status()
        shown: list[dict[str, Any]] = answer.json()
        return [one for one in shown if one["direction"] == "out" and one["status"] != "failed"]

    def waits_for(self, words: str, *, seconds: float = 20) -> dict[str, Any]:
        """The first message from the business that holds these words."""

        def found() -> list[dict[str, Any]]:
            return [one for one in self.sees() if words in str(one)]

        return wait_for(found, seconds=seconds, what=f"a message: {words}")[0]

    def _post(self, url: str, body: Any) -> None:
        self._ask.post(url, json=body, timeout=10).raise_for_status()


class Staff:
    """A person at the admin, signed in."""

    def __init__(self, console: Console, username: str, password: str) -> None:
        self._base = console.url
        self._ask = _session()
        login = f"{self._base}/admin/login/"
        page = self._ask.get(login, timeout=20)
        fields = {"username": username, "password": password, "next": INBOX}
        self._ask.post(
            login, data={**fields, "csrfmiddlewaretoken": _token(page.text)}, timeout=20
        ).raise_for_status()
        assert "sessionid" in self._ask.cookies, "the sign-in failed"

    @property
    def cookies(self) -> Iterator[Cookie]:
        """Of the session, for a browser that goes on with it."""
        return iter(self._ask.cookies)

    def page(self, thread_id: int) -> str:
        answer = self._ask.get(f"{self._base}{INBOX}{thread_id}/", timeout=20)
        answer.raise_for_status()
        return answer.text

    def takes_over(self, thread_id: int) -> requests.Response:
        return self._act(thread_id, "mode", {"to": "staff"})

    def hands_back(self, thread_id: int) -> requests.Response:
        return self._act(thread_id, "mode", {"to": "bot"})

    def writes(self, thread_id: int, text: str) -> requests.Response:
        return self._act(thread_id, "send", {"text": text, "reference": str(uuid.uuid4())})

    def sends_template(self, thread_id: int, fields: dict[str, str]) -> requests.Response:
        return self._act(thread_id, "template", {"reference": str(uuid.uuid4()), **fields})

    def _act(self, thread_id: int, act: str, fields: dict[str, str]) -> requests.Response:
        token = self._ask.cookies["csrftoken"]
        return self._ask.post(
            f"{self._base}{INBOX}{thread_id}/{act}/",
            data={**fields, "csrfmiddlewaretoken": token},
            headers={"HX-Request": "true"},
            timeout=20,
        )


def jump(console: Console, seconds: int) -> None:
    """The simulator's clock goes ahead, and takes the console's along."""
    url = f"{console.simulator_url}/control/jump/"
    _session().post(url, json={"seconds": seconds}, timeout=10).raise_for_status()


def sends_to_meta(console: Console) -> list[dict[str, Any]]:
    """The bodies of all sends that the simulator received, oldest first."""
    answer = _session().get(f"{console.simulator_url}/control/messages/?direction=out", timeout=30)
    answer.raise_for_status()
    sent: list[dict[str, Any]] = answer.json()
    return sent


def thread_of(console: Console, wa_id: str) -> int:
    """The key of this customer's thread."""

    def found() -> list[tuple[Any, ...]]:
        return console.query(
            "SELECT thread.id FROM conversations_thread AS thread"
            " JOIN conversations_contact AS contact ON contact.id = thread.contact_id"
            " WHERE contact.wa_id = %s",
            wa_id,
        )

    rows = wait_for(found, what=f"a thread of {wa_id}")
    return int(rows[0][0])


def value_of(console: Console, statement: str, *parameters: Any) -> Any:
    """The one value that an SQL query gives."""
    return console.query(statement, *parameters)[0][0]


def until(condition: Callable[[], Any], *, what: str, seconds: float = 20) -> Any:
    return wait_for(condition, seconds=seconds, what=what)


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]

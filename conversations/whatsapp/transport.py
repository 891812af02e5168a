"""HTTP to Graph: one request, its answer as JSON, and every fault as one of `errors`."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
import urllib3
from requests import exceptions
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from conversations.whatsapp.errors import (
    NotSent,
    NumberBlocked,
    Refused,
    TryLater,
    Unconfirmed,
    WhatsAppError,
    from_answer,
)

# Some of Meta's media hosts answer an unusual or empty User-Agent with a page of HTML.
USER_AGENT = "waconsole/1.0"
SOME_NOT_BLOCKED = 139100  # Cloud API, error codes: block list, partial success

File = tuple[str, bytes, str]  # name, content, MIME type


class _Session(requests.Session):
    """A session that follows no redirect, whoever uses it: a token must not travel."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def new_session(pool_size: int = 10) -> requests.Session:
    """Return a session with up to `pool_size` open connections to a host.

    It ignores proxies and .netrc of the environment, follows no redirect and repeats nothing.
    """
    session = _Session()
    session.trust_env = False
    session.headers["User-Agent"] = USER_AGENT
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=pool_size, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


@dataclass(frozen=True)
class Graph:
    """Graph at one version, with one token. `root` is "https://graph.facebook.com/v21.0"."""

    root: str
    token: str = field(repr=False)
    timeout: tuple[float, float]
    session: requests.Session = field(repr=False)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        is_repeatable: bool = True,
        about_number: bool = False,
        is_partial: bool = False,
    ) -> dict[str, Any]:
        """Return the answer's JSON object.

        `is_repeatable`: making the request twice does no harm, so a lost answer is TryLater and
        not Unconfirmed. `is_partial`: code 139100 is an answer too, not an error.
        """
        with self.request(
            method, f"{self.root}/{path}", is_repeatable=is_repeatable, params=query, json=body
        ) as answer:
            return self._read(
                answer,
                is_repeatable=is_repeatable,
                about_number=about_number,
                is_partial=is_partial,
            )

    def upload(self, path: str, fields: Mapping[str, str], file: File) -> dict[str, Any]:
        url = f"{self.root}/{path}"
        with self.request("POST", url, data=fields, files={"file": file}) as answer:
            return self._read(answer, about_number=True)

    def pages(self, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list, page after page, by cursor."""
        seen: set[str] = set()
        after: dict[str, str] = {}
        while True:
            page = self.call("GET", path, query={**query, **after})
            yield from objects(page.get("data"))
            cursor = _next_cursor(page)
            if cursor is None or cursor in seen:
                return
            seen.add(cursor)
            after = {"after": cursor}

    def request(
        self,
        method: str,
        url: str,
        *,
        is_repeatable: bool = True,
        has_token: bool = True,
        **options: Any,
    ) -> requests.Response:
        """Return the answer to one request, whatever its status; `options` as requests has them."""
        headers = {"Authorization": f"Bearer {self.token}"} if has_token else {}
        with faults(is_repeatable=is_repeatable):
            return self.session.request(
                method,
                url,
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,
                **options,
            )

    def error_of(
        self, answer: requests.Response, *, is_repeatable: bool = True, about_number: bool = False
    ) -> WhatsAppError:
        """Return what this answer means; a lost one does no harm where one may ask again."""
        with faults(is_repeatable=is_repeatable):
            found = _json(answer)
        error = from_answer(
            answer.status_code,
            found,
            headers=answer.headers,
            secrets=(self.token,),
            about_number=about_number,
        )
        if is_repeatable and isinstance(error, Unconfirmed):
            return TryLater(error.title, status=error.status)
        return error

    def _read(
        self,
        answer: requests.Response,
        *,
        is_repeatable: bool = True,
        about_number: bool = False,
        is_partial: bool = False,
    ) -> dict[str, Any]:
        found = _json(answer)
        if isinstance(found, dict):
            if is_partial and _code(found) == SOME_NOT_BLOCKED:
                return found
            if answer.status_code < 300 and not isinstance(found.get("error"), dict):
                return found
        raise self.error_of(answer, is_repeatable=is_repeatable, about_number=about_number)


# Faults of TLS that can only come before the first byte of the request. Others may come later.
_HANDSHAKE_FAULTS = ("CERTIFICATE_VERIFY_FAILED", "WRONG_VERSION_NUMBER", "HANDSHAKE_FAILURE")
_WRONG_ADDRESS = (exceptions.InvalidURL, exceptions.MissingSchema, exceptions.InvalidSchema)


@contextmanager
def faults(*, is_repeatable: bool) -> Iterator[None]:
    """Turn what requests raises inside the block into one of `errors`.

    The cause is named, never quoted or chained: requests puts the token into some of its texts.
    """
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as fault:
        error = _error_of_fault(fault, is_repeatable=is_repeatable)
        error.details = type(fault).__name__
        raise error from None


def _error_of_fault(fault: Exception, *, is_repeatable: bool) -> WhatsAppError:
    if _is_before_sending(fault):
        return NotSent("There is no connection to WhatsApp")
    if isinstance(fault, exceptions.InvalidHeader | UnicodeError):
        return NumberBlocked("The access token holds characters that no token has")
    if isinstance(fault, _WRONG_ADDRESS):
        return NumberBlocked("The address of WhatsApp is not a web address")
    if isinstance(fault, exceptions.InvalidJSONError):
        return Refused("The message cannot be written as JSON")
    if is_repeatable:
        return TryLater("WhatsApp did not answer")
    return Unconfirmed("WhatsApp did not answer: the message may have been sent")


def _is_before_sending(fault: Exception) -> bool:
    """Tell whether not one byte of the request can have left."""
    if isinstance(fault, exceptions.ConnectTimeout | exceptions.ProxyError):
        return True
    cause = fault.args[0] if fault.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(fault, exceptions.SSLError):
        return any(sign in str(reason) for sign in _HANDSHAKE_FAULTS)
    return isinstance(reason, NewConnectionError)


def objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_at(answer: Mapping[str, Any], key: str) -> str:
    """Return a text that the answer must have, else TryLater."""
    value = answer.get(key)
    if not isinstance(value, str) or not value:
        raise TryLater(f"WhatsApp's answer lacks {key!r}")
    return value


def _json(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return None


def _code(found: Mapping[str, Any]) -> object:
    fault = found.get("error")
    return fault.get("code") if isinstance(fault, dict) else None


def _next_cursor(page: Mapping[str, Any]) -> str | None:
    """Return the cursor of the next page. Meta gives one on the last page too, but no `next`."""
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    return after if isinstance(after, str) and after else None

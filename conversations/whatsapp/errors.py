"""What can go wrong between us and WhatsApp, as the few cases that delivery tells apart.

WhatsAppError
├── Refused        Meta said no, for good: never send the same again
├── TryLater       rate limits and outages: not sent, send again after `retry_after_seconds`
├── NumberBlocked  token, payment, account: pause the number, keep its messages
├── NotSent        the connection was never made: send again
└── Unconfirmed    the message may have been received: no machine may send it again

The client raises them. `explain` turns a code into words for staff, also those of webhooks.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from conversations.whatsapp.codes import (
    Action,
    Explanation,
    Fault,
    explain,
    explain_ours,
    is_known,
)

__all__ = [
    "Action",
    "Explanation",
    "Fault",
    "NotSent",
    "NumberBlocked",
    "Refused",
    "TryLater",
    "Unconfirmed",
    "WhatsAppError",
    "explain",
    "from_answer",
    "is_known",
]

DETAILS_MAX = 1000  # what a log line should hold at most
UNKNOWN_WAIT_SECONDS = 10
WAIT_MAX_SECONDS = 24 * 3600  # an absurd header must not park a message for ever
OBJECT_MISSING = 33  # Graph API: as code, or as subcode of 100
_DIGITS = re.compile(r"[0-9]{1,15}")
# Graph API access tokens begin like this; Meta repeats a malformed one in its answer.
_TOKEN = re.compile(r"EAA[0-9A-Za-z]{8,}|(?<=access_token=)[^&\s\"]+|(?<=Bearer )\S+")


class WhatsAppError(Exception):
    """Something went wrong. `code` is Meta's, `status` the HTTP status; None where there is none.

    `str()` is fit for logs: no token, no customer's text.
    """

    retryable = False  # may a machine make the same request again, later

    def __init__(
        self, title: str, *, code: int | None = None, details: str = "", status: int | None = None
    ) -> None:
        super().__init__(title)
        self.title = title
        self.code = code
        self.details = details
        self.status = status

    def __str__(self) -> str:
        code = "" if self.code is None else f"code {self.code}: "
        status = "" if self.status is None else f" (HTTP {self.status})"
        details = f": {self.details}" if self.details and self.details != self.title else ""
        return f"{code}{self.title}{details}{status}"

    @property
    def explanation(self) -> Explanation:
        """What to tell staff."""
        return explain_ours(self.said) if self.code is None else explain(self.code, self.said)

    @property
    def said(self) -> str:
        """Meta's most telling words, or ours where Meta said nothing; as webhooks have them."""
        return self.details or self.title


class Refused(WhatsAppError):
    """A definite no. The same request would be refused again."""


class TryLater(WhatsAppError):
    """Not sent, and it is worth trying again: a limit was reached or WhatsApp is out of order.

    `retry_after_seconds` is the first wait; whoever repeats lengthens it each time.
    """

    retryable = True
    retry_after_seconds: float = UNKNOWN_WAIT_SECONDS


class NumberBlocked(WhatsAppError):
    """Not sent, and nothing else of this number will be until somebody mends it."""

    retryable = True


class NotSent(WhatsAppError):
    """No connection was made, so nothing has left: the same request may be made again."""

    retryable = True


class Unconfirmed(WhatsAppError):
    """The request left and no readable answer came: the message may be with the customer.

    Only a status webhook that echoes our reference, or a person, can settle it.
    """


def from_answer(
    status: int,
    body: object,
    *,
    headers: Mapping[str, str],
    secrets: tuple[str, ...] = (),
    about_number: bool = False,
) -> WhatsAppError:
    """Return the error that an HTTP answer stands for. `body` is its JSON, None where it has none.

    `secrets` are cut out of Meta's words. `about_number`: the request was addressed to the number
    itself, so "no such object" means the number and not, say, an expired file.
    """
    fault = body.get("error") if isinstance(body, dict) else None
    if not isinstance(fault, dict):
        return _not_from_meta(status)
    code = _code(fault, about_number=about_number)
    known = explain(code)
    title = _said(fault, "message", secrets).removeprefix(f"(#{code}) ") or known.title
    details = _details(fault, secrets)
    error = _kind(known, status, fault)(title, code=code, details=details, status=status)
    if isinstance(error, TryLater):
        wait = known.wait_seconds or UNKNOWN_WAIT_SECONDS
        error.retry_after_seconds = max(wait, _asked_wait(headers))
    return error


def _kind(known: Explanation, status: int, fault: dict[str, Any]) -> type[WhatsAppError]:
    if known.action == "fix_number":
        return NumberBlocked
    passing = status in (429, 500, 503) or fault.get("is_transient") is True
    if known.retry or (passing and not is_known(known.code)):
        return TryLater
    return Refused


def _not_from_meta(status: int) -> WhatsAppError:
    """Return the error for an answer that something between us and WhatsApp gave."""
    title = "The answer did not come from WhatsApp"
    if status < 300 or status >= 500:
        # A gateway that lost its own answer says 502 or 504 after the request went through.
        return Unconfirmed(title, status=status)
    if status == 413:
        return Refused("The request is too large", status=status)
    if status in (408, 425, 429):
        return TryLater(title, status=status)
    # A wrong address, a proxy or a page to log in to: it stands in the way of every message.
    return NumberBlocked(title, status=status)


def _code(fault: dict[str, Any], *, about_number: bool) -> int | None:
    code = fault.get("code")
    if isinstance(code, str) and _DIGITS.fullmatch(code):
        code = int(code)
    if isinstance(code, bool) or not isinstance(code, int):
        return None
    is_missing = fault.get("error_subcode") == OBJECT_MISSING
    # A missing appsecret_proof looks like this too, and stops every message just the same.
    is_missing = is_missing or fault.get("type") == "GraphMethodException"
    return OBJECT_MISSING if code == 100 and about_number and is_missing else code


def _details(fault: dict[str, Any], secrets: tuple[str, ...]) -> str:
    """Return Meta's most telling words; template answers carry some that are meant for staff."""
    data = fault.get("error_data")
    details = _said(data, "details", secrets) if isinstance(data, dict) else ""
    staff = (_said(fault, "error_user_title", secrets), _said(fault, "error_user_msg", secrets))
    return details or ": ".join(filter(None, staff))


def _said(fault: dict[str, Any], key: str, secrets: tuple[str, ...]) -> str:
    value = fault.get(key)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    for secret in filter(None, secrets):
        text = text.replace(secret, "[secret]")
    return _TOKEN.sub("[secret]", text)[:DETAILS_MAX]


def _asked_wait(headers: Mapping[str, str]) -> float:
    """Return the seconds Meta asks us to wait, 0 where it names none."""
    asked = headers.get("Retry-After", "")
    if _DIGITS.fullmatch(asked):
        return min(int(asked), WAIT_MAX_SECONDS)
    try:
        usage = json.loads(headers.get("X-Business-Use-Case-Usage", "{}"))
        limits = [limit for account in usage.values() for limit in account]
        minutes = max((limit["estimated_time_to_regain_access"] for limit in limits), default=0)
        return float(min(60 * minutes, WAIT_MAX_SECONDS))
    except (ValueError, TypeError, KeyError, AttributeError):
        return 0

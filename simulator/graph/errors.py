"""Meta's error answers: the envelope of a refused call, and the shorter one inside webhooks.

GraphError
├── made by known(code)      a code from the table below, with Meta's own words
├── made by parameter(text)  "(#100) ...", a plain complaint about one parameter
└── made by unknown_object() code 100, subcode 33

Source: Cloud API, error codes page; texts as seen from the API itself.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

DOCS = "https://developers.facebook.com/docs/graph-api"
HREF = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class Known:
    """What Meta says for one code."""

    status: int
    title: str
    details: str = ""
    subcode: int | None = None


KNOWN = {
    1: Known(400, "An unknown error occurred"),
    2: Known(503, "Service temporarily unavailable"),
    4: Known(400, "Application request limit reached"),
    80007: Known(
        400,
        "There have been too many calls to this WhatsApp Business account. Wait a bit and "
        "try again.",
    ),
    130403: Known(403, "User is blocked", "This user is on the block list of the phone number."),
    130429: Known(
        400, "Rate limit hit", "Cloud API message throughput has been reached.", subcode=2494055
    ),
    130472: Known(
        400,
        "User's number is part of an experiment",
        "Failed to send message because this user's phone number is part of an experiment",
    ),
    131000: Known(500, "Something went wrong", "Message failed to send due to an unknown error."),
    131008: Known(400, "Required parameter is missing"),
    131009: Known(400, "Parameter value is not valid"),
    131016: Known(500, "Service unavailable", "Message failed to send: a service is unavailable."),
    131021: Known(
        400, "Recipient cannot be sender", "Recipient phone number cannot be the sender's own."
    ),
    131026: Known(400, "Message undeliverable", "Message undeliverable."),
    131030: Known(
        400,
        "Recipient phone number not in allowed list",
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list "
        "and try again.",
        subcode=2655007,
    ),
    131042: Known(
        400,
        "Business eligibility payment issue",
        "Message failed to send because there were one or more errors related to your payment "
        "method.",
    ),
    131047: Known(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last "
        "replied to this number.",
    ),
    131048: Known(
        400,
        "Spam rate limit hit",
        "Message failed to send because there are restrictions on how many messages can be sent "
        "from this phone number.",
    ),
    131049: Known(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Known(
        400,
        "User has stopped marketing messages",
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing "
        "messages on WhatsApp from your business.",
    ),
    131051: Known(400, "Unsupported message type", "Message type is not currently supported"),
    131052: Known(400, "Media download error", "Failed to download the media from the sender."),
    131053: Known(400, "Media upload error"),
    131056: Known(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number "
        "to the same phone number in a short period of time.",
    ),
    131059: Known(400, "Invalid paging cursor"),
    131062: Known(
        400,
        "Business-scoped user ID is not allowed for this message",
        "Authentication templates need a phone number.",
    ),
    132000: Known(400, "Number of parameters does not match the expected number of params"),
    132001: Known(404, "Template name does not exist in the translation"),
    132005: Known(400, "Translated text too long"),
    132012: Known(400, "Parameter format does not match format in the created template"),
    132015: Known(
        400, "Template is paused", "Template is paused due to low quality so it cannot be sent."
    ),
    132016: Known(
        400,
        "Template is disabled",
        "Template has been paused too many times due to low quality and is now permanently "
        "disabled.",
    ),
    132018: Known(400, "There was an issue with the parameters in your template"),
    133005: Known(400, "Two step verification PIN Mismatch"),
    133010: Known(400, "Account not registered"),
    134100: Known(
        400,
        "Only marketing messages are supported",
        "Marketing Messages API only supports marketing templates.",
    ),
    139100: Known(400, "Failed to block/unblock some users"),
}


class GraphError(Exception):
    """A refused call. `code` is what programs branch on; `as_json` is the whole body."""

    def __init__(
        self,
        message: str,
        *,
        code: int,
        status: int = 400,
        details: str = "",
        subcode: int | None = None,
        type_: str = "OAuthException",
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.status = message, code, status
        self.details, self.subcode, self.type, self.more = details, subcode, type_, more or {}
        # What stands next to `error` in the body, as the two lists of the block list do.
        self.beside: dict[str, Any] = {}

    def as_json(self) -> dict[str, Any]:
        """`{"error": {...}}` with a fresh trace id, as Meta answers it."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode:
            error["error_subcode"] = self.subcode
        trace = {"fbtrace_id": "A" + secrets.token_urlsafe(16)}
        return {**self.beside, "error": {**error, **self.more, **trace}}


def known(code: int, details: str = "") -> GraphError:
    """The refusal with this code, in Meta's words; `details` where the case has its own."""
    one = KNOWN[code]
    return GraphError(
        f"(#{code}) {one.title}",
        code=code,
        status=one.status,
        details=details or one.details,
        subcode=one.subcode,
    )


def parameter(complaint: str) -> GraphError:
    """`(#100) ...`: without `error_data`, as Meta leaves it out here."""
    return GraphError(f"(#100) {complaint}", code=100)


def required(name: str) -> GraphError:
    """The parameter is missing."""
    return parameter(f"The parameter {name} is required.")


def invalid(details: str) -> GraphError:
    """131009: the value of a parameter breaks a rule, which the details name."""
    return known(131009, details)


def unknown_object(object_id: str, method: str) -> GraphError:
    """No such id, or not for this token: Meta does not tell the two apart."""
    return GraphError(
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, "
        "cannot be loaded due to missing permissions, or does not support this operation. "
        f"Please read the Graph API documentation at {DOCS}",
        code=100,
        subcode=33,
        type_="GraphMethodException",
    )


def unknown_path(path: str) -> GraphError:
    """An edge that this object does not have."""
    return GraphError(f"Unknown path components: /{path}", code=2500)


def bad_token() -> GraphError:
    """No bearer, or one that is no token of ours."""
    message = "Invalid OAuth access token - Cannot parse access token"
    return GraphError(message, code=190, status=401)


def dead_token(now: datetime) -> GraphError:
    """A token that was good until an hour ago."""
    since = (now - timedelta(hours=1)).strftime("%A, %d-%b-%y %H:%M:%S UTC")
    message = f"Error validating access token: Session has expired on {since}."
    return GraphError(message, code=190, status=401, subcode=463)


def in_webhook(code: int, details: str = "") -> dict[str, Any]:
    """One element of `errors[]` in a status or a message."""
    one = KNOWN.get(code, Known(400, "An unknown error occurred"))
    return {
        "code": code,
        "title": one.title,
        "message": one.title,
        "error_data": {"details": details or one.details or one.title},
        "href": HREF,
    }

"""The way to Meta: every request we make to the Cloud API, and every fault as one of `errors`.

Delivery, media and template rooms come in with a CloudApi; it calls nobody but Graph.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from conversations.whatsapp import download, transport
from conversations.whatsapp.download import Downloaded
from conversations.whatsapp.errors import Unconfirmed
from conversations.whatsapp.transport import new_session

__all__ = ["BlockResult", "CloudApi", "Downloaded", "MediaInfo", "SendResult", "new_session"]

TIMEOUT_SECONDS = (3.05, 15.0)  # to connect, and between two bytes of the answer
SIZE = re.compile("[0-9]{1,15}")
TEMPLATES_A_PAGE = 100
TEMPLATE_FIELDS = (
    "id,name,language,status,category,previous_category,correct_category,components,"
    "quality_score,rejected_reason,parameter_format"
)
NUMBER_FIELDS = (
    "verified_name,display_phone_number,quality_rating,status,name_status,"
    "code_verification_status,throughput,platform_type,account_mode,health_status"
)


@dataclass(frozen=True)
class SendResult:
    """WhatsApp has accepted the message; whether it arrives is told by status webhooks."""

    wamid: str
    wa_id: str | None  # may differ from the number given (BR, MX, AR); None for a BSUID
    message_status: str | None  # templates: accepted, held_for_quality_assessment, paused
    bsuid: str | None = None


@dataclass(frozen=True)
class MediaInfo:
    """Where a file can be fetched during the next five minutes."""

    media_id: str
    url: str
    mime_type: str  # raw: may have parameters, "audio/ogg; codecs=opus"
    sha256: str  # raw: hexadecimal or base64, "" where Meta gives none
    size: int | None  # bytes


@dataclass(frozen=True)
class BlockResult:
    """What became of a block or unblock, customers named as they were given."""

    done: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]  # (customer, why in Meta's words)


class CloudApi:
    """One business number's access to Graph. `base_url` has no version, `version` is "v21.0".

    `timeout` is (to connect, between two bytes) in seconds. A session may be shared by the objects
    of one thread. Raises from every method: errors.WhatsAppError, nothing else.
    """

    def __init__(
        self,
        base_url: str,
        version: str,
        token: str,
        phone_number_id: str,
        *,
        timeout: tuple[float, float] = TIMEOUT_SECONDS,
        session: requests.Session | None = None,
    ) -> None:
        self.phone_number_id = phone_number_id
        self._graph = transport.Graph(
            f"{base_url.rstrip('/')}/{version.strip('/')}", token, timeout, session or new_session()
        )

    def __repr__(self) -> str:
        return f"CloudApi(phone_number_id={self.phone_number_id!r})"

    def send(
        self,
        content_wire: Mapping[str, Any],
        *,
        to: str | None = None,
        recipient: str | None = None,
        reference: str,
        quotes: str | None = None,
    ) -> SendResult:
        """The message is accepted by WhatsApp under the wamid returned.

        `to`: digits with country code; `recipient`: a BSUID, used where there is no `to`.
        `reference` is echoed by every status of this message. `quotes`: the wamid it answers.
        Raises: Refused, TryLater, NumberBlocked, NotSent; Unconfirmed where the message may have
        gone out. Twice: two messages, for Meta knows no idempotency key.
        Source: Cloud API, POST /{phone_number_id}/messages.
        """
        body = message_body(
            content_wire, to=to, recipient=recipient, reference=reference, quotes=quotes
        )
        path = self._path("messages")
        answer = self._graph.call("POST", path, body=body, is_repeatable=False, about_number=True)
        return _read_send_result(answer)

    def mark_read(self, wamid: str, *, typing: bool = False) -> None:
        """This inbound message and all before it in its chat are shown as read.

        `typing` also shows the typing dots, until the next message or for 25 seconds.
        Twice: the same again. Source: Cloud API, read receipts and typing indicators.
        """
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": wamid,
            **({"typing_indicator": {"type": "text"}} if typing else {}),
        }
        self._graph.call("POST", self._path("messages"), body=body)

    def upload_media(self, content: bytes, *, mime_type: str, filename: str) -> str:
        """The file is kept by Meta for 30 days, for this number; return its media id.

        `mime_type` is sent without parameters: Meta refuses "audio/ogg; codecs=opus" in an upload.
        Twice: two files. Source: Cloud API, POST /{phone_number_id}/media.
        """
        bare = mime_type.partition(";")[0].strip().lower()
        fields = {"messaging_product": "whatsapp", "type": bare}
        answer = self._graph.upload(self._path("media"), fields, (filename, content, bare))
        return transport.text_at(answer, "id")

    def media_info(self, media_id: str) -> MediaInfo:
        """Return where the file is; the address lives five minutes, and needs the token."""
        query = {"phone_number_id": self.phone_number_id}
        answer = self._graph.call("GET", quote(media_id, safe=""), query=query)
        size = answer.get("file_size")
        digits = str(size) if isinstance(size, int | str) else ""
        return MediaInfo(
            media_id=media_id,
            url=transport.text_at(answer, "url"),
            mime_type=str(answer.get("mime_type") or ""),
            sha256=str(answer.get("sha256") or ""),
            size=int(digits) if SIZE.fullmatch(digits) else None,
        )

    def download_media(self, url: str, max_bytes: int) -> Downloaded:
        """Return the file at an address that `media_info` gave.

        Raises: Refused for more than `max_bytes` (status 413), for what is no web address (None),
        and for an address that has expired (404 or 410: ask `media_info` again). The token never
        follows a redirect to another host.
        """
        return download.fetch(self._graph, url, max_bytes)

    def delete_media(self, media_id: str) -> None:
        """Meta no longer keeps the file. Twice: Refused, for it is gone."""
        query = {"phone_number_id": self.phone_number_id}
        self._graph.call("DELETE", quote(media_id, safe=""), query=query)

    def templates(self, waba_id: str, *, fields: str = TEMPLATE_FIELDS) -> Iterator[dict[str, Any]]:
        """Yield every template of the account as Meta's API describes it, page after page."""
        query = {"fields": fields, "limit": str(TEMPLATES_A_PAGE)}
        return self._graph.pages(f"{quote(waba_id, safe='')}/message_templates", query)

    def phone_number(self, fields: str = NUMBER_FIELDS) -> dict[str, Any]:
        """Return the number's own fields (name, quality, status, health), raw."""
        return self._graph.call("GET", self._path(), query={"fields": fields}, about_number=True)

    def subscribe_app(self, waba_id: str) -> None:
        """Webhooks of this account come to our app. Twice: the same again."""
        self._graph.call("POST", f"{quote(waba_id, safe='')}/subscribed_apps")

    def subscribed_apps(self, waba_id: str) -> list[dict[str, Any]]:
        """Return the apps that get this account's webhooks, raw."""
        return list(self._graph.pages(f"{quote(waba_id, safe='')}/subscribed_apps", {}))

    def block(self, users: Iterable[str]) -> BlockResult:
        """These customers (wa_ids or BSUIDs) can no longer write. Only who wrote within 24 h."""
        return self._block_list("POST", users, "added_users")

    def unblock(self, users: Iterable[str]) -> BlockResult:
        """These customers (wa_ids or BSUIDs) can write again."""
        return self._block_list("DELETE", users, "removed_users")

    def _block_list(self, method: str, users: Iterable[str], key: str) -> BlockResult:
        listed = [_listed(user) for user in users]
        body = {"messaging_product": "whatsapp", "block_users": listed}
        answer = self._graph.call(method, self._path("block_users"), body=body, is_partial=True)
        return _read_block_result(answer, key)

    def _path(self, *parts: str) -> str:
        return "/".join([quote(self.phone_number_id, safe=""), *parts])


def message_body(
    content_wire: Mapping[str, Any],
    *,
    to: str | None = None,
    recipient: str | None = None,
    reference: str,
    quotes: str | None = None,
) -> dict[str, Any]:
    """The body of the POST by which `CloudApi.send` sends this."""
    return {
        **content_wire,
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_addressed(to, recipient),
        "biz_opaque_callback_data": reference,
        **_quoting(quotes, content_wire),
    }


def _addressed(to: str | None, recipient: str | None) -> dict[str, str]:
    """Return who it goes to. Meta lets `to` win where both are given."""
    if to:
        return {"to": _dialled(to)}
    if not recipient:
        raise ValueError("A message needs a phone number or a BSUID to go to.")
    return {"recipient": recipient}


def _quoting(quotes: str | None, content_wire: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message it answers. A reaction names its message itself; Meta allows no other."""
    if not quotes or content_wire.get("type") == "reaction":
        return {}
    return {"context": {"message_id": quotes}}


def _dialled(number: str) -> str:
    digits = "".join(mark for mark in number if mark.isascii() and mark.isdigit())
    if not digits or _is_bsuid(number):
        raise ValueError("This is not a phone number.")
    # Without "+" Meta may put the business's own country code in front and reach a stranger.
    return f"+{digits}"


def _listed(user: str) -> dict[str, str]:
    return {"user_id": user} if _is_bsuid(user) else {"user": _dialled(user)}


def _is_bsuid(user: str) -> bool:
    """Tell "US.1349..." from a number: a BSUID begins with its country's letters."""
    return any(mark.isalpha() for mark in user)


def _read_send_result(answer: dict[str, Any]) -> SendResult:
    message, contact = _first(answer, "messages"), _first(answer, "contacts")
    wamid = message.get("id")
    if not isinstance(wamid, str) or not wamid:
        raise Unconfirmed("WhatsApp accepted the message without giving its id", status=200)
    return SendResult(
        wamid=wamid,
        wa_id=_text_or_none(contact.get("wa_id")),
        message_status=_text_or_none(message.get("message_status")),
        bsuid=_text_or_none(contact.get("user_id")),
    )


def _first(answer: dict[str, Any], key: str) -> dict[str, Any]:
    found = answer.get(key)
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _read_block_result(answer: dict[str, Any], key: str) -> BlockResult:
    users = answer.get("block_users")
    users = users if isinstance(users, dict) else {}
    done = (str(user.get("input", "")) for user in transport.objects(users.get(key)))
    failed = transport.objects(users.get("failed_users"))
    return BlockResult(
        tuple(done), tuple((str(user.get("input", "")), _why(user)) for user in failed)
    )


def _why(user: dict[str, Any]) -> str:
    return "; ".join(str(one.get("message", "")) for one in transport.objects(user.get("errors")))

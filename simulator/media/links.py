"""Media by link: Meta fetches it when the message is sent, and fails the message where it cannot.

By default only addresses of this machine are fetched, for a simulator should not go out by itself;
a message with any other link is sent unseen.
Source: Cloud API, messages reference, media objects; error 131053.
"""

import ipaddress
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import requests
from django.utils import timezone

from simulator.media import carried, files, kinds
from simulator.models import Message
from simulator.switches import Switches
from simulator.wakeup import wake

TIMEOUT_SECONDS = 10
FETCH_AT_ONCE = 8

_pool = ThreadPoolExecutor(4, "links")
_under_way: dict[int, "Future[Fetched]"] = {}


@dataclass(frozen=True)
class Fetched:
    """What a link gave: the bytes and their type, or why there are none."""

    content: bytes = b""
    mime_type: str = ""
    problem: str = ""


def is_fetched(link: str, switches: Switches) -> bool:
    """Do the switches let this link be fetched at all?"""
    if switches.fetch_links == "always":
        return True
    return switches.fetch_links == "loopback" and _is_here(urlsplit(link).hostname or "")


def fetch_due() -> int:
    """Begin waiting fetches and settle those that ended; how many were settled. Never blocks."""
    waiting = Message.objects.select_related("number").filter(link_at_stake=True).order_by("id")
    settled = 0
    for message in waiting[:FETCH_AT_ONCE]:
        future = _under_way.get(message.pk)
        if future is None:
            _begin(message)
        elif future.done():
            _settle(message, _under_way.pop(message.pk).result())
            settled += 1
    return settled


def fetch(link: str, kind: str) -> Fetched:
    """GET the file and look at it as Meta would; never raises for what the other side does."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.get(link, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as problem:
            return Fetched(
                problem=f"Downloading media from weblink failed: {type(problem).__name__}"
            )
    if answer.status_code != 200:
        return Fetched(
            problem=f"Downloading media from weblink failed with http code {answer.status_code}"
        )
    return _judged(answer.content, answer.headers.get("Content-Type", ""), kind)


def _judged(content: bytes, mime_type: str, kind: str) -> Fetched:
    if not kinds.fits(kind, mime_type):
        allowed = ", ".join(kinds.BY_LINK[kind])
        return Fetched(
            problem=f"Unsupported {kind.title()} mime type {mime_type}. "
            f"Please use one of {allowed}."
        )
    if len(content) > kinds.LARGEST[kind]:
        return Fetched(
            problem=f"Media file size too big. Max file size we currently support: "
            f"{kinds.largest_in_words(kind)}."
        )
    return Fetched(content, mime_type)


def _begin(message: Message) -> None:
    file = carried.file_of(message.type, message.content, message.shown)
    if file is None:
        return
    future = _pool.submit(fetch, file.link, file.kind)
    _under_way[message.pk] = future
    future.add_done_callback(lambda _: wake())


def _settle(message: Message, fetched: Fetched) -> None:
    if fetched.problem:
        Message.objects.filter(pk=message.pk).update(
            link_at_stake=False,
            fails_with=131053,
            fails_because=fetched.problem,
            next_status=Message.Status.FAILED,
        )
        return
    file = carried.file_of(message.type, message.content, message.shown)
    name = unquote(urlsplit(file.link if file else "").path.rpartition("/")[2])
    media = files.keep(message.number, fetched.content, mime_type=fetched.mime_type, file_name=name)
    Message.objects.filter(pk=message.pk).update(
        link_at_stake=False, media=media, next_status_at=timezone.now()
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

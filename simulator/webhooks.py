"""Sending POSTs to the console: signed, repeated at growing gaps, given up after a week.

Source: Cloud API, webhooks: 200 is success, anything else is tried again for up to 7 days.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import local

import requests
from django.db.models import F
from django.utils import timezone

from simulator import clock, configuration, wire, world
from simulator.models import Message, Webhook

logger = logging.getLogger(__name__)

# Real seconds before the second, third, ... attempt; Meta's are longer, its first is at once too.
GAPS_SECONDS = (0.1, 0.5, 1, 2, 4, 8, 15, 30, 60, 300, 900, 3600)
GIVE_UP_AFTER = timedelta(days=7)

_threads = local()
_expected: dict[str, Flag] = {}


@dataclass(frozen=True)
class Post:
    """One attempt, with all that a thread without a database needs."""

    webhook_id: int
    lane: int
    url: str
    body: bytes
    headers: dict[str, str]
    timeout_seconds: float


@dataclass(frozen=True)
class Result:
    """How an attempt ended: the HTTP status, or None and why there was none."""

    post: Post
    status: int | None
    error: str = ""


def due(now: datetime, *, besides: set[int], limit: int = 200) -> list[Post]:
    """The attempts to make now, oldest first, besides those already on their way."""
    rows = Webhook.objects.select_related("number").filter(next_at__lte=now).exclude(id__in=besides)
    return [_post_of(row) for row in rows.order_by("id")[:limit]]


def attempt(post: Post) -> Result:
    """POST once; never raises for what the network or the console does."""
    try:
        answer = _session().post(
            post.url,
            data=post.body,
            headers=post.headers,
            timeout=post.timeout_seconds,
            allow_redirects=False,
        )
    except requests.RequestException as problem:
        return Result(post, None, type(problem).__name__)
    return Result(post, answer.status_code, "" if answer.status_code == 200 else "not 200")


def record(results: list[Result]) -> None:
    """The rows know how their attempts ended; customers see a second tick where it was a 200."""
    now = timezone.now()
    taken = [result for result in results if result.status == 200]
    if taken:
        _record_taken(taken, now)
    for result in results:
        if result.status != 200:
            _record_failed(result, now)


def expect(wamid: str) -> Flag:
    """A flag, raised once a webhook with this wamid was taken; see `status_before_answer`."""
    return _expected.setdefault(wamid.replace("/", "\\/"), Flag())


def _record_taken(taken: list[Result], now: datetime) -> None:
    rows = Webhook.objects.filter(id__in=[result.post.webhook_id for result in taken])
    inside = [one for ids in rows.values_list("message_ids", flat=True) for one in ids]
    rows.update(
        attempts=F("attempts") + 1, next_at=None, answered_at=now, answer_status=200, error=""
    )
    if inside:
        Message.objects.filter(id__in=inside, status=Message.Status.SENT).update(
            status=Message.Status.DELIVERED, changed_at=now
        )
    for wamid in [one for one in _expected if any(one.encode() in hit.post.body for hit in taken)]:
        _expected.pop(wamid).set()


def _record_failed(result: Result, now: datetime) -> None:
    row = Webhook.objects.filter(id=result.post.webhook_id).first()
    if row is None:
        return
    gap = GAPS_SECONDS[min(row.attempts, len(GAPS_SECONDS) - 1)]
    row.attempts += 1
    gives_up = clock.now() - row.made_at > GIVE_UP_AFTER
    row.next_at = None if gives_up else now + timedelta(seconds=gap)
    row.answer_status, row.error, row.answered_at = result.status, result.error, now
    row.save(update_fields=["attempts", "next_at", "answer_status", "error", "answered_at"])
    logger.info(
        "webhook=%s attempt=%s status=%s %s", row.pk, row.attempts, result.status, result.error
    )


def _post_of(row: Webhook) -> Post:
    switches = world.switches()
    body = row.body.encode("ascii")
    headers = {"Content-Type": "application/json", "User-Agent": "facebookexternalua"}
    if not switches.no_signature:
        secret = configuration.current().app_secret + ("?" if switches.bad_signature else "")
        headers["X-Hub-Signature-256"] = wire.signature(body, secret)
    return Post(
        row.pk, row.lane, _address(row), body, headers, max(switches.webhook_timeout_seconds, 0.1)
    )


def _address(row: Webhook) -> str:
    """The number's own address goes before the account's, and that before the app's."""
    account = world.current().subscribed.get(row.number.waba_id)
    override = row.number.webhook_url or (account.webhook_url if account else "")
    return override or configuration.current().webhook_url


def _session() -> requests.Session:
    """One session a thread: connections are kept, and never by way of a proxy."""
    if not hasattr(_threads, "session"):
        _threads.session = requests.Session()
        _threads.session.trust_env = False
    session: requests.Session = _threads.session
    return session

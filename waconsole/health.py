"""Is the console well enough to take work? Load balancers come in at `/healthz`, `doctor` too.

Judged by the age of the oldest due work in the tables, not by what a queue says of itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, ProgrammingError, connection, transaction
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conversations.models import Heartbeat, Message, Thread, WebhookEvent

HEARTBEAT_OLDEST = timedelta(seconds=15)
EVENT_OLDEST = timedelta(seconds=15)
UNSENT_OLDEST = timedelta(minutes=2)  # a customer's own rate limit may hold a burst back as long
REPLY_OLDEST = timedelta(seconds=45)  # a lease of 30 s may have to run out first


def in_front(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first: probes come by address and over plain HTTP, whatever hosts we have."""

    def answer(request: HttpRequest) -> HttpResponse:
        return healthz(request) if request.path == "/healthz" else get_response(request)

    return answer


@dataclass(frozen=True)
class Trouble:
    """One thing that is not well: which part, and what about it."""

    part: str
    reason: str


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the console can take work, 503 with the reasons when it cannot.

    Shapes: `{"status": "ok"}`; `{"status": "unwell", "reasons": [{"part": .., "reason": ..}]}`.
    """
    found = troubles()
    if not found:
        return JsonResponse({"status": "ok"})
    reasons = [{"part": trouble.part, "reason": trouble.reason} for trouble in found]
    answer = JsonResponse({"status": "unwell", "reasons": reasons}, status=503)
    answer._has_been_logged = True  # type: ignore[attr-defined] # or Django logs every probe
    return answer


def troubles() -> list[Trouble]:
    """What is not well, by the database's clock; empty when all is."""
    try:
        with transaction.atomic():
            now = _database_time()
            return [*_dispatch_troubles(now), *_delivery_troubles(now), *_cluster_troubles(now)]
    except ProgrammingError:
        return [Trouble("database", "Its tables are missing or old: run `manage.py migrate`.")]
    except (DatabaseError, InterfaceError):
        return [Trouble("database", "It does not answer.")]


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '3s'")
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now


def _dispatch_troubles(now: datetime) -> list[Trouble]:
    found = []
    beat = Heartbeat.objects.filter(name="dispatch").values_list("at", flat=True).first()
    if beat is None:
        found.append(Trouble("dispatch", "It has never run."))
    elif now - beat > HEARTBEAT_OLDEST:
        found.append(Trouble("dispatch", f"It was last at work {_age(now, beat)} ago."))
    # An open event without a next attempt waits for a person, not for dispatch.
    due = WebhookEvent.objects.filter(processed_at=None).aggregate(at=Min("next_attempt_at"))["at"]
    if due is not None and now - due > EVENT_OLDEST:
        found.append(Trouble("dispatch", f"A webhook event has been due for {_age(now, due)}."))
    return found


def _delivery_troubles(now: datetime) -> list[Trouble]:
    """Replies that should have left; campaigns wait their turn, a paused number has its notice."""
    waiting = Message.objects.filter(status=Message.Status.QUEUED, priority=0)
    waiting = waiting.exclude(thread__phone_number__paused_until__gt=Now())
    due = waiting.aggregate(at=Min("next_at"))["at"]
    if due is None or now - due <= UNSENT_OLDEST:
        return []
    return [Trouble("dispatch", f"A message should have been sent {_age(now, due)} ago.")]


def _cluster_troubles(now: datetime) -> list[Trouble]:
    unleased = Thread.objects.filter(Q(lease_until=None) | Q(lease_until__lte=Now()))
    due = unleased.aggregate(at=Min("reply_due_at"))["at"]
    if due is None or now - due <= REPLY_OLDEST:
        return []
    return [Trouble("cluster", f"A reply has been due for {_age(now, due)}.")]


def _age(now: datetime, then: datetime) -> str:
    return f"{(now - then).total_seconds():.0f} s"

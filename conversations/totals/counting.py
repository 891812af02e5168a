"""The figures of one day, each in one statement, and the row they stand in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from conversations import clock, unanswered, window
from conversations.models import DailyTotal, Message, ThreadEvent
from conversations.totals import reasons, statements
from conversations.whatsapp.events.kinds import NOT_OPENING

Status = Message.Status
Direction = Message.Direction

PROMISED_WITHIN = timedelta(seconds=5)
READ = [Status.READ, Status.PLAYED]


def count(day: date) -> DailyTotal:
    """The row of a business day, counted anew. Twice, and two at once: the same row.

    messages_in, messages_out: what was said; reactions are not, nor what failed on its way out.
    answered_by_assistant: customers' messages whose first answer is the assistant's. The promise
    that a colleague will answer is none, and here as below neither is what was sent again.
    handed_over: {group of reasons: how often}.
    first_response_seconds: the median, over people's first answers of the day, of the time from
    the customer's message to the answer. A message counts from when people had the thread: one
    that the assistant had first counts from its hand-over, or from when somebody took it. Who goes
    on talking answers once. None where nobody answered.
    windows_lost: windows that shut this day, until now, with no answer since the customer's last
    message; not where somebody closed the thread meanwhile, and not of blocked contacts.
    templates_*: of the templates sent this day; read ones were delivered too.
    """
    start, end = _span(day)
    values: dict[str, Any] = {
        "start": start,
        "end": end,
        "now": clock.now(),
        "window": window.LENGTH,
        "silent": list(unanswered.KINDS_WITHOUT_ANSWER),
        "promised_within": PROMISED_WITHIN,
    }
    first_response = _figure(statements.FIRST_RESPONSE, values)
    row = DailyTotal(
        day=day,
        **_messages(start, end),
        answered_by_assistant=_figure(statements.ANSWERED_BY_ASSISTANT, values),
        handed_over=_handed_over(start, end),
        first_response_seconds=None if first_response is None else round(first_response),
        windows_lost=_figure(statements.WINDOWS_LOST, values),
    )
    fields = [field.name for field in DailyTotal._meta.fields if not field.primary_key]
    DailyTotal.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["day"], update_fields=fields
    )
    return row


def count_lately() -> None:
    """Today so far and yesterday: ticks of yesterday's evening come in the night.

    So are the days of the last week that nobody counted, because nothing ran or for the first time.
    """
    today = clock.today()
    week = {today - timedelta(days=ago) for ago in range(7)}
    known = DailyTotal.objects.filter(day__in=week).values_list("day", flat=True)
    for day in sorted(week - set(known) | {today - timedelta(days=1), today}):
        count(day)


def _span(day: date) -> tuple[datetime, datetime]:
    """Midnight to midnight where the business is: 23 or 25 hours where the clocks are changed."""
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    start = datetime.combine(day, time(), zone)
    return start, datetime.combine(day + timedelta(days=1), time(), zone)


def _messages(start: datetime, end: datetime) -> dict[str, int]:
    said = Message.objects.filter(
        sent_at__gte=start, sent_at__lt=end, thread__last_message_at__gte=start
    ).exclude(kind__in=NOT_OPENING)
    ours = Q(direction=Direction.OUT)
    template = ours & Q(kind="template")
    return said.aggregate(
        messages_in=Count("pk", filter=Q(direction=Direction.IN)),
        messages_out=Count("pk", filter=ours & ~Q(status=Status.FAILED)),
        templates_delivered=Count("pk", filter=template & Q(status__in=[Status.DELIVERED, *READ])),
        templates_read=Count("pk", filter=template & Q(status__in=READ)),
        templates_failed=Count("pk", filter=template & Q(status=Status.FAILED)),
    )


def _handed_over(start: datetime, end: datetime) -> dict[str, int]:
    # A message of the day before may fail after midnight, and is handed over then.
    events = ThreadEvent.objects.filter(
        kind=ThreadEvent.Kind.HANDED_OVER,
        at__gte=start,
        at__lt=end,
        thread__last_message_at__gte=start - timedelta(days=1),
    )
    counted = events.order_by().values_list("reason").annotate(times=Count("pk"))
    return reasons.grouped(counted)


def _figure(statement: str, values: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]

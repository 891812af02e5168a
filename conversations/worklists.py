"""What each list of work means: mine, needs a person, closing soon, failed, put aside, ...

The inbox shows these lists and the dashboard counts them, so that both say the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from conversations import window
from conversations.models import Message, Thread

Mode = Thread.Mode

CLOSING_SOON = timedelta(hours=2)
WRONG = (Message.Status.FAILED, Message.Status.UNCONFIRMED)


def lists(user: User, now: datetime) -> dict[str, Q]:
    """The condition of each list, by its name, as `user` sees it.

    What is put aside is out of all of them, but for what cannot wait: a window that closes, and a
    message that did not get through.
    """
    is_open = Q(is_closed=False)
    here = is_open & ~Q(snoozed_until__gt=now)
    nobodys = Q(assigned_to=None)
    return {
        "open": here,
        "mine": here & Q(assigned_to=user),
        "group": here & Q(mode=Mode.WAITING, assigned_group__in=user.groups.order_by()),
        "person": here & Q(mode=Mode.WAITING),
        "unassigned": here & nobodys & Q(mode__in=[Mode.WAITING, Mode.STAFF]),
        "closing": is_open & closing(now) & unanswered(),
        "shut": here & Q(window_closes_at__lte=now),
        "failed": is_open & Q(pk__in=gone_wrong().values("thread")),
        "assistant": here & Q(mode=Mode.BOT),
        "snoozed": is_open & Q(snoozed_until__gt=now),
        "closed": Q(is_closed=True),
    }


def closing(now: datetime) -> Q:
    """The window shuts within two hours."""
    soon = Q(window_closes_at__gt=now, window_closes_at__lte=now + CLOSING_SOON)
    # Whoever has an open window has written since; the list's own index finds those.
    return soon & Q(last_message_at__gte=now - window.LENGTH)


def unanswered() -> Q:
    """The customer had the last word, or was promised a person whom nobody has been yet."""
    return Q(last_inbound_at__gte=F("last_message_at")) | Q(mode=Mode.WAITING)


def gone_wrong() -> QuerySet[Message]:
    """Messages that failed or are in doubt, where nothing of ours came after; one a thread."""
    newer = Message.objects.filter(
        thread=OuterRef("thread"), pk__gt=OuterRef("pk"), direction=Message.Direction.OUT
    )
    # Only ours can: without asking for that the index alone answers.
    wrong = Message.objects.filter(status__in=WRONG)
    return wrong.filter(~Exists(newer)).order_by()

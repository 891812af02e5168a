"""What each list of work means: mine, needs a person, closing soon, failed, put aside, ...

The inbox shows these lists and the dashboard counts them, so that both say the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from conversations import window
from conversations.models import Message, Thread

Mode = Thread.Mode

CLOSING_SOON = timedelta(hours=2)
WRONG = (Message.Status.FAILED, Message.Status.UNCONFIRMED)

# Messages that failed or are in doubt, where nothing of ours came after; one a conversation. Only
# ours can: without asking for that the index alone answers.
GONE_WRONG = """
    FROM conversations_message AS wrong
    WHERE wrong.status IN ('failed', 'unconfirmed') AND NOT EXISTS (
        SELECT FROM conversations_message AS newer
        WHERE newer.thread_id = wrong.thread_id AND newer.id > wrong.id AND newer.direction = 'out'
    )
"""
HAVE_GONE_WRONG = RawSQL(f"SELECT wrong.thread_id {GONE_WRONG}", ())  # noqa: S611 -- constants


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
        "failed": is_open & Q(pk__in=HAVE_GONE_WRONG),
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

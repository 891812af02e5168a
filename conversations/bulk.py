"""One act on many threads at once: each its own conditional update, so that none waits for all.

Staff come in with what they ticked in the list. Labels are set-wise already: see `labels`.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, User

from conversations import colleagues, takeover
from conversations.models import Thread

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How many threads are as wanted by this act, were so before, or are a colleague's still: of
    those, by the colleague's name."""

    done: int = 0
    already: int = 0
    kept: Mapping[str, int] = field(default_factory=dict)


def assign(threads: Iterable[Thread], *, to: User, by: User, from_person: bool = False) -> Outcome:
    """Each thread is `to`'s; a colleague's only where `from_person`.

    Raises: CannotAnswer, before anything is done.
    """

    def act(thread: Thread) -> bool:
        return takeover.assign(thread, to=to, by=by, from_person=from_person)

    return _each(threads, act, by=by)


def assign_to_group(
    threads: Iterable[Thread], *, group: Group, by: User, from_person: bool = False
) -> Outcome:
    """Each thread waits for the group; a colleague's only where `from_person`.

    Raises: CannotAnswer, before anything is done.
    """

    def act(thread: Thread) -> bool:
        return takeover.assign_to_group(thread, group=group, by=by, from_person=from_person)

    return _each(threads, act, by=by)


def close(threads: Iterable[Thread], *, by: User, from_person: bool = False) -> Outcome:
    """Each thread is done; a colleague's only where `from_person`."""

    def act(thread: Thread) -> bool:
        return takeover.close(thread, by=by, from_person=from_person)

    return _each(threads, act, by=by)


def _each(threads: Iterable[Thread], act: Callable[[Thread], bool], *, by: User) -> Outcome:
    done = already = 0
    kept: Counter[str] = Counter()
    for thread in threads:
        try:
            changed = act(thread)
        except takeover.AlreadyTaken as taken:
            kept[colleagues.name_of(taken.by)] += 1
            continue
        except Thread.DoesNotExist:  # joined to another one meanwhile
            continue
        done, already = done + changed, already + (not changed)
    logger.info("bulk by=%s done=%s already=%s kept=%s", by.pk, done, already, kept.total())
    return Outcome(done, already, dict(kept))

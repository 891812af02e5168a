"""What staff tell each other beside a thread, and who was named in it. Never sent to anybody.

Staff come in. `@kim` and `@"Kim Jacobs"` name a colleague who may see the thread; a name that is
nobody's stays text.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from conversations import changes, clock, colleagues
from conversations.models import Mention, Note, Thread

LENGTH_MAX = 4096  # as long as a message may be
# Not in the middle of a word: the @ of an e-mail address names nobody.
NAMED = re.compile(r'(?<![\w@.+-])@(?:"([^"\n]{1,200})"|([\w.@+-]{1,150}))')


class NoteRefused(ValueError):
    """`str()` says what is wrong with the note."""


def add(thread: Thread, text: str, *, by: User, reference: uuid.UUID | None = None) -> Note:
    """The note stands in the thread, and whoever is named in it is told, but for the writer.

    Raises: NoteRefused for nothing, and for over 4,096 characters. Twice, also at once: two notes,
    or with the same `reference` the first one.
    """
    words = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not words:
        raise NoteRefused("Write something first.")
    if len(words) > LENGTH_MAX:
        raise NoteRefused(f"A note has {LENGTH_MAX:,} characters at most.")
    with transaction.atomic():
        note, is_new = _kept(thread, words, by, reference)
        if not is_new:
            return note
        named = _named_in(words) - {by}
        Mention.objects.bulk_create(Mention(note=note, user=user) for user in named)
        changes.record(thread.pk)
    return note


def _kept(thread: Thread, text: str, by: User, reference: uuid.UUID | None) -> tuple[Note, bool]:
    fields = {"thread": thread, "by": by, "text": text, "at": clock.now()}
    if reference is None:
        return Note.objects.create(**fields), True
    return Note.objects.get_or_create(reference=reference, defaults=fields)


def unseen_mentions(user: User) -> QuerySet[Mention]:
    """Where this person was named and has not looked yet, newest first; one query."""
    rows = Mention.objects.filter(user=user, seen_at=None)
    return rows.select_related("note__by", "note__thread__contact").order_by("-pk")


def naming(user: User) -> QuerySet[Mention, Any]:
    """The keys of the threads where this person was named and has not looked yet."""
    rows = Mention.objects.filter(user=user, seen_at=None)
    return rows.order_by().values("note__thread")


def seen(thread: Thread, *, by: User) -> int:
    """This person has read the notes of the thread; return how many mentions were new."""
    rows = Mention.objects.filter(note__thread=thread, user=by, seen_at=None)
    return rows.update(seen_at=clock.now())


def _named_in(text: str) -> set[User]:
    """Two who have the same name are both told: better one too many than the wrong one."""
    if not NAMED.search(text):
        return set()
    people = list(colleagues.who_may(colleagues.VIEW))
    return {user for found in NAMED.finditer(text) for user in _called(found, people)}


def _called(found: re.Match[str], people: list[User]) -> Iterator[User]:
    full_name, username = found.groups()
    if full_name:
        wanted = _folded(full_name)
        yield from (user for user in people if _folded(user.get_full_name()) == wanted)
        return
    # "Ask @kim." names kim; a login may end in a dot, so the longer one is tried first.
    for name in dict.fromkeys((username, username.rstrip(".@+-"))):
        exact = [user for user in people if user.get_username() == name]
        alike = [user for user in people if _folded(user.get_username()) == _folded(name)]
        if exact or alike:
            yield from exact or alike
            return


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()

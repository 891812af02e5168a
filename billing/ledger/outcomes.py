"""What became of an entry, and what is wrong with it where it was refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The four ways an entry can end."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, a stable code for programs, and words for people."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True)
class Outcome:
    """What became of one entry; `pk` is the row's, or None where there is none."""

    kind: Kind
    pk: int | None = None
    problems: tuple[Problem, ...] = ()


def refused(*problems: Problem) -> Outcome:
    """Nothing was written, for these reasons."""
    return Outcome(Kind.REFUSED, problems=problems)

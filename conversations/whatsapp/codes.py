"""Meta's error codes in plain words, read from `codes.csv`: one table for machines and people.

Everybody reads it through `errors.explain`. Source: Cloud API, error codes, v21 to v26.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, Self, cast

Fault = Literal["us", "customer", "meta", "template", "account"]
Action = Literal["template", "retry", "fix_number", "fix_template", "wait", "none"]

TABLE = Path(__file__).with_name("codes.csv")
BY_ITSELF = "It is tried again by itself."
MINUTE, HOUR = 60, 3600  # seconds


@dataclass(frozen=True)
class Explanation:
    """What an error code means for the person who looks at a failed message."""

    code: int | None
    title: str  # a few words, for a heading
    cause: str  # one sentence, with what Meta said where we know no better
    fault: Fault  # whose fault it is
    action: Action  # the button to offer
    retry: bool  # may a machine send the same again after a wait
    what_to_do: str  # one sentence for staff
    wait_seconds: int = 0  # before the first repetition, where `retry` is set
    attempts: int = 0  # after so many a machine gives up; 0: it lasts as long as it lasts
    advice: str = ""  # what a person should do besides, where `retry` is set

    def once_failed(self) -> Self:
        """The same of a message that has failed for good: no machine tries that one again."""
        if not self.retry:
            return self
        again = f"Send it again {_after(self.wait_seconds)}."
        return replace(self, what_to_do=f"{again} {self.advice}".strip())


UNKNOWN = Explanation(
    code=None,
    title="Not accepted",
    cause="WhatsApp did not accept the message.",
    fault="meta",
    action="none",
    retry=False,
    what_to_do="Read what WhatsApp says about it. If it happens again, ask an administrator.",
    attempts=5,  # where it may pass by itself
)


def explain(code: int | None, text: str = "") -> Explanation:
    """Return the meaning of a code. `text` is what Meta said: it speaks for unknown codes."""
    if code is not None and code in _table():
        return _table()[code]
    said = " ".join(text.split())
    number = "" if code is None else f" (code {code})"
    cause = f"WhatsApp says{number}: {said}" if said else f"{UNKNOWN.cause[:-1]}{number}."
    return replace(UNKNOWN, code=code, cause=cause)


def explain_ours(text: str) -> Explanation:
    """Return the meaning of what we found ourselves, or something between us and Meta said."""
    advice = "If it happens again, ask an administrator."
    cause = f"{' '.join(text.split()).rstrip('.')}."
    return replace(UNKNOWN, cause=cause, fault="us", what_to_do=advice, attempts=12)


def _after(seconds: int) -> str:
    if seconds < MINUTE:
        return "in a moment"
    return "in a few minutes" if seconds < HOUR else "in an hour or later"


def is_known(code: int | None) -> bool:
    return code in _table()


@cache
def _table() -> dict[int, Explanation]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        rows = list(csv.DictReader(lines, delimiter="|", quoting=csv.QUOTE_NONE))
    # Single codes last: they stand out of the ranges that hold them.
    rows.sort(key=lambda row: "-" not in row["codes"])
    return {code: _explanation(code, row) for row in rows for code in _codes(row["codes"])}


def _codes(text: str) -> Iterator[int]:
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _explanation(code: int, row: dict[str, str]) -> Explanation:
    wait_seconds, said = int(row["wait_seconds"]), row["what_to_do"]
    return Explanation(
        code=code,
        title=row["title"],
        cause=row["cause"],
        fault=cast(Fault, row["fault"]),
        action=cast(Action, row["action"]),
        retry=wait_seconds > 0,
        what_to_do=f"{BY_ITSELF} {said}".strip() if wait_seconds else said,
        wait_seconds=wait_seconds,
        attempts=int(row["attempts"]),
        advice=said if wait_seconds else "",
    )

"""What a step found, line by line, and the table of them all."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """A missed target is a fact to look at; a broken promise ends the run with exit code 1."""

    NONE = ""
    MET = "met"
    MISSED = "MISSED"
    KEPT = "kept"
    BROKEN = "BROKEN"


@dataclass(frozen=True)
class Line:
    """One figure, in words, and what it was to be."""

    what: str
    figure: str
    target: str = ""
    verdict: Verdict = Verdict.NONE

    def __str__(self) -> str:
        return f"{self.what:<52} {self.figure:<58} {self.target:<22} {self.verdict.value}".rstrip()


def note(what: str, figure: str) -> Line:
    """A figure that nothing was promised about."""
    return Line(what, figure)


def target(what: str, figure: str, wanted: str, *, is_met: bool) -> Line:
    """A figure of speed beside its target."""
    return Line(what, figure, wanted, Verdict.MET if is_met else Verdict.MISSED)


def promise(what: str, figure: str, wanted: str, *, is_kept: bool) -> Line:
    """Something that must never be otherwise: nothing lost, nothing twice."""
    return Line(what, figure, wanted, Verdict.KEPT if is_kept else Verdict.BROKEN)


def is_broken(lines: Iterable[Line]) -> bool:
    """Whether a promise was broken in any of them."""
    return any(line.verdict is Verdict.BROKEN for line in lines)

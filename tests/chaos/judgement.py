"""The law: what must hold after a siege, whatever was killed. Pure; evidence comes in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Answer:
    """One outbound message, or part of one. `covers` are the wamids that it answers."""

    reference: str
    covers: frozenset[str]
    part: int = 0
    is_in_doubt: bool = False


@dataclass(frozen=True)
class Evidence:
    """What both worlds know in the end. Messages by wamid, what was sent by our reference."""

    acknowledged: frozenset[str]  # in a webhook that was answered with 200, by the sender's log
    kept: frozenset[str]  # there is a row
    with_staff: frozenset[str]  # a person was called to the conversation it stands in
    answers: tuple[Answer, ...]
    posts: Counter[str]  # how often each reference was POSTed, by the receiver's log
    accepted: Counter[str]  # how many messages on the customers' phones carry each reference
    at_stake: frozenset[str]  # references that were claimed or in flight at a kill

    @property
    def figures(self) -> str:
        """How much there was to judge."""
        doubts = sum(one.is_in_doubt for one in self.answers)
        return (
            f"{len(self.acknowledged)} messages, {len(self.with_staff)} of them with staff, "
            f"{len(self.answers)} answers, {self.posts.total()} POSTs, {doubts} in doubt, "
            f"{len(self.at_stake)} at stake"
        )


@dataclass(frozen=True)
class Verdict:
    """Every breach of the law; all empty when nothing was broken."""

    without_a_row: tuple[str, ...]  # acknowledged, and lost
    unanswered: tuple[str, ...]  # neither an answer that arrived, nor a person who sees it
    answered_twice: tuple[str, ...]
    sent_twice: tuple[str, ...]
    sent_without_a_row: tuple[str, ...]
    doubted_without_a_kill: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))


def judge(found: Evidence) -> Verdict:
    """What was broken, by these facts alone."""
    doubted = {one.reference for one in found.answers if one.is_in_doubt}
    answered = Counter(
        (wamid, one.part)
        for one in found.answers
        if one.is_in_doubt or one.reference in found.accepted
        for wamid in one.covers
    )
    # In doubt is only good enough where a person looks at it.
    arrived = {
        wamid
        for one in found.answers
        if one.reference in found.accepted and not one.is_in_doubt
        for wamid in one.covers
    }
    return Verdict(
        without_a_row=_some(found.acknowledged - found.kept),
        unanswered=_some((found.acknowledged & found.kept) - arrived - found.with_staff),
        answered_twice=_some({wamid for (wamid, _), times in answered.items() if times > 1}),
        sent_twice=_some(_repeated(found.posts) | _repeated(found.accepted)),
        sent_without_a_row=_some(found.posts.keys() - {one.reference for one in found.answers}),
        doubted_without_a_kill=_some(doubted - found.at_stake),
    )


def _repeated(times: Counter[str]) -> set[str]:
    return {name for name, count in times.items() if count > 1}


def _some(breaches: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(breaches))

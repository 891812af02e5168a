"""The law itself: each breach is seen, and nothing else is taken for one."""

from collections import Counter
from dataclasses import replace

from tests.chaos.judgement import Answer, Evidence, Verdict, judge

ANSWER = Answer("answer", frozenset({"question"}))
GOOD = Evidence(
    acknowledged=frozenset({"question"}),
    kept=frozenset({"question"}),
    with_staff=frozenset(),
    answers=(ANSWER,),
    posts=Counter(["answer"]),
    accepted=Counter(["answer"]),
    at_stake=frozenset(),
)
CLEAN = Verdict((), (), (), (), (), ())


def test_one_answer_to_one_question_is_clean() -> None:
    assert judge(GOOD).is_clean


def test_what_was_acknowledged_must_have_a_row() -> None:
    lost = replace(GOOD, acknowledged=frozenset({"question", "lost"}))
    assert judge(lost) == replace(CLEAN, without_a_row=("lost",))


def test_a_row_whose_acknowledgement_was_lost_on_the_way_is_no_breach() -> None:
    assert judge(replace(GOOD, kept=frozenset({"question", "more"}))).is_clean


def test_a_question_must_be_answered() -> None:
    silent = replace(GOOD, answers=(), posts=Counter(), accepted=Counter())
    assert judge(silent) == replace(CLEAN, unanswered=("question",))


def test_an_answer_that_reached_nobody_is_none() -> None:
    claimed = replace(GOOD, posts=Counter(), accepted=Counter())
    assert judge(claimed) == replace(CLEAN, unanswered=("question",))


def test_a_question_may_stand_before_staff_instead() -> None:
    silent = replace(GOOD, answers=(), posts=Counter(), accepted=Counter())
    assert judge(replace(silent, with_staff=frozenset({"question"}))).is_clean


def test_a_doubt_must_be_seen_by_staff_and_come_from_a_kill() -> None:
    doubt = replace(GOOD, answers=(replace(ANSWER, is_in_doubt=True),))
    assert judge(doubt) == replace(
        CLEAN, unanswered=("question",), doubted_without_a_kill=("answer",)
    )
    seen = replace(doubt, with_staff=frozenset({"question"}), at_stake=frozenset({"answer"}))
    assert judge(seen).is_clean


def test_a_second_answer_to_the_same_question_is_one_too_many() -> None:
    again = replace(
        GOOD,
        answers=(ANSWER, Answer("second", ANSWER.covers)),
        posts=Counter(["answer", "second"]),
        accepted=Counter(["answer", "second"]),
    )
    assert judge(again) == replace(CLEAN, answered_twice=("question",))


def test_the_parts_of_one_answer_are_one_answer() -> None:
    parts = replace(
        GOOD,
        answers=(ANSWER, Answer("second", ANSWER.covers, part=1)),
        posts=Counter(["answer", "second"]),
        accepted=Counter(["answer", "second"]),
    )
    assert judge(parts).is_clean


def test_a_second_post_is_seen_in_the_log_and_on_the_phone() -> None:
    assert judge(replace(GOOD, posts=Counter(answer=2))).sent_twice == ("answer",)
    assert judge(replace(GOOD, accepted=Counter(answer=2))).sent_twice == ("answer",)


def test_nothing_is_posted_that_no_row_tells_of() -> None:
    stray = replace(GOOD, posts=Counter(["answer", "stray"]))
    assert judge(stray) == replace(CLEAN, sent_without_a_row=("stray",))

"""Claude's answers, the good and the odd ones, and what becomes of them."""

from __future__ import annotations

import pytest

from conversations.assistant import prompts
from conversations.assistant.replies import (
    AssistantRefused,
    AssistantUnavailable,
    Connection,
    Decision,
    Trace,
    reply,
)
from tests.assistant.claude_server import (
    ClaudeServer,
    Step,
    calls,
    hands_over,
    message,
    refuses,
    says,
)
from tests.assistant.questions import customer_says


def answer_to(step: Step, claude: ClaudeServer, connection: Connection) -> Decision:
    claude.script([step])
    return reply(customer_says("do I still owe you anything?"), connection)


def test_it_answers_in_words(claude: ClaudeServer, connection: Connection) -> None:
    decision = answer_to(says("We open at eight."), claude, connection)
    assert (decision.kind, decision.text, decision.reason) == ("text", "We open at eight.", "")
    seconds = decision.trace.seconds
    assert decision.trace == Trace(
        model="claude-sonnet-4-6",
        prompt_version=prompts.VERSION,
        calls=1,
        input_tokens=150,  # of which 30 came from the cache
        output_tokens=17,
        seconds=seconds,
        request_ids=("req_test01",),
        stop_reason="end_turn",
    )
    assert 0 < seconds < 20


def test_it_hands_over_when_the_model_says_so(claude: ClaudeServer, connection: Connection) -> None:
    step = hands_over("complaint", "The driver was rude.", text="I am **sorry** about that.")
    decision = answer_to(step, claude, connection)
    assert (decision.kind, decision.reason) == ("hand_over", "complaint")
    assert decision.summary == "The driver was rude."
    assert decision.text == "I am sorry about that."


@pytest.mark.parametrize("arguments", [{}, {"reason": "bored", "summary": None}, {"reason": 3}])
def test_a_hand_over_with_odd_arguments_is_still_one(
    claude: ClaudeServer, connection: Connection, arguments: dict[str, object]
) -> None:
    decision = answer_to(calls("hand_off_to_human", arguments), claude, connection)
    assert (decision.kind, decision.reason, decision.summary) == ("hand_over", "other", "")


def test_a_hand_over_that_was_cut_off_is_still_one(
    claude: ClaudeServer, connection: Connection
) -> None:
    call = {"type": "tool_use", "id": "toolu_01", "name": "hand_off_to_human", "input": {}}
    step = message([{"type": "text", "text": "One mom"}, call], stop_reason="max_tokens")
    decision = answer_to(step, claude, connection)
    assert (decision.kind, decision.text) == ("hand_over", "")


@pytest.mark.parametrize(
    "first",
    [
        {"type": "thinking", "thinking": "They want hours.", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "eA=="},
        {"type": "hologram", "beam": [1, 2, 3]},
        {"type": "text", "text": ""},
    ],
)
def test_blocks_of_other_kinds_are_passed_over(
    claude: ClaudeServer, connection: Connection, first: dict[str, object]
) -> None:
    step = message([first, {"type": "text", "text": "We open at eight."}])
    assert answer_to(step, claude, connection).text == "We open at eight."


def test_a_cut_answer_ends_with_its_last_whole_sentence(
    claude: ClaudeServer, connection: Connection
) -> None:
    cut = says("It costs R 1.50. Shall we deliver? We could als", stop_reason="max_tokens")
    assert answer_to(cut, claude, connection).text == "It costs R 1.50. Shall we deliver?"


def test_a_long_answer_loses_nothing(claude: ClaudeServer, connection: Connection) -> None:
    said = "All is well. " * 200 + "But pay by Friday"
    assert answer_to(says(said), claude, connection).text == said


@pytest.mark.parametrize(
    "step",
    [
        says("We could als", stop_reason="max_tokens"),
        says("Let me think.", stop_reason="pause_turn"),
        says("Something new.", stop_reason="bored_now"),
        says("I will call hand_off_to_human now."),
        says("** **"),
        calls("drop_all_tables", {}),
        message([], usage=None),
        message([{"type": "text", "text": None}]),
        Step(b"{}"),
        Step(b"null"),
        Step(b"[]"),
        Step(b'{"content": null, "stop_reason": "end_turn"}'),
        Step(b'{"content": "words", "stop_reason": "end_turn"}'),
    ],
)
def test_an_answer_that_cannot_be_sent_is_invalid(
    claude: ClaudeServer, connection: Connection, step: Step
) -> None:
    with pytest.raises(AssistantUnavailable) as caught:
        answer_to(step, claude, connection)
    assert caught.value.reason == "invalid"


def test_a_refusal_is_final(claude: ClaudeServer, connection: Connection) -> None:
    with pytest.raises(AssistantRefused) as caught:
        answer_to(refuses(), claude, connection)
    assert caught.value.reason == "refused"
    assert caught.value.detail == "refusal req_test01"
    assert len(claude.requests) == 1


def test_an_empty_answer_is_asked_for_once_more(
    claude: ClaudeServer, connection: Connection
) -> None:
    claude.script([message([]), says("Here I am.")])
    decision = reply(customer_says("hi"), connection)
    assert (decision.text, decision.trace.calls) == ("Here I am.", 2)


def test_an_answer_that_stays_empty_is_none(claude: ClaudeServer, connection: Connection) -> None:
    claude.script([message([])] * 2)
    with pytest.raises(AssistantUnavailable) as caught:
        reply(customer_says("hi"), connection)
    assert (caught.value.reason, len(claude.requests)) == ("empty", 2)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            "**Hi** Thandi, it's *fine* and __sure__ and _so_.",
            "Hi Thandi, it's fine and sure and so.",
        ),
        ("# Hours\n\nWe open at **8**.\n\n---\n\nBye", "Hours\n\nWe open at 8.\n\nBye"),
        ("You can:\n- pay\n- wait\n* call", "You can:\npay\nwait\ncall"),
        ("1. Pay\n2. Wait", "1. Pay\n2. Wait"),
        ("| Item | Price |\n|---|---:|\n| Pen | R 5 |", "Item, Price\nPen, R 5"),
        ("See [our site](https://karoo.co.za/a_b_c).", "See our site: https://karoo.co.za/a_b_c."),
        ("See [https://x.co.za](https://x.co.za)", "See https://x.co.za"),
        ("Use `INV-0847`.\n```\ncode\n```", "Use INV-0847.\ncode"),
        ("> quoted\n~~old~~ new", "quoted\nold new"),
        ("2 * 3 * 4 = 24, snake_case_name, R5 - R6", "2 * 3 * 4 = 24, snake_case_name, R5 - R6"),
        ("***Very*** good ✅", "Very good ✅"),
        ("a\r\n\r\n\r\nb", "a\n\nb"),
    ],
)
def test_markdown_does_not_reach_the_customer(
    claude: ClaudeServer, connection: Connection, written: str, sent: str
) -> None:
    assert answer_to(says(written), claude, connection).text == sent

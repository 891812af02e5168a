"""A conversation's turns -> what the assistant decides: a text to send, or a hand-over to a person.

Called by the pipeline; calls `claude` for the words. It holds no state: each call stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from conversations.assistant import plain, privacy, prompts
from conversations.assistant.claude import (
    Answer,
    Connection,
    Exchange,
    Failure,
    Reason,
    exchange,
)
from conversations.assistant.intents import Guess

__all__ = [
    "Ask",
    "AssistantRefused",
    "AssistantUnavailable",
    "Business",
    "Connection",
    "Decision",
    "Reason",
    "Trace",
    "Turn",
    "reply",
]

TURNS_MAX: Final = 5
TURN_CHARACTERS: Final = 1000
MESSAGES_MAX: Final = 15  # before neighbours are merged, so that a flood stays affordable


@dataclass(frozen=True)
class Turn:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Business:
    """`facts` is all that the model may state to this customer: hours, address, bank details,
    and what is known about the customer, in whole sentences."""

    name: str
    facts: str = ""


@dataclass(frozen=True)
class Ask:
    """Everything the model gets to see. `turns` is oldest first and ends with the customer."""

    business: Business
    first_name: str | None
    turns: tuple[Turn, ...]
    guess: Guess | None
    today: str  # for reading, e.g. "Sunday 22 November 2026, 18:40"


@dataclass(frozen=True)
class Trace:
    """What an answer cost and where it came from; safe to keep and to show to staff."""

    model: str
    prompt_version: str
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: float
    request_ids: tuple[str, ...]
    stop_reason: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """`text` is for the customer, once `guard` has looked at it, and may be "" in a hand-over.

    `reason` (one of `prompts.HAND_OFF_REASONS`) and `summary` are for staff, in a hand-over only.
    """

    kind: Literal["text", "hand_over"]
    text: str
    reason: str = ""
    summary: str = ""
    trace: Trace


class AssistantUnavailable(Exception):
    """There is no answer. `detail` is safe to show to staff: class, HTTP status, request id."""

    def __init__(self, reason: Reason, detail: str = "", trace: Trace | None = None) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.trace = trace


class AssistantRefused(AssistantUnavailable):
    """The model declined to answer this conversation: a person should look at it."""


def reply(ask: Ask, connection: Connection, *, budget_seconds: float = 20) -> Decision:
    """Decide what to answer, within `budget_seconds` of wall-clock time whatever the server does.

    Raises: AssistantUnavailable, and nothing else, when there is no usable answer.
    Twice: asks the model again; nothing is remembered.
    """
    if not connection.api_key.strip():
        raise AssistantUnavailable("no_key", "no API key is set")
    messages = _messages(ask.turns)
    if not messages:
        raise AssistantUnavailable("invalid", "no words of the customer to answer")
    done = exchange(_body(ask, messages, connection), connection, budget_seconds=budget_seconds)
    trace = _trace(connection, done)
    if isinstance(done.outcome, Failure):
        kind = AssistantRefused if done.outcome.reason == "refused" else AssistantUnavailable
        raise kind(done.outcome.reason, done.outcome.detail, trace)
    return _decision(done.outcome, trace)


@dataclass(frozen=True)
class _Profile:
    """What a model wants to be told; None means that the parameter is left out.

    Sampling parameters and forced tools are refused by all newer models, so nobody gets them.
    """

    thinking: str | None
    effort: str | None
    tokens_min: int  # those that think spend tokens on it before the first word


# Source: Anthropic's model pages and migration guides, November 2026. First match by beginning.
_PROFILES: Final = (
    ("claude-sonnet-4-6", _Profile(None, None, 0)),
    ("claude-sonnet-5-5", _Profile("between_tools", "low", 1024)),
    ("claude-haiku-5-5", _Profile(None, "low", 1024)),
    ("", _Profile(None, None, 1024)),
)


def _body(ask: Ask, messages: list[dict[str, str]], connection: Connection) -> dict[str, Any]:
    profile = next(each for start, each in _PROFILES if connection.model.startswith(start))
    body: dict[str, Any] = {
        "model": connection.model,
        "max_tokens": max(connection.max_tokens, profile.tokens_min),
        "system": _system(ask),
        "messages": messages,
        "tools": list(prompts.TOOLS),
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    }
    if profile.thinking:
        body["thinking"] = {"type": profile.thinking}
    if profile.effort:
        body["output_config"] = {"effort": profile.effort}
    return body


def _system(ask: Ask) -> list[dict[str, Any]]:
    """Two blocks: what changes with each turn stands apart, so that the first can be cached."""
    rules = prompts.rules(ask.business.name, ask.business.facts)
    data: dict[str, object] = {"now": ask.today}
    if first_name := privacy.safe_first_name(ask.first_name):
        data["customer_first_name"] = first_name
    if ask.guess:
        data["likely_topic"] = str(ask.guess.intent)
        data["likely_topic_confidence"] = round(ask.guess.confidence, 2)
    return [
        {"type": "text", "text": rules, "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": prompts.turn_data(data)},
    ]


def _messages(turns: tuple[Turn, ...]) -> list[dict[str, str]]:
    """Real alternating messages, never a transcript in one: there a customer could write our lines.

    Begins and ends with the customer: the API wants the first, and newer models refuse to go on
    from words put into their mouth.
    """
    merged: list[dict[str, str]] = []
    for turn in turns[-MESSAGES_MAX:]:
        # Cut after masking: half a card number is not recognised as one.
        text = privacy.mask_numbers(turn.text.strip()[: 2 * TURN_CHARACTERS])[:TURN_CHARACTERS]
        if not text:
            continue
        if merged and merged[-1]["role"] == turn.role:
            merged[-1]["content"] += f"\n{text}"
        else:
            merged.append({"role": turn.role, "content": text})
    while merged and merged[-1]["role"] == "assistant":
        merged.pop()
    recent = merged[-TURNS_MAX:]
    return recent[1:] if recent and recent[0]["role"] == "assistant" else recent


def _decision(answer: Answer, trace: Trace) -> Decision:
    text = plain.plain_text(answer.text)
    for call in answer.tool_calls:
        if call.name == prompts.HAND_OFF:
            return Decision(
                kind="hand_over",
                text=_sendable(text, cut=answer.stop_reason == "max_tokens"),
                reason=_reason(call.arguments.get("reason")),
                summary=str(call.arguments.get("summary") or "")[:500],
                trace=trace,
            )
    if answer.tool_calls:
        raise AssistantUnavailable("invalid", "a tool that was not offered", trace)
    if answer.stop_reason not in ("end_turn", "stop_sequence", "max_tokens"):
        raise AssistantUnavailable("invalid", f"stop reason {answer.stop_reason}", trace)
    sendable = _sendable(text, cut=answer.stop_reason == "max_tokens")
    if not sendable:
        raise AssistantUnavailable("invalid", "no whole sentence", trace)
    return Decision(kind="text", text=sendable, trace=trace)


def _sendable(text: str, *, cut: bool) -> str:
    if prompts.HAND_OFF in text:  # the model spoke of its tool instead of using it
        return ""
    # A long one goes out whole, in parts: only what the model could not end loses its last piece.
    return plain.whole_sentences(text) if cut else text


def _reason(given: object) -> str:
    return given if isinstance(given, str) and given in prompts.HAND_OFF_REASONS else "other"


def _trace(connection: Connection, done: Exchange) -> Trace:
    answer = done.outcome if isinstance(done.outcome, Answer) else None
    return Trace(
        model=connection.model,
        prompt_version=prompts.VERSION,
        calls=done.calls,
        input_tokens=answer.input_tokens if answer else 0,
        output_tokens=answer.output_tokens if answer else 0,
        seconds=round(done.seconds, 3),
        request_ids=done.request_ids,
        stop_reason=answer.stop_reason if answer else "",
    )

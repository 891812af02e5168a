"""What the model writes: asked with this contact's facts only, and checked before it counts."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from conversations import clock, takeover
from conversations.assistant import guard, replies
from conversations.domain import Answer, domains
from conversations.pipeline import routes
from conversations.pipeline.turn import Turn, history
from conversations.whatsapp.content import split_text

logger = logging.getLogger(__name__)


def written(turn: Turn) -> tuple[routes.Routed, dict[str, Any]]:
    """The model's answer, or what stands in for it, and the trace for staff. Never silence."""
    facts = [fact for domain in domains() for fact in domain.facts(turn.thread)]
    ask = _ask(turn, facts)
    facts.append(ask.today)
    try:
        decision = replies.reply(ask, _connection())
    except replies.AssistantUnavailable as fault:
        # Without a key it is meant so, and was said when the console started.
        level = logging.INFO if fault.reason == "no_key" else logging.WARNING
        logger.log(level, "thread=%s assistant=%s", turn.thread.pk, fault.reason)
        trace = {"unavailable": str(fault)}
        if isinstance(fault, replies.AssistantRefused):
            return routes.Routed("refused", routes.person("The assistant declined.")), trace
        return routes.fallback(turn, str(fault)), trace
    trace = asdict(decision.trace)
    if decision.kind == "hand_over":
        return _handed_over(decision, facts), trace
    # What the customer claims is no fact: "so I owe R 5, right?" must not become "yes, R 5".
    unbacked = guard.unbacked(decision.text, facts)
    if unbacked:
        reason = "The assistant's answer held a figure that no record backs."
        return routes.Routed("unbacked", routes.person(reason)), {**trace, "unbacked": unbacked}
    return routes.Routed("model", Answer(split_text(decision.text))), trace


def _handed_over(decision: replies.Decision, facts: list[str]) -> routes.Routed:
    reason = decision.summary or decision.reason
    answer = routes.person(f"{takeover.THE_ASSISTANT_ASKS}: {reason}")
    if decision.text and not guard.unbacked(decision.text, facts):
        text = f"{decision.text}\n\n{routes.PERSON_TEXT}"
        answer = Answer(split_text(text), hand_over=answer.hand_over)
    return routes.Routed("model_hand_over", answer)


def _ask(turn: Turn, facts: list[str]) -> replies.Ask:
    zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
    return replies.Ask(
        business=replies.Business(settings.BUSINESS_NAME, "\n".join(facts)),
        first_name=turn.thread.contact.first_name or None,
        turns=history(turn),
        guess=turn.guess,
        today=clock.now().astimezone(zone).strftime("%A %d %B %Y, %H:%M"),
    )


def _connection() -> replies.Connection:
    gateway = settings.AI_GATEWAY_URL
    return replies.Connection(
        api_key=settings.ANTHROPIC_API_KEY,
        base_url=f"{gateway}/anthropic" if gateway else None,
        model=settings.ASSISTANT_MODEL,
        max_tokens=settings.ASSISTANT_MAX_TOKENS,
        auth_style=settings.AI_AUTH_STYLE,
    )

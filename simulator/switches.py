"""Every switch by which the simulated world is made to behave well or badly, as one table.

The page /faults, the JSON under /control/faults/ and the code that obeys them all read this
dataclass, so a switch is added by adding a field.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

Value = bool | int | float | str


def switch(
    default: Any,
    group: str,
    label: str,
    *,
    choices: tuple[str, ...] = (),
    highest: float = 1_000_000,
    explain: str = "",
) -> Any:
    """A dataclass field with what the page needs to show it."""
    shown = {"group": group, "label": label, "choices": choices, "highest": highest}
    return field(default=default, metadata={**shown, "explain": explain})


class SwitchError(ValueError):
    """A switch that does not exist, or a value that does not fit it; the text names both."""


ANSWERS, OUTCOMES, WEBHOOKS, SHAPES = (
    "Graph API answers",
    "What becomes of a message",
    "How webhooks are sent",
    "What webhooks look like",
)
REFUSALS = ("", "130429", "131056", "131048", "131047", "131042", "190", "131000", "131016", "2")


@dataclass(frozen=True)
class Switches:
    """The state of every switch; the defaults are Meta on a good day."""

    answer_after_ms: int = switch(0, ANSWERS, "Answer sends after (ms)", highest=120_000)
    refuse_sends_with: str = switch(
        "",
        ANSWERS,
        "Refuse every send with code",
        choices=REFUSALS,
        explain="At once, as HTTP error.",
    )
    refuse_sends_count: int = switch(
        0, ANSWERS, "... only the next (0: all)", explain="Counts down, then the code is cleared."
    )
    token_is_dead: bool = switch(
        False, ANSWERS, "Token has expired (190)", explain="Every call of the Graph API."
    )
    payment_problem: bool = switch(False, ANSWERS, "Payment trouble (131042)")
    window_error_at_once: bool = switch(
        False,
        ANSWERS,
        "Closed window refused at once (131047)",
        explain="Instead of 200 and then a failed webhook.",
    )
    throughput_per_second: int = switch(
        80, ANSWERS, "Number throughput a second (0: no limit)", explain="130429 above it."
    )
    pair_limit: bool = switch(
        True, ANSWERS, "Pair limit", explain="131056: 45 at once, then one in 6 s."
    )
    management_calls_per_hour: int = switch(
        5000, ANSWERS, "Management calls an hour (0: no limit)", explain="80007 above it."
    )
    timeouts_before_send: int = switch(
        0, ANSWERS, "Time-outs before the send", explain="The next n sends hang and do nothing."
    )
    timeouts_after_send: int = switch(
        0, ANSWERS, "Time-outs after the send", explain="The next n sends hang, yet are sent."
    )
    timeout_seconds: float = switch(60.0, ANSWERS, "A time-out hangs for (s)", highest=600)
    require_appsecret_proof: bool = switch(False, ANSWERS, "Require appsecret_proof")
    allow_list_only: bool = switch(
        False,
        ANSWERS,
        "Test number",
        explain="Only the first five customers may be written to (131030).",
    )

    sent_after_ms: int = switch(50, OUTCOMES, "Sent after (ms)", highest=600_000)
    delivered_after_ms: int = switch(
        250, OUTCOMES, "Delivered after (ms)", highest=600_000, explain="Counted from sent."
    )
    auto_read: bool = switch(
        False,
        OUTCOMES,
        "Customers read at once",
        explain="Else when the chat is open on the phone.",
    )
    read_after_ms: int = switch(1000, OUTCOMES, "... after (ms)", highest=600_000)
    drop_delivered: bool = switch(
        False, OUTCOMES, "Never say delivered", explain="Messages stay at one tick until read."
    )
    fail_sends_with: str = switch(
        "",
        OUTCOMES,
        "Accept, then fail with code",
        choices=(
            *("", "131026", "131049", "130472", "131053", "131047", "131048", "131000"),
            "131042",
        ),
    )
    hold_templates: str = switch(
        "",
        OUTCOMES,
        "Hold templates for quality",
        choices=("", "then send", "then fail"),
        explain="held_for_quality_assessment; fails with 132015.",
    )
    hold_seconds: float = switch(5.0, OUTCOMES, "... for (s)", highest=3600)
    review_seconds: float = switch(
        3.0, OUTCOMES, "Template review takes (s)", highest=86_400, explain="Then APPROVED."
    )
    fetch_links: str = switch(
        "loopback",
        OUTCOMES,
        "Fetch media links",
        choices=("never", "loopback", "always"),
        explain="131053 where a fetch fails.",
    )

    duplicates: int = switch(0, WEBHOOKS, "Extra copies of each webhook", highest=100)
    reorder_seconds: float = switch(0.0, WEBHOOKS, "Shuffle within (s)", highest=3600)
    delay_seconds: float = switch(0.0, WEBHOOKS, "Delay all by (s)", highest=604_800)
    batch: int = switch(
        1, WEBHOOKS, "Items in one POST", highest=1000, explain="Waits up to 2 s for so many."
    )
    bad_signature: bool = switch(False, WEBHOOKS, "Wrong signature")
    no_signature: bool = switch(False, WEBHOOKS, "No signature")
    status_before_answer: bool = switch(
        False,
        WEBHOOKS,
        "Status before the answer",
        explain="The send is answered after its webhook.",
    )
    webhook_timeout_seconds: float = switch(10.0, WEBHOOKS, "Wait for an answer (s)", highest=120)

    webhook_version: int = switch(
        21, SHAPES, "Payload version", highest=99, explain="Up to 23 statuses carry a conversation."
    )
    without_contacts: bool = switch(False, SHAPES, "No contacts")
    without_profile: bool = switch(False, SHAPES, "No profile")
    user_id_only: str = switch(
        "", SHAPES, "User id only", choices=("", "absent", "empty"), explain="No phone number."
    )

    @classmethod
    def of(cls, stored: dict[str, Value]) -> Self:
        """From the row: names this version does not know are passed over."""
        known = {one.name for one in fields(cls)}
        kept: dict[str, Any] = {name: stored[name] for name in stored if name in known}
        return cls(**kept)

    def changed(self, wanted: dict[str, Any]) -> Self:
        """A copy with the wanted values. Raises: SwitchError, and then nothing is changed."""
        checked: dict[str, Any] = {name: _checked(name, value) for name, value in wanted.items()}
        return replace(self, **checked)

    def one_refusal_less(self) -> Self:
        """The count of refusals goes down; with the last one the code goes too."""
        left = max(self.refuse_sends_count - 1, 0)
        code = self.refuse_sends_with if left else ""
        return replace(self, refuse_sends_count=left, refuse_sends_with=code)

    def not_default(self) -> dict[str, Value]:
        """Only what differs from a good day."""
        return {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != one.default
        }


FIELDS = {one.name: one for one in fields(Switches)}


def _checked(name: str, value: Any) -> Value:
    if name not in FIELDS:
        raise SwitchError(f"There is no switch {name!r}.")
    one = FIELDS[name]
    if isinstance(one.default, bool):
        return _boolean(name, value)
    if isinstance(one.default, str):
        return _choice(name, value)
    return _number(name, value)


def _boolean(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SwitchError(f"{name} is true or false.")
    return value


def _choice(name: str, value: Any) -> str:
    choices = FIELDS[name].metadata["choices"]
    text = str(value or "")
    if text not in choices:
        raise SwitchError(f"{name} is one of {', '.join(repr(choice) for choice in choices)}.")
    return text


def _number(name: str, value: Any) -> int | float:
    highest = FIELDS[name].metadata["highest"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
        raise SwitchError(f"{name} is a number from 0 to {highest}.")
    if isinstance(FIELDS[name].default, float):
        return float(value)
    if value != int(value):
        raise SwitchError(f"{name} is a whole number.")
    return int(value)

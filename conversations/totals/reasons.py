"""Why the assistant handed over, in a few groups: its reasons are sentences with details in them.

Domains write reasons of their own; one that begins like none of these counts as "Something else".
"""

from collections import Counter
from collections.abc import Iterable

from conversations.takeover import THE_ASSISTANT_ASKS

OTHER = "Something else"

# How a reason begins: the group it belongs to.
GROUPS = {
    "Asked for a person": "Asked for a person",
    "Sent ": "Sent what it cannot open",
    THE_ASSISTANT_ASKS: "The assistant was not sure",
    "The assistant declined": "The assistant was not sure",
    "The assistant's answer held a figure": "A figure could not be checked",
    "The assistant could not answer": "The assistant was out of order",
    "The assistant failed": "The assistant was out of order",
    "The answer was refused": "An answer could not be sent",
    "A message ": "A message did not arrive",
    "Wants to ": "Wants what people do",
    "Number is not linked": "Not known as a customer",
}


def group_of(reason: str) -> str:
    """The group of one reason."""
    found = (group for beginning, group in GROUPS.items() if reason.startswith(beginning))
    return next(found, OTHER)


def grouped(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How often each group, the most frequent first, from how often each reason."""
    groups: Counter[str] = Counter()
    for reason, times in counted:
        groups[group_of(reason)] += times
    return dict(groups.most_common())

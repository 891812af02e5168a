"""How what the ledger refuses reads to another system: codes that never change, and places."""

from __future__ import annotations

from billing.ledger import Kind, Outcome, Problem
from conversations.api import problems
from conversations.api.problems import Fault

# What is in the way is the row as it is, not what was sent: by the ledger's code, and ours.
CONFLICTS = {
    "number_taken": "number_taken",
    "status_not_possible": "status_not_possible",
    "settled": "invoice_settled",
    "cancelled": "invoice_cancelled",
}

problems.add_kinds(
    {
        "already_there": problems.Kind(
            409, "There is one with this key", "Use PUT or PATCH at its address to change it."
        ),
        "number_taken": problems.Kind(
            409,
            "Another invoice has this number",
            "Look it up by its number, and mend one of them.",
        ),
        "status_not_possible": problems.Kind(
            409, "The invoice cannot take this status", "See `errors` for what it can become."
        ),
        "invoice_settled": problems.Kind(
            409, "The invoice was paid", "Set its status to open where the payment is taken back."
        ),
        "invoice_cancelled": problems.Kind(
            409, "The invoice was cancelled", "Issue a new invoice."
        ),
    }
)


def done(outcome: Outcome) -> Outcome:
    """The outcome of what was written. Raises: conversations.api.problems.Problem."""
    if outcome.kind != Kind.REFUSED:
        return outcome
    faults = tuple(fault_of(problem) for problem in outcome.problems)
    for problem in outcome.problems:
        if problem.code in CONFLICTS:
            raise problems.Problem(CONFLICTS[problem.code], problem.detail, faults=faults)
    raise problems.invalid(faults)


def fault_of(problem: Problem) -> Fault:
    """`total.amount` is at #/total/amount of the body."""
    pointer = "/".join(["#", *filter(None, problem.field.split("."))])
    return Fault(("pointer", pointer), problem.detail, problem.code)

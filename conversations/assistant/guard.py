"""Is every amount, date, number and link in a text backed by what we know?

Called by the pipeline on what the model wrote; a text that is not backed goes to a person instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from conversations.assistant.claims import Claim, claims_in, facts_in


def unbacked(text: str, facts: Iterable[str]) -> tuple[str, ...]:
    """What the text claims and no fact says, as it stands in the text; () when all is backed.

    Checked are amounts, percentages, dates, invoice, order, account and phone numbers, and links.
    Not checked: words, times of day, and small numbers without a currency ("24 hours").
    The same thing in another spelling is the same: R 1,234.50 is R1234,50 and ZAR 1 234.50;
    04/11/2026 is 4 November; a number that a fact gives without a currency backs any currency.
    """
    claims = claims_in(text)
    if not claims:
        return ()
    known, numbers = facts_in("\n".join(facts))
    missing = [
        claim.shown
        for claim in claims
        if not _in_numbers(claim, numbers) and not any(_backs(fact, claim) for fact in known)
    ]
    return tuple(dict.fromkeys(missing))


def _backs(fact: Claim, claim: Claim) -> bool:
    if fact.kind != claim.kind:
        return False
    if claim.kind == "link":
        return claim.value == fact.value or _is_home_page(claim, fact)
    if claim.kind == "number":
        return _same_number(fact, claim)
    # A part that one side leaves out, as the year or the currency, does not contradict.
    pairs = zip(fact.value, claim.value, strict=True)
    return all(one == other or not one or not other for one, other in pairs)


def _is_home_page(claim: Claim, fact: Claim) -> bool:
    return fact.value[0].partition("/")[0] == claim.value[0]


def _same_number(fact: Claim, claim: Claim) -> bool:
    """847 may stand for INV-0847, but ORD-0847 may not."""
    letters, digits = claim.value
    same_letters = letters == fact.value[0] or not letters or not fact.value[0]
    return same_letters and digits.lstrip("0") == fact.value[1].lstrip("0")


def _in_numbers(claim: Claim, numbers: set[str]) -> bool:
    """Plain digits in the facts back a number or a whole amount, but never one with letters."""
    if claim.kind == "amount":
        return claim.value[0] in numbers and Decimal(claim.value[0]) == int(claim.value[0])
    return claim.kind == "number" and not claim.value[0] and claim.value[1] in numbers

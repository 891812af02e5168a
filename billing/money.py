"""How amounts are shown to people: `R 24,500.00`, and `USD 120.00` for other currencies.

Pure. Every text that names an amount comes here, so that one sum never reads in two ways.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

SYMBOLS = {"ZAR": "R"}
Totals = Mapping[str, Decimal]  # by ISO 4217 code; sums of different currencies are never added


def display(amount: Decimal, currency: str) -> str:
    """One amount with thousands separated and two decimals."""
    return f"{SYMBOLS.get(currency, currency)} {amount:,.2f}"


def totals(amounts: Iterable[tuple[Decimal, str]]) -> dict[str, Decimal]:
    """The sum of each currency, by its code, the codes in alphabetical order."""
    sums: dict[str, Decimal] = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, Decimal()) + amount
    return dict(sorted(sums.items()))


def in_words(sums: Totals) -> str:
    """All totals as one phrase: `R 24,500.00 and USD 120.00`; nothing for no totals."""
    shown = [display(amount, currency) for currency, amount in sums.items()]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

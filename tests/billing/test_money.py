"""How amounts are shown to people."""

from decimal import Decimal

import pytest

from billing import money


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("24500", "ZAR", "R 24,500.00"),
        ("0.5", "ZAR", "R 0.50"),
        ("999.99", "ZAR", "R 999.99"),
        ("9999999999.99", "ZAR", "R 9,999,999,999.99"),
        ("120", "USD", "USD 120.00"),
        ("1234.56", "EUR", "EUR 1,234.56"),
    ],
)
def test_it_shows_amounts_with_thousands_and_cents(amount: str, currency: str, shown: str) -> None:
    assert money.display(Decimal(amount), currency) == shown


def test_it_adds_without_losing_cents() -> None:
    cents = [(Decimal("0.10"), "ZAR")] * 3
    assert money.totals(cents) == {"ZAR": Decimal("0.30")}


def test_it_never_adds_different_currencies() -> None:
    sums = money.totals([(Decimal(5), "ZAR"), (Decimal(7), "USD"), (Decimal(1), "ZAR")])
    assert sums == {"USD": Decimal(7), "ZAR": Decimal(6)}


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        ({}, ""),
        ({"ZAR": Decimal(1)}, "R 1.00"),
        ({"USD": Decimal(2), "ZAR": Decimal(1)}, "USD 2.00 and R 1.00"),
        (
            {"EUR": Decimal(3), "USD": Decimal(2), "ZAR": Decimal(1)},
            "EUR 3.00, USD 2.00 and R 1.00",
        ),
    ],
)
def test_it_names_every_total_in_one_phrase(sums: dict[str, Decimal], words: str) -> None:
    assert money.in_words(sums) == words

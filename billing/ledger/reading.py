"""Rows of JSON, read into entries; each fault with its field as programs find it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

from billing.ledger.entries import (
    AccountEntry,
    AccountRow,
    InvoiceEntry,
    InvoiceRow,
    account_entry,
    invoice_entry,
)
from billing.ledger.outcomes import Problem


class Unreadable(Exception):
    """The row is no account, or no invoice; `problems` says what is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


class Reader:
    """Reads many rows with one serializer of a kind: to build it takes longer than to use it."""

    def __init__(self) -> None:
        self._account, self._invoice = AccountRow(), InvoiceRow()

    def account(self, row: Any) -> AccountEntry:
        """Raises: Unreadable."""
        return account_entry(_validated(self._account, row))

    def invoice(self, row: Any) -> InvoiceEntry:
        """Raises: Unreadable."""
        return invoice_entry(_validated(self._invoice, row))


def _validated(serializer: AccountRow | InvoiceRow, row: Any) -> dict[str, Any]:
    try:
        values: dict[str, Any] = serializer.run_validation(row)
    except ValidationError as error:
        raise Unreadable(tuple(problems_of(error.detail))) from None
    return values


def problems_of(detail: Any, field: str = "") -> Iterator[Problem]:
    """What the framework says of a fault, flat."""
    if isinstance(detail, ErrorDetail):
        yield Problem(field, str(detail.code), str(detail))
    elif isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from problems_of(inner, ".".join(filter(None, (field, own))))
    else:
        for inner in detail:
            yield from problems_of(inner, field)

"""What another system may say of an account and of an invoice: shapes, limits, and plain values.

The serializers read JSON and name the field of each fault; what they have read becomes an entry.
Money is a text with its currency, `{"amount": "1234.50", "currency": "ZAR"}`: a JSON number has
been through a float somewhere. What depends on rows is not judged here, but in `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import phonenumbers
from drf_spectacular.utils import extend_schema_field
from phonenumbers import NumberParseException
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from billing.models import Account, Invoice

EXTERNAL_ID_MAX = 64
# It is a part of an address, so that a path must be able to hold it: no `//`, no `/../`.
EXTERNAL_ID = r"^(?!.*/[./])[A-Za-z0-9_](?:[A-Za-z0-9_ .:@+#/-]{0,62}[A-Za-z0-9_])?$"
AMOUNT = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"
NUMBERS_MAX = 20


@dataclass(frozen=True)
class AccountEntry:
    """An account as it shall be; the numbers are those of contacts who speak for it."""

    external_id: str
    name: str
    wa_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class InvoiceEntry:
    """An invoice as it shall be. What is None stays as it is, or is the rule's choice."""

    external_id: str
    number: str
    account: str | None  # the account's external_id; None: as it is
    amount: Decimal
    currency: str
    issued_on: date
    due_on: date
    status: str | None = None
    paid_on: date | None = None


class Text(serializers.CharField):
    """A JSON text and nothing else: a number that was turned into one has lost its zeros."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": AMOUNT, "example": "1234.50"})
class Amount(serializers.Field[Decimal, str, str, Any]):
    """A positive amount with at most two decimals, as a text."""

    default_error_messages = {
        "not_an_amount": 'Write it as text with at most two decimals: "1234.50".',
        "not_positive": "It must be more than zero.",
    }

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not re.fullmatch(AMOUNT, data):
            self.fail("not_an_amount")
        if (amount := Decimal(data)) <= 0:
            self.fail("not_positive")
        return amount

    def to_representation(self, value: Decimal) -> str:
        return f"{value:.2f}"


class Fields(serializers.Serializer[Any]):
    """What nobody knows is refused: a field with a slip in its name must not be dropped."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else ()
        if unknown:
            fault = ErrorDetail("Nobody knows it here.", "unknown")
            # Whatever stands there: the fault is kept, and not all text can be.
            names = ("".join(filter(str.isprintable, str(name)))[:64] for name in sorted(unknown))
            raise serializers.ValidationError({name: [fault] for name in names})
        return super().to_internal_value(data)


class Money(Fields):
    """An amount in its currency."""

    amount = Amount()
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z", max_length=3, trim_whitespace=False, help_text="ISO 4217."
    )


class ExternalId(serializers.RegexField):
    """The other system's key."""

    default_error_messages = {
        "invalid": "Letters, digits and _ - . : @ + # / or spaces between them, at most 64.",
        "not_text": "It must be a text.",
    }

    def __init__(self, **options: Any) -> None:
        pattern = EXTERNAL_ID.replace("$", r"\Z")
        limits: dict[str, Any] = {"max_length": EXTERNAL_ID_MAX, "trim_whitespace": False}
        super().__init__(pattern, **limits, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return str(super().to_internal_value(data))


class TelephoneNumber(Text):
    """A number with its country code, as people write it; it is read as a wa_id."""

    default_error_messages = {
        "not_a_number": "Write it with + and the country code: +27 82 123 4567.",
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            parsed = phonenumbers.parse(text if text.startswith("+") else f"+{text}")
        except NumberParseException:
            self.fail("not_a_number")
        if parsed.extension or not phonenumbers.is_possible_number(parsed):
            self.fail("not_a_number")
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[1:]


class AccountFields(Fields):
    """All of an account but its key."""

    name = Text(max_length=255)
    phone_numbers = serializers.ListField(
        child=TelephoneNumber(max_length=40),
        required=False,
        max_length=NUMBERS_MAX,
        help_text="Who also speaks for the account, with country code. Who does already, stays.",
    )


class InvoiceFields(Fields):
    """All of an invoice but its key."""

    number = Text(max_length=64)
    account = ExternalId(help_text="The account's external_id.")
    total = Money()
    issued_on = serializers.DateField()
    due_on = serializers.DateField(help_text="Not before issued_on.")
    status = serializers.ChoiceField(
        Invoice.Status.choices,
        required=False,
        # Django's own words repeat what was given, which need not be text that can be kept.
        error_messages={"invalid_choice": "It is one of open, paid and cancelled."},
        help_text="Left out: a new invoice is open, and another stays what it is.",
    )
    paid_on = serializers.DateField(
        required=False, allow_null=True, help_text="Of a paid one only; left out: today."
    )


class AccountRow(AccountFields):
    """An account with its key, as imports name it."""

    external_id = ExternalId()


class InvoiceRow(InvoiceFields):
    """An invoice with its key, as imports name it."""

    external_id = ExternalId()


def account_entry(values: Mapping[str, Any]) -> AccountEntry:
    """From what AccountRow has read."""
    wa_ids = tuple(dict.fromkeys(values.get("phone_numbers", ())))
    return AccountEntry(values["external_id"], values["name"], wa_ids)


def invoice_entry(values: Mapping[str, Any]) -> InvoiceEntry:
    """From what InvoiceRow has read."""
    given = dict(values)
    total = given.pop("total")
    return InvoiceEntry(amount=total["amount"], currency=total["currency"], **given)


def of_account(account: Account, changes: Mapping[str, Any]) -> AccountEntry:
    """The account as it is, but for these changes, as AccountFields has read them."""
    now = {"external_id": account.external_id, "name": account.name}
    return account_entry({**now, **changes})


def of_invoice(invoice: Invoice, changes: Mapping[str, Any]) -> InvoiceEntry:
    """The invoice as it is, but for these changes, as InvoiceFields has read them."""
    now = {
        "external_id": invoice.external_id,
        "number": invoice.number,
        "account": invoice.account.external_id,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "status": invoice.status,
    }
    total = {"amount": invoice.amount, "currency": invoice.currency, **changes.get("total", {})}
    return invoice_entry({**now, **changes, "total": total})

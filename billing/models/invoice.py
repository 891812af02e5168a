"""An invoice, as the accounting system issued it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from billing.models.account import Account
from billing.models.versioned import Versioned
from conversations.models import Contact


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """The states that the business asks for, by their names."""

    def open(self) -> InvoiceQuerySet:
        """Issued and not yet paid or cancelled."""
        return self.filter(status=Invoice.Status.OPEN)

    def overdue(self, on: date) -> InvoiceQuerySet:
        """Open, and due before the day `on`."""
        return self.open().filter(due_on__lt=on)

    def of_contact(self, contact: Contact) -> InvoiceQuerySet:
        """Of the accounts that this contact speaks for: the one scope of every answer."""
        return self.filter(account__contacts=contact)


class Invoice(Versioned):
    """What is owed; the amount is the whole sum, in its currency."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        PAID = "paid", "Paid"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=64, unique=True)
    external_id = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="The invoice's key in the accounting system.",
    )
    account = models.ForeignKey(Account, models.PROTECT, related_name="invoices")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="ZAR", help_text="ISO 4217.")
    issued_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    paid_on = models.DateField(null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_is_positive"),
            models.CheckConstraint(
                condition=~Q(external_id=""), name="invoice_external_id_is_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("issued_on")), name="invoice_is_due_after_issue"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "paid", "cancelled"]),
                name="invoice_status_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "due_on"], condition=Q(status="open"), name="invoice_open"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def days_overdue(self, on: date) -> int:
        """Whole days since the due day; nothing while it is not over, or when it is settled."""
        return max((on - self.due_on).days, 0) if self.status == self.Status.OPEN else 0

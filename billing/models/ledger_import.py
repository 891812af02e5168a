"""Many accounts and invoices, handed over in one call, and what became of each of them."""

from django.db import models
from django.db.models import Q


class LedgerImport(models.Model):
    """One call. Its counts and its rows say how far it is; the rows are the work that is left."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Working"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        FAILED = "failed", "Failed"

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    all_or_nothing = models.BooleanField(
        default=False, help_text="One refused row, and nothing of it is written."
    )
    asked_by = models.CharField(max_length=255, help_text="The API client, or the person.")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_created = models.PositiveIntegerField(default=0)
    rows_updated = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was woken without a step ahead."
    )
    error = models.TextField(blank=True)
    woken_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then a worker has it, or is asked to."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "working"], ended_at=None)
                | Q(status__in=["done", "refused", "failed"], ended_at__isnull=False),
                name="ledger_import_ends_once",
            )
        ]
        indexes = [
            # What is still to do: looked at every few seconds.
            models.Index(
                fields=["woken_until"],
                condition=Q(status__in=["waiting", "working"]),
                name="ledger_import_open",
            )
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"


class ImportRow(models.Model):
    """One account or invoice of an import, as it was handed over; never changed, only answered."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        INVOICE = "invoice", "Invoice"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CREATED = "created", "Created"
        UPDATED = "updated", "Updated"
        UNCHANGED = "unchanged", "Unchanged"
        REFUSED = "refused", "Refused"
        HELD_BACK = "held_back", "Held back"

    ledger_import = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rows")
    sequence = models.PositiveIntegerField(help_text="Accounts first, for invoices name them.")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    row = models.PositiveIntegerField(help_text="Its place among the rows of its kind, from 1.")
    external_id = models.CharField(max_length=64, blank=True)
    entry = models.TextField(help_text="JSON as it came: a column of JSON cannot hold all of it.")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)
    errors = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["ledger_import", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger_import", "sequence"], name="import_row_has_its_own_place"
            )
        ]
        indexes = [
            models.Index(
                fields=["ledger_import", "outcome", "sequence"], name="import_row_by_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} row {self.row}"

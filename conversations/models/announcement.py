"""What other systems are told: the rows of the feed, of which outgoing webhooks are made."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Announcement(models.Model):
    """Written in the transaction of its cause; it holds ids and states, never what was said.

    Ids are given before the commit and may become visible out of order. So dispatch gives what is
    committed its number, one process at a time, and readers know the row by that alone.
    """

    number = models.BigIntegerField(
        null=True, editable=False, help_text="Its place in the feed; empty until dispatch gives it."
    )
    type = models.CharField(max_length=40, help_text="message.received, thread.taken, ...")
    at = models.DateTimeField(db_default=Now(), help_text="By the database's clock.")
    # No foreign keys: it tells what was, also of rows that have been joined or are gone.
    payload = models.JSONField(help_text="Ids and states, as the API shows them.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(number__isnull=False),
                name="announcement_number_is_one_rows",
            )
        ]
        indexes = [
            # What dispatch asks ten times a second; almost always empty.
            models.Index(
                fields=["id"], condition=Q(number__isnull=True), name="announcement_unnumbered"
            ),
            # "Everything since": a few pages, for rows lie in the order of their times.
            BrinIndex(fields=["at"], name="announcement_since"),
        ]

    def __str__(self) -> str:
        return f"Announcement {self.pk}"


class Feed(models.Model):
    """One row: how far the feed reaches. Whoever numbers announcements holds its lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    newest = models.BigIntegerField(default=0, help_text="The last number that was given.")
    gone = models.BigIntegerField(default=0, help_text="Up to this number they were pruned.")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="feed_is_one_row")]

    def __str__(self) -> str:
        return f"{self.gone} to {self.newest}"

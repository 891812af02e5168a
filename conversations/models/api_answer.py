"""The first answer to a POST with an `Idempotency-Key`, to be given again to whoever repeats it."""

from django.db import models


class ApiAnswer(models.Model):
    """The row is committed before the act; with the act's own rows, in one commit, its answer.

    While the act runs its transaction holds the row's lock: a row that is not answered and not
    locked belongs to nobody, however its holder ended.
    """

    caller = models.CharField(max_length=32, help_text="client:5 or user:3.")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of address and body.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Empty: not answered yet.")
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "API answer"
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="api_answer_one_per_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="api_answer_oldest")]

    def __str__(self) -> str:
        return f"{self.caller} {self.pk}"

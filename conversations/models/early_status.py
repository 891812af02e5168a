"""A status that came before its message: kept, and matched when the message is known."""

from django.db import models


class EarlyStatus(models.Model):
    """Statuses of what other apps sent through the account end here too, and are pruned."""

    wamid = models.TextField()
    status = models.CharField(max_length=16)
    at = models.DateTimeField(help_text="WhatsApp's time.")
    update = models.JSONField(help_text="Errors and prices that came with it.")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "early statuses"
        constraints = [
            models.UniqueConstraint(fields=["wamid", "status"], name="early_status_once_each")
        ]
        indexes = [models.Index(fields=["received_at"], name="early_status_oldest")]

    def __str__(self) -> str:
        return f"Early status {self.pk}"

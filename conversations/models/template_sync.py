"""When the templates of an account are read from Meta again, and how it went last time."""

from django.db import models


class TemplateSync(models.Model):
    """One row per WhatsApp business account."""

    waba_id = models.CharField("WhatsApp business account id", max_length=64, primary_key=True)
    due_at = models.DateTimeField(help_text="By the database's clock.")
    synced_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, help_text="Why the last try failed.")

    class Meta:
        ordering = ["waba_id"]

    def __str__(self) -> str:
        return self.waba_id

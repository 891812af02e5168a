"""How many webhooks came with a wrong signature: a count a day, and nothing else of them."""

from django.db import models


class WebhookRefusal(models.Model):
    """Many of them: the app secret is wrong, or somebody is trying the door."""

    day = models.DateField(primary_key=True)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"

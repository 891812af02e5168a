"""One call of the Graph API and what was answered: the log that developers and tests read."""

from django.db import models


class Call(models.Model):
    """Written in batches by `simulator.journal`. Tokens are never in it."""

    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    body = models.JSONField(null=True)
    status = models.IntegerField(help_text="HTTP status of the answer")
    answer = models.JSONField(null=True)
    at = models.DateTimeField(help_text="By the real clock")
    milliseconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"

"""One call of the API: who did what, when, and how it ended. Never what was said."""

from django.conf import settings
from django.db import models

from conversations.models.api_client import ApiClient


class ApiCall(models.Model):
    """Written after the answer; neither bodies nor addresses are kept, only the kind of address."""

    at = models.DateTimeField()
    client = models.ForeignKey(ApiClient, models.SET_NULL, null=True, related_name="calls")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="A person who was signed in; of a client its own row says who.",
    )
    method = models.CharField(max_length=10)
    route = models.CharField(max_length=120, help_text="The kind of address, without its ids.")
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=48, blank=True, help_text="Of a refusal: why.")
    milliseconds = models.PositiveIntegerField()
    request_id = models.UUIDField(help_text="X-Request-Id of the answer.")
    touched = models.JSONField(default=dict, help_text='Keys of the rows: {"contact": [5]}.')

    class Meta:
        verbose_name = "API call"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["client", "-id"], name="api_call_of_client"),
            models.Index(fields=["request_id"], name="api_call_by_request"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

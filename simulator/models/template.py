"""A message template in one language, with Meta's verdict on it."""

from django.db import models


class Template(models.Model):
    """As `GET /{waba}/message_templates` lists it. Only APPROVED ones can be sent."""

    template_id = models.CharField(max_length=40, unique=True)
    waba_id = models.CharField(max_length=40)
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=20)
    category = models.CharField(max_length=30)
    status = models.CharField(max_length=30)
    components = models.JSONField()
    parameter_format = models.CharField(max_length=12, default="POSITIONAL")
    quality_score = models.CharField(max_length=12, default="UNKNOWN")
    rejected_reason = models.CharField(max_length=60, default="NONE")
    created_at = models.DateTimeField(help_text="By the simulated clock")
    edits = models.JSONField(default=list, help_text="When it was edited, simulated Unix seconds")
    deleted_at = models.DateTimeField(null=True, help_text="Its name is held for 30 days")
    verdict_at = models.DateTimeField(null=True, help_text="By the real clock: the review ends")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waba_id", "name", "language"],
                condition=models.Q(deleted_at__isnull=True),
                name="simulator_template_is_one_per_name_and_language",
            )
        ]
        indexes = [models.Index(fields=["waba_id", "name"], name="simulator_template_by_name")]

    def __str__(self) -> str:
        return f"{self.name} {self.language}"

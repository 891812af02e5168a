"""When a long-running process was last seen at work, by the database's clock."""

from django.db import models


class Heartbeat(models.Model):
    """One row per kind of process."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

"""How far the business clock is ahead in development; one row, seen by every process."""

from django.db import models
from django.db.models import Q


class ClockOffset(models.Model):
    """Read only while DEBUG is on."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    offset_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_offset_is_one_row")]

    def __str__(self) -> str:
        return f"{self.offset_seconds} s"

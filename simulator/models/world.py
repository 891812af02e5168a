"""The one row that says what time it is in the simulated world, and how it behaves."""

from django.db import models


class World(models.Model):
    """Always the row with id 1; read it through `simulator.world`, which keeps it at hand."""

    clock_offset_seconds = models.FloatField(default=0)
    switches = models.JSONField(default=dict, help_text="Those that differ from their default")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="simulator_world_is_one_row")
        ]

    def __str__(self) -> str:
        return f"world {self.clock_offset_seconds:+.0f} s"

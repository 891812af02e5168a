"""A word that staff put on conversations to find them again."""

from django.db import models


class Label(models.Model):
    """Its colour is a tone of the inbox, so that it reads in light and in dark."""

    class Tone(models.TextChoices):
        GREY = "grey", "Grey"
        GREEN = "green", "Green"
        AMBER = "amber", "Amber"
        RED = "red", "Red"
        BLUE = "blue", "Blue"

    name = models.CharField(max_length=32, unique=True)
    tone = models.CharField(max_length=5, choices=Tone.choices, default=Tone.GREY)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="label_has_a_name")
        ]

    def __str__(self) -> str:
        return self.name

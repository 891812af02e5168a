"""A text that staff send often, found by its shortcut."""

from django.db import models


class CannedReply(models.Model):
    """Placeholders stand in double braces: {{first_name}}, {{my_name}}, {{business}}."""

    shortcut = models.SlugField(
        max_length=32, unique=True, help_text="Typed after a slash in the composer: /hours."
    )
    text = models.TextField(
        max_length=4096, help_text="{{first_name}}, {{my_name}} and {{business}} are filled in."
    )

    class Meta:
        verbose_name_plural = "canned replies"
        ordering = ["shortcut"]

    def __str__(self) -> str:
        return f"/{self.shortcut}"

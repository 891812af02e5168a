"""What rows have that other systems keep as well: which version this is, and since when."""

from django.db import models
from django.db.models.functions import Now


class Versioned(models.Model):
    """Both columns are written by a trigger of the database, whoever writes the row.

    So a version that was seen once is never seen again with other values: what the ETag rests on.
    """

    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True

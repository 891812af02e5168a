"""The cursor that open inboxes poll: what changed since I last looked?"""

from django.db import models
from django.db.models import Func

from conversations.models.message import Message
from conversations.models.thread import Thread


class CurrentTransaction(Func):
    """The id of the running transaction, as a whole number that only grows."""

    template = "pg_current_xact_id()::text::bigint"
    arity = 0
    output_field = models.BigIntegerField()


class Change(models.Model):
    """One row in the transaction of each change that an open inbox must show.

    Ids are given before the commit and may become visible out of order. So readers do not follow
    ids: they remember which transactions had ended when they looked, and read the rows of the
    others. Nothing is skipped and nothing is read twice.
    """

    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    # Checked by nobody, and gone within a day: what is not there any more, nobody is shown.
    thread = models.ForeignKey(
        Thread, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    message = models.ForeignKey(
        Message, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="change_by_transaction")]

    def __str__(self) -> str:
        return f"Change {self.pk}"

"""Everything that is announced, by name."""

from django.db import models


class Type(models.TextChoices):
    """Everything that is announced; a business domain's own types come beside it."""

    MESSAGE_RECEIVED = "message.received", "A customer wrote"
    MESSAGE_STATUS_CHANGED = "message.status_changed", "A message of ours was sent, delivered, read"
    MESSAGE_FAILED = "message.failed", "A message of ours will not arrive"
    MESSAGE_UNCONFIRMED = "message.unconfirmed", "Nobody knows whether a message of ours arrived"
    THREAD_HANDED_OVER = "thread.handed_over", "The assistant asked for a person"
    THREAD_TAKEN = "thread.taken", "A person took a conversation"
    THREAD_ASSIGNED = "thread.assigned", "A conversation was given to a person or a group"
    THREAD_RELEASED = "thread.released", "A conversation was handed back to the assistant"
    THREAD_CLOSED = "thread.closed", "A conversation was closed"
    THREAD_REOPENED = "thread.reopened", "A closed conversation was opened again"
    THREAD_MERGED = "thread.merged", "Two conversations of one customer became one"
    CONTACT_MERGED = "contact.merged", "Two contacts proved to be one person"
    TEMPLATE_CHANGED = "template.changed", "A template's state, category, quality or text changed"
    INVOICE_ASKED_FOR = "invoice.asked_for", "A customer asked the assistant about invoices"

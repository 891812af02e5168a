"""The door of django-q2: entry points by name. Ids in, nothing out, and each may run twice."""

from conversations import (
    blocking,
    delivery,
    media,
    pipeline,
    receipts,
    templates_sync,
    totals,
)


def reply(thread_id: int) -> None:
    """Answer what the customer of this thread asked, if it is still due, and post it at once."""
    if pipeline.reply(thread_id):
        delivery.deliver_thread(thread_id)


def mark_read(thread_id: int) -> None:
    """The customer sees that the newest message of the thread was read, if that is still due."""
    receipts.show_read(thread_id)


def tell_block(contact_id: int) -> None:
    """Meta holds what our row says: whether this contact is blocked."""
    blocking.tell(contact_id)


def fetch_media(media_file_id: int) -> None:
    """A customer's file is here, or its row says why it is not."""
    media.fetch(media_file_id)


def upload_media(media_file_id: int) -> None:
    """A file of ours is with Meta, and its message may leave."""
    media.upload(media_file_id)


def sync_templates(waba_id: str) -> None:
    """Our templates of this account are those that Meta holds."""
    templates_sync.sync(waba_id)


def count_lately() -> None:
    """The dashboard's figures of today and yesterday are counted anew."""
    totals.count_lately()

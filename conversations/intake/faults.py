"""Why one item of a webhook could not become a row, in words for staff."""

from conversations.whatsapp import events as wire


class ItemFault(Exception):
    """`str()` is safe to show: it holds no customer text."""


class Unreadable(ItemFault):
    """The item lacks what nobody can do without."""

    def __init__(self, item: wire.Broken) -> None:
        super().__init__(f"An item could not be read ({item.path}): {item.reason}")


class UnknownNumber(ItemFault):
    """Kept and shown, not guessed: the number may belong to another company."""

    def __init__(self, phone_number_id: str) -> None:
        super().__init__(
            f"The number with the id {phone_number_id[:64]} is not known here. "
            "Enter it under WhatsApp numbers, then process this event again."
        )

"""The menu: what a customer may choose from when nothing more precise can be answered."""

from django.conf import settings

from conversations.domain import domains
from conversations.models import Contact
from conversations.whatsapp.content import ListMenu, Row, Section

ORDERS = Section(
    "Orders & Delivery",
    (
        Row("track_order", "Track order", "Where is my delivery?"),
        Row("new_order", "New order", "Order or ask for a quote"),
    ),
)

# Chosen from the menu, and nobody here keeps orders yet: a person goes on, and knows why.
HAND_OVERS = {
    "track_order": "Wants to know where an order is.",
    "new_order": "Wants to place an order.",
}

# Said when a button is too old, or was never ours.
FRESH = "That choice is not available any more."

HEADER_LENGTH = 60  # Cloud API, interactive header text


def menu(contact: Contact, *, lead: str = "") -> ListMenu:
    """The rows of every domain, then orders; `lead` goes before the question."""
    name = f" {contact.first_name}" if contact.first_name else ""
    greeting = lead or f"Hi{name}, welcome to {settings.BUSINESS_NAME}."
    sections = [section for domain in domains() if (section := domain.menu())]
    return ListMenu(
        body=f"{greeting} How can we help?",
        button="View options",
        sections=(*sections, ORDERS),
        header=settings.BUSINESS_NAME[:HEADER_LENGTH],
        footer="Select an option",
    )

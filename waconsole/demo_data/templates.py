"""The demo's message templates: the same that the simulator has approved, paused and rejected.

Components are written as Meta's management API returns them. Source: Cloud API, message templates.
"""

from typing import Any

from conversations.models import MessageTemplate
from conversations.whatsapp.content import Body, Parameter, Template, UrlButton
from waconsole.demo_data.business import LANGUAGE, WABA_ID


def body(text: str, *example: str) -> dict[str, Any]:
    """A BODY component, with an example for each gap."""
    part: dict[str, Any] = {"type": "BODY", "text": text}
    return {**part, "example": {"body_text": [list(example)]}} if example else part


TRACK = {
    "type": "URL",
    "text": "Track order",
    "url": "https://example.com/track/{{1}}",
    "example": ["https://example.com/track/SO-1042"],
}
INVOICE_OVERDUE = [
    body("Hi {{1}}, your invoice for {{2}} is overdue.", "Thandi", "R 1 250.00"),
]
ORDER_SHIPPED = [
    body(
        "Hi {{1}}, your order {{2}} has left our warehouse and is on its way to you.",
        "Thandi",
        "SO-1042",
    ),
    {"type": "FOOTER", "text": "Thank you for your order"},
    {"type": "BUTTONS", "buttons": [TRACK]},
]
PAYMENT_RECEIVED = [
    body("Hi {{1}}, we have received your payment of {{2}}. Thank you.", "Thandi", "R 1 250.00"),
]
SPRING_SPECIAL = [
    {"type": "HEADER", "format": "TEXT", "text": "Spring is here"},
    body("Hi {{1}}, this week everything for the garden is 15% off.", "Thandi"),
    {"type": "FOOTER", "text": "Tap Stop to receive no more offers"},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Show me"},
            {"type": "QUICK_REPLY", "text": "Stop"},
        ],
    },
]

# name: category, status, components
TEMPLATES: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "invoice_overdue": ("UTILITY", "APPROVED", INVOICE_OVERDUE),
    "order_shipped": ("UTILITY", "APPROVED", ORDER_SHIPPED),
    "payment_received": ("UTILITY", "APPROVED", PAYMENT_RECEIVED),
    "spring_special": ("MARKETING", "APPROVED", SPRING_SPECIAL),
    "delivery_delayed": (
        "UTILITY",
        "PAUSED",
        [body("Hi {{1}}, your order is late. Sorry.", "Thandi")],
    ),
    "win_a_prize": (
        "MARKETING",
        "REJECTED",
        [body("You have won! Send us your card number.")],
    ),
}


def add() -> None:
    """All of them, in the demo's business account."""
    MessageTemplate.objects.bulk_create(
        MessageTemplate(
            waba_id=WABA_ID,
            template_id=f"30000000000000{number}",
            name=name,
            language=LANGUAGE,
            category=category,
            status=status,
            components=components,
        )
        for number, (name, (category, status, components)) in enumerate(TEMPLATES.items(), 1)
    )


def filled(name: str, *values: str, link: str = "") -> Template:
    """A template with its body's values, and the end of its button's address where it has one."""
    words = Body(tuple(Parameter(value) for value in values))
    button = (UrlButton(0, link),) if link else ()
    return Template(name, LANGUAGE, (words, *button))

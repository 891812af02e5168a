"""The people, the number and the templates that the simulated world begins with."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from simulator import clock, configuration, ids, world
from simulator.models import Customer, Number, Subscription, Template

CUSTOMERS = {
    "27821230001": "Thandi Mokoena",
    "27821230002": "Sipho Ndlovu",
    "27821230003": "Lerato Khumalo",
    "27821230004": "Johan van der Merwe",
    "27821230005": "Ayesha Patel",
    "27821230006": "Nomvula Dlamini",
    "27821230007": "Pieter Botha",
    "27821230008": "Fatima Essop",
    "27821230009": "Bongani Nkosi",
    "27821230010": "Chantal Adams",
    "27821230011": "Vusi Mahlangu",
    "27821230012": "Zanele Mthembu",
}


def body(text: str, *example: str) -> dict[str, Any]:
    """A BODY component with an example for each variable."""
    part: dict[str, Any] = {"type": "BODY", "text": text}
    return {**part, "example": {"body_text": [list(example)]}} if example else part


TRACK = {
    "type": "URL",
    "text": "Track order",
    "url": "https://example.com/track/{{1}}",
    "example": ["https://example.com/track/SO-1042"],
}
# name, category, status, components
TEMPLATES: tuple[tuple[str, str, str, list[dict[str, Any]]], ...] = (
    (
        "invoice_overdue",
        "UTILITY",
        "APPROVED",
        [body("Hi {{1}}, your invoice for {{2}} is overdue.", "Thandi", "R 1 250.00")],
    ),
    (
        "order_shipped",
        "UTILITY",
        "APPROVED",
        [
            body(
                "Hi {{1}}, your order {{2}} has left our warehouse and is on its way to you.",
                "Thandi",
                "SO-1042",
            ),
            {"type": "FOOTER", "text": "Thank you for your order"},
            {"type": "BUTTONS", "buttons": [TRACK]},
        ],
    ),
    (
        "payment_received",
        "UTILITY",
        "APPROVED",
        [
            body(
                "Hi {{1}}, we have received your payment of {{2}}. Thank you.",
                "Thandi",
                "R 1 250.00",
            )
        ],
    ),
    (
        "spring_special",
        "MARKETING",
        "APPROVED",
        [
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
        ],
    ),
    (
        "delivery_delayed",
        "UTILITY",
        "PAUSED",
        [body("Hi {{1}}, your order is late. Sorry.", "Thandi")],
    ),
    ("win_a_prize", "MARKETING", "REJECTED", [body("You have won! Send us your card number.")]),
)
LANGUAGE = "en_ZA"


@transaction.atomic
def ensure() -> None:
    """Number, subscription, people and templates are there. A second call adds what is missing."""
    told = configuration.current()
    Number.objects.get_or_create(
        phone_number_id=told.phone_number_id,
        defaults={
            "waba_id": told.waba_id,
            "display_phone_number": told.display_phone_number,
            "verified_name": told.business_name,
        },
    )
    # Subscribed only when the account is new: somebody may have unsubscribed it since.
    if not Template.objects.filter(waba_id=told.waba_id).exists():
        Subscription.objects.get_or_create(waba_id=told.waba_id)
        _add_templates(told.waba_id)
    if not Customer.objects.exists():
        add_customers()
    world.forget()


def add_customers() -> None:
    """The twelve people of the demo."""
    Customer.objects.bulk_create(
        Customer(wa_id=wa_id, name=name, bsuid=ids.bsuid("ZA")) for wa_id, name in CUSTOMERS.items()
    )


def _add_templates(waba_id: str) -> None:
    Template.objects.bulk_create(
        Template(
            template_id=ids.numeric(),
            waba_id=waba_id,
            name=name,
            language=LANGUAGE,
            category=category,
            status=status,
            components=components,
            quality_score="RED" if status == "PAUSED" else "GREEN",
            rejected_reason="SCAM" if status == "REJECTED" else "NONE",
            # Long ago, for Meta counts how many were made within the hour.
            created_at=clock.now() - timedelta(days=90),
        )
        for name, category, status, components in TEMPLATES
    )

"""The simulated world begins anew: demo people, number, templates, clock, no faults, empty log."""

from django.db import transaction

from simulator import demo, journal, world
from simulator.graph import usage
from simulator.graph.checks import limits
from simulator.media import files
from simulator.models import (
    Call,
    Customer,
    Event,
    Media,
    Message,
    Number,
    Subscription,
    Template,
    Webhook,
    World,
)


def reset() -> None:
    """Everything that was said, sent, switched or made is gone. POSTs on their way still arrive."""
    stored = list(Media.objects.values_list("stored_as", flat=True))
    journal.forget()
    limits.forget()
    usage.forget()
    with transaction.atomic():
        for model in (Event, Webhook, Message, Media, Customer, Template, Subscription, Number):
            model.objects.all().delete()
        Call.objects.all().delete()
        World.objects.all().delete()
    world.forget()
    demo.ensure()
    for name in stored:
        (files.folder() / name).unlink(missing_ok=True)

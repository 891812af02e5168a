"""The menu over the list by which it is narrowed to one label."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations.admin.inbox import access, queries, views
from conversations.admin.inbox.access import at_inbox
from conversations.admin.inbox.queries import Chosen
from conversations.models import Label


@dataclass(frozen=True)
class Item:
    """A label, how many open conversations have it, and where it leads."""

    label: Label
    count: str
    is_chosen: bool
    query: str


@at_inbox
def menu(request: HttpRequest) -> HttpResponse:
    """Every label with its count; two queries."""
    access.require(access.viewer_of(access.signed_in(request)), access.VIEW)
    chosen = views.chosen_of(request)
    labels = list(Label.objects.all())
    counts = queries.label_counts(labels)
    items = [
        Item(
            label,
            views.shown_count(counts.get(label.pk, 0)),
            label.pk == chosen.label,
            Chosen(chosen.name, chosen.words, label.pk).query,
        )
        for label in labels
    ]
    everything = Chosen(chosen.name, chosen.words).query
    context = {"items": items, "chosen": chosen, "everything": everything}
    return render(request, f"{views.TEMPLATES}/label_menu.html", context)

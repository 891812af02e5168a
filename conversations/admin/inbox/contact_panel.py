"""The contact beside the conversation: who it is, what may be sent, labels, and what may be done.

The panel loads by itself, and its past and its ledger only when they are asked for. An act answers
with the panel as it is afterwards; what it changes elsewhere comes with the next look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from conversations import blocking, consent, contacts, labels
from conversations.admin.inbox import access, past, views
from conversations.admin.inbox.access import REPLY, SUPERVISE, Visit, at_thread, is_script
from conversations.admin.inbox.acts import POST
from conversations.domain import domains
from conversations.models import ConsentEntry, Label, Notice

CHANGE = "conversations.change_contact"
ADD_LABEL = "conversations.add_label"
PARTS = {"past": past.of_contact, "ledger": past.ledger}
Purpose = ConsentEntry.Purpose


@at_thread()
def panel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The panel, or with `show` one part of it; a page of its own without a script."""
    part = request.GET.get("show", "")
    if part in PARTS and is_script(request):
        context = {**views.pane(visit), **PARTS[part](visit)}
        return render(request, f"{views.TEMPLATES}/panel_{part}.html", context)
    return _panel(request, visit, more=PARTS[part](visit) if part in PARTS else {})


@at_thread(REPLY, POST)
def label(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The label `put` is on the conversation, or `off` is not; `name` makes a new one and puts it
    on, for those who may make labels. Twice: as once."""
    given = request.POST
    if "name" in given:
        access.require(visit.viewer, ADD_LABEL)
        new = _label_named(given["name"], given.get("tone", ""))
        if new is None:
            return _refuse(request, visit, "A label has a name of 1 to 32 characters.")
        labels.put([visit.thread], new, by=visit.user)
        return _done(request, visit, f"Labelled {new}.")
    act, verb = (labels.put, "put on") if "put" in given else (labels.take_off, "taken off")
    chosen = get_object_or_404(Label, pk=views.key_of(given.get("put") or given.get("off") or ""))
    act([visit.thread], chosen, by=visit.user)
    return _done(request, visit, f"{chosen} was {verb}.")


def _label_named(name: str, tone: str) -> Label | None:
    """The label of this name, whichever way it is written; None for no name."""
    words = " ".join(name.replace("\x00", "").split())
    if not 0 < len(words) <= 32:
        return None
    known = Label.objects.filter(name__iexact=words).first()
    tone = tone if tone in Label.Tone.values else Label.Tone.GREY.value
    return known or Label.objects.get_or_create(name=words, defaults={"tone": tone})[0]


@at_thread(CHANGE, POST)
def edit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The contact has this `name`, `language` and these `remarks`."""
    wrote = {key: request.POST.get(key, "").strip() for key in ("name", "language", "remarks")}
    try:
        contacts.edit(visit.thread.contact, **wrote, by=visit.user)
    except contacts.NotEdited as refusal:
        return _refuse(request, visit, str(refusal), more={"wrote": wrote})
    return _done(request, visit, "Saved.")


@at_thread(CHANGE, POST)
def change_consent(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The `purpose` is allowed with `to=allowed`, else not wanted, for the `reason` given."""
    purpose = request.POST.get("purpose", "")
    if purpose not in Purpose.values:
        return _refuse(request, visit, "There is no such purpose.")
    try:
        consent.change(
            visit.thread.contact,
            Purpose(purpose),
            is_granted=request.POST.get("to") == "allowed",
            reason=request.POST.get("reason", ""),
            by=visit.user,
        )
    except consent.ReasonMissing as refusal:
        return _refuse(request, visit, str(refusal))
    return _done(request, visit, "Entered in the ledger.")


@at_thread(CHANGE, POST)
def block(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nothing is sent to the contact with `to=blocked`; else they are free again. Meta is told."""
    if request.POST.get("to") == "blocked":
        blocking.block(visit.thread.contact, by=visit.user)
        return _done(request, visit, "Blocked. WhatsApp is told.")
    blocking.unblock(visit.thread.contact, by=visit.user)
    return _done(request, visit, "Not blocked any more. WhatsApp is told.")


def _done(request: HttpRequest, visit: Visit, said: str) -> HttpResponse:
    if not is_script(request):
        messages.success(request, said)
        return redirect("admin:conversations_thread_inbox_panel", visit.thread.pk)
    return _panel(request, access.visit(request, visit.thread.pk), more={"said": said})


def _refuse(
    request: HttpRequest, visit: Visit, why: str, *, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Nothing was done; the panel says why, and keeps what was written."""
    return _panel(request, visit, status=422, more={"refused": why, **(more or {})})


def _panel(
    request: HttpRequest, visit: Visit, *, status: int = 200, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    context = {**_context(visit), **(more or {})}
    if is_script(request):
        return render(request, f"{views.TEMPLATES}/panel.html", context, status=status)
    shown = {**context, "show_panel": True}
    return views.page(request, visit.user, visit.viewer, visit, status=status, more=shown)


def _context(visit: Visit) -> dict[str, Any]:
    """Two queries, and those of the business domains."""
    contact, viewer = visit.thread.contact, visit.viewer
    all_labels = list(_labels(visit))
    cards = [domain.panel(contact, viewer) for domain in domains()]
    return {
        **views.pane(visit),
        "contact": contact,
        "cards": [card for card in cards if card],
        "labels": [one for one in all_labels if one.is_on],  # type: ignore[attr-defined]
        "other_labels": [one for one in all_labels if not one.is_on],  # type: ignore[attr-defined]
        "tones": Label.Tone.choices,
        "block_notice": _block_notice(visit),
        "consents": [
            (purpose, Purpose(purpose).label, not _is_refused(visit, purpose))
            for purpose in Purpose.values
        ],
        "may_label": viewer.may(REPLY),
        "may_make_labels": viewer.may(REPLY) and viewer.may(ADD_LABEL),
        "may_edit": viewer.may(CHANGE),
        "may_merge": viewer.may(SUPERVISE),
    }


def _labels(visit: Visit) -> QuerySet[Label]:
    on_it = Label.threads.through.objects.filter(label=OuterRef("pk"), thread=visit.thread.pk)
    return Label.objects.annotate(is_on=Exists(on_it))


def _is_refused(visit: Visit, purpose: str) -> bool:
    """Who wants no service messages gets no marketing either."""
    return bool({purpose, Purpose.SERVICE} & consent.withdrawn_of_row(visit.thread))


def _block_notice(visit: Visit) -> Notice | None:
    """What WhatsApp did not take of a block or of its end."""
    pk = visit.thread.contact_id
    keys = [f"block:{pk}", f"unblock:{pk}"]
    return Notice.objects.filter(key__in=keys, ended_at=None).order_by("-pk").first()

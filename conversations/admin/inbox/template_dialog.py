"""The dialog that sends an approved template: choose one, fill it in, see it, send it.

It works as a dialog of the page and, without a script, as a page of its own.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations import consent, media, sending, templates_sync
from conversations.admin.inbox import acts, rows, states, template_form, views
from conversations.admin.inbox.access import REPLY, SEE_NUMBER, Visit, at_thread, is_script
from conversations.admin.inbox.formatting import clock_time
from conversations.admin.inbox.template_form import CHOSEN
from conversations.models import Message, MessageTemplate
from conversations.whatsapp.client import message_body
from conversations.whatsapp.content import Content, ContentError, Template, TemplateShape

LISTED = 200
SYNC = "conversations.change_messagetemplate"


@dataclass(frozen=True)
class Item:
    """A template in the list; `refusal` says why this customer cannot get it."""

    template: MessageTemplate
    refusal: str

    @property
    def category(self) -> str:
        """In words: "Marketing"."""
        return self.template.category.capitalize()


@dataclass(frozen=True)
class Preview:
    """The message as it would be sent now, or what keeps it from being sent."""

    reading: template_form.Reading
    content: Template | None = None
    problem: str = ""
    wire: str = ""  # exactly what goes to WhatsApp


@at_thread(REPLY, ("GET", "HEAD", "POST"))
def dialog(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the dialog, with the template of the address. POST: the template is queued, with the
    `file` for its header where one was chosen, or with `preview` only shown: values are a
    customer's and never stand in an address.

    Answers: 409 where the conversation is not this person's or the gate refuses, 422 while a value
    is missing.
    """
    composer = states.composer_of(visit)
    if not composer.may_write:
        return acts.refuse(request, visit, 409, composer.text)
    given = request.POST if request.method == "POST" else request.GET
    items = _items(visit)
    chosen = next((one for one in items if str(one.template.pk) == given.get("template")), None)
    values = template_form.values_of(given)
    if request.method == "POST" and "preview" not in request.POST:
        return _send(request, visit, chosen, values)
    reference = acts.reference_of(request) or uuid.uuid4()
    context = {
        **views.pane(visit),
        "reference": reference,
        "items": items,
        "languages": sorted({one.template.language for one in items}),
        "categories": sorted({one.category for one in items}),
        "chosen": chosen,
        "time": clock_time(visit.now),
        "may_sync": visit.viewer.may(SYNC),
        **(_filled(visit, chosen, values, reference) if chosen else {}),
    }
    if is_script(request):
        return render(request, f"{views.TEMPLATES}/template_dialog.html", context)
    return views.page(
        request, visit.user, visit.viewer, visit, more={**context, "show_dialog": True}
    )


@at_thread(SYNC, acts.POST)
def sync(request: HttpRequest, visit: Visit) -> HttpResponse:
    """WhatsApp is asked for the templates of this number's account. Twice: asked once."""
    account = visit.thread.phone_number.waba_id
    if not account:
        return acts.refuse(request, visit, 422, "Enter the account id of our number first.")
    templates_sync.ask(account)
    return acts.done(request, visit, said="WhatsApp is asked. Look again in a moment.")


def _items(visit: Visit) -> list[Item]:
    """What may be sent from this number, in the business's own language first.

    One of its own account goes before one for all. One query.
    """
    found = MessageTemplate.objects.filter(
        status=MessageTemplate.APPROVED, waba_id__in=["", visit.thread.phone_number.waba_id]
    )
    ordered = found.order_by("name", "language", "waba_id")[:LISTED]
    once = {(row.name, row.language): row for row in ordered}.values()
    own_first = sorted(once, key=lambda row: row.language != settings.TEMPLATE_LANGUAGE)
    return [Item(row, _refusal(visit, row)) for row in own_first]


def _refusal(visit: Visit, template: MessageTemplate) -> str:
    """Why this customer cannot get it, said before anything is filled in."""
    purposes = consent.withdrawn_of_row(visit.thread)
    purpose = consent.forbidden(purposes, template.category)
    name = rows.name_of(visit.thread.contact, visit.viewer)
    return f"{name} does not want {purpose} messages." if purpose else ""


def _filled(
    visit: Visit, item: Item, values: dict[str, str], reference: uuid.UUID
) -> dict[str, Any]:
    shape = TemplateShape.from_components(item.template.components)
    content, problem = _built(visit, item, shape, values)
    wire = _wire(visit, content, reference) if content else ""
    return {
        "fields": template_form.fields_of(shape, values),
        "preview": Preview(template_form.reading(shape, values), content, problem, wire),
    }


def _built(
    visit: Visit, item: Item, shape: TemplateShape, values: dict[str, str]
) -> tuple[Template | None, str]:
    """The template ready to be sent, or None and what keeps it from being sent."""
    if item.refusal:
        return None, item.refusal
    missing = template_form.missing(shape, values)
    if missing and not shape.obstacle:
        return None, f"Still to fill in: {', '.join(missing)}"
    try:
        content = _content(item, shape, values)
        sending.check(visit.thread, content, now=visit.now)
    except ContentError as error:
        return None, str(error)
    except sending.SendRefused as refusal:
        return None, acts.words_of(refusal)
    return content, ""


def _content(
    item: Item, shape: TemplateShape, values: dict[str, str], file: Content | None = None
) -> Template:
    row = item.template
    return shape.build(row.name, row.language, template_form.filled(values, file))


def _wire(visit: Visit, content: Template, reference: uuid.UUID) -> str:
    """The body that goes to WhatsApp; a number that is masked for this person is masked here."""
    contact = visit.thread.contact
    body = message_body(
        content.to_wire(), to=contact.wa_id, recipient=contact.bsuid, reference=str(reference)
    )
    if "to" in body and not visit.viewer.may(SEE_NUMBER):
        body["to"] = contact.masked_number
    return json.dumps(body, indent=2, ensure_ascii=False)


def _send(
    request: HttpRequest, visit: Visit, item: Item | None, values: dict[str, str]
) -> HttpResponse:
    if item is None:
        return acts.refuse(request, visit, 422, "Choose a template first.")
    try:
        _queue(request, visit, item, values)
    except ContentError as error:
        return acts.refuse(request, visit, 422, f"Not sent: {error}")
    except media.FileRefused as refusal:
        return acts.refuse(request, visit, 422, f"Not sent: {acts.words_of(refusal)}")
    except sending.SendRefused as refusal:
        return acts.refuse(request, visit, 409, acts.words_of(refusal))
    return acts.done(request, visit)


def _queue(request: HttpRequest, visit: Visit, item: Item, values: dict[str, str]) -> None:
    """The template stands queued; with a file of ours it waits until WhatsApp has that.

    Raises: ContentError, FileRefused, and whatever the gate refuses.
    """
    shape = TemplateShape.from_components(item.template.components)
    key, uploaded = template_form.file_key(shape), request.FILES.get("file")
    # The name alone, without its file, is nothing that could be sent.
    values = {name: value for name, value in values.items() if name != f"{key}{CHOSEN}"}
    reference = acts.reference_of(request)
    if uploaded is None or not key:
        content = _content(item, shape, values)
        origin = Message.Origin.STAFF
        sending.send(visit.thread, content, origin=origin, by=visit.user, reference=reference)
        return
    values[f"{key}{CHOSEN}"] = uploaded.name or "file"

    def within(file: Content) -> Content:
        return _content(item, shape, values, file)

    media.attach(visit.thread, uploaded, by=visit.user, reference=reference, within=within)

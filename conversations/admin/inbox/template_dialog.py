"""The dialog that sends an approved template: choose one, fill it in, see it, send it.

It works as a dialog of the page and, without a script, as a page of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from conversations import sending
from conversations.admin.inbox import acts, states, views
from conversations.admin.inbox.access import REPLY, Visit, at_thread, is_script
from conversations.admin.inbox.formatting import clock_time, wa_format
from conversations.models import Message, MessageTemplate
from conversations.whatsapp.content import ContentError, Template, TemplateShape

LISTED = 200


@dataclass(frozen=True)
class Field:
    """One gap of the template and what stands in it."""

    name: str  # of the form field: "v.1", "v.header.image"
    label: str
    kind: str
    value: str
    example: str
    is_required: bool


@dataclass(frozen=True)
class Preview:
    """How the message will look, and whether it can be sent."""

    header: str
    body: SafeString
    footer: str
    buttons: tuple[str, ...]
    content: Template | None = None
    problem: str = ""

    @property
    def wire(self) -> str:
        """The body of the message as it goes over the wire."""
        if self.content is None:
            return ""
        return json.dumps(self.content.to_wire(), indent=2, ensure_ascii=False)


@at_thread(REPLY, ("GET", "HEAD", "POST"))
def dialog(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the dialog, with the template of the address. POST: the template is queued, or with
    `preview` only shown: values are a customer's and never stand in an address.

    Answers: 409 where the conversation is not this person's or the gate refuses, 422 while a value
    is missing.
    """
    composer = states.composer_of(visit)
    if not composer.may_write:
        return acts.refuse(request, visit, 409, composer.text)
    given = request.POST if request.method == "POST" else request.GET
    templates = _approved(visit)
    chosen = _chosen(templates, given.get("template", ""))
    values = {key[2:]: str(value).strip() for key, value in given.items() if key.startswith("v.")}
    if request.method == "POST" and "preview" not in request.POST:
        return _send(request, visit, chosen, values)
    context = {
        **views.pane(visit),
        "templates": templates,
        "chosen_template": chosen,
        "time": clock_time(visit.now),
        **(_filled(visit, chosen, values) if chosen else {}),
    }
    if is_script(request):
        return render(request, f"{views.TEMPLATES}/template_dialog.html", context)
    return views.page(
        request, visit.user, visit.viewer, visit, more={**context, "show_dialog": True}
    )


def _approved(visit: Visit) -> list[MessageTemplate]:
    """What may be sent from this number, in the business's own language first.

    One of its own account goes before one for all.
    """
    rows = MessageTemplate.objects.filter(
        status=MessageTemplate.APPROVED, waba_id__in=["", visit.thread.phone_number.waba_id]
    )
    ordered = rows.order_by("name", "language", "waba_id")[:LISTED]
    found = {(row.name, row.language): row for row in ordered}.values()
    return sorted(found, key=lambda row: row.language != settings.TEMPLATE_LANGUAGE)


def _chosen(templates: list[MessageTemplate], key: str) -> MessageTemplate | None:
    return next((template for template in templates if str(template.pk) == key), None)


def _filled(visit: Visit, template: MessageTemplate, values: dict[str, str]) -> dict[str, object]:
    shape = TemplateShape.from_components(template.components)
    return {
        "fields": fields_of(shape, values),
        "preview": preview_of(visit, template, values),
    }


def fields_of(shape: TemplateShape, values: dict[str, str]) -> list[Field]:
    """What a person fills in; buttons that need nothing are left out."""
    return [
        Field(
            f"v.{slot.key}",
            slot.label,
            slot.kind,
            values.get(slot.key, ""),
            slot.example,
            slot.required,
        )
        for slot in shape.variables
    ]


def preview_of(visit: Visit, template: MessageTemplate, values: dict[str, str]) -> Preview:
    """The message with these values in it, and what is still missing or forbidden."""
    shape = TemplateShape.from_components(template.components)
    filled = {key: value for key, value in values.items() if value}
    content, problem = _built(visit, template, shape, filled)
    header, body, footer = _lines(shape, filled)
    buttons = tuple(button.text for button in shape.buttons)
    return Preview(header, wa_format(body), footer, buttons, content, problem)


def _built(
    visit: Visit, template: MessageTemplate, shape: TemplateShape, filled: dict[str, str]
) -> tuple[Template | None, str]:
    """The template ready to be sent, or None and what keeps it from being sent."""
    missing = [slot.label for slot in shape.variables if slot.key not in filled]
    if missing and not shape.obstacle:
        return None, f"Still to fill in: {', '.join(missing)}"
    try:
        content = shape.build(template.name, template.language, filled)
        sending.check(visit.thread, content, now=visit.now)
    except ContentError as error:
        return None, str(error)
    except sending.SendRefused as refusal:
        return None, acts.words_of(refusal)
    return content, ""


def _lines(shape: TemplateShape, filled: dict[str, str]) -> tuple[str, str, str]:
    """Header, body and footer as the customer reads them."""
    whole = shape.render(filled)
    footer = shape.footer_text
    head = TemplateShape(shape.header_kind, shape.header_text, "", "", (), (), "").render(filled)
    body = whole[len(head) :].lstrip("\n")
    return head, body.removesuffix(footer).rstrip("\n") if footer else body, footer


def _send(
    request: HttpRequest, visit: Visit, template: MessageTemplate | None, values: dict[str, str]
) -> HttpResponse:
    if template is None:
        return acts.refuse(request, visit, 422, "Choose a template first.")
    shape = TemplateShape.from_components(template.components)
    filled = {key: value for key, value in values.items() if value}
    try:
        content = shape.build(template.name, template.language, filled)
        sending.send(
            visit.thread,
            content,
            origin=Message.Origin.STAFF,
            by=visit.user,
            reference=acts.reference_of(request),
        )
    except ContentError as error:
        return acts.refuse(request, visit, 422, f"Not sent: {error}")
    except sending.SendRefused as refusal:
        return acts.refuse(request, visit, 409, acts.words_of(refusal))
    return acts.done(request, visit)

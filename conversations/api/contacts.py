"""Contacts: customers, by number or by Meta's id of them. Numbers are masked for whoever may not
see them, and cannot be searched for by them either."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import blocking, opening, scopes
from conversations.api import access, bodies, problems
from conversations.api.filters import CharFilter, FilterSet
from conversations.api.problems import Fault, Problem
from conversations.api.resource import Resource
from conversations.models import Contact, PhoneNumber

OURS_TO_CHANGE = ("name", "language", "remarks")


class ContactBody(bodies.Row):
    phone_number = serializers.SerializerMethodField(
        help_text="+27821234567; masked without contacts:numbers; null for who hides it."
    )
    bsuid = serializers.SerializerMethodField(help_text="Null without contacts:numbers.")

    class Meta:
        model = Contact
        fields = [
            "id",
            "phone_number",
            "bsuid",
            "name",
            "username",
            "language",
            "remarks",
            "is_blocked",
            "created_at",
        ]

    def get_phone_number(self, contact: Contact) -> str | None:
        if not contact.wa_id:
            return None
        return f"+{contact.wa_id}" if self._sees_numbers() else contact.masked_number

    def get_bsuid(self, contact: Contact) -> str | None:
        return contact.bsuid if self._sees_numbers() else None

    def _sees_numbers(self) -> bool:
        return self.caller.may(scopes.CONTACTS_NUMBERS)


class ContactChanges(bodies.Row):
    example = {"remarks": "Wants invoices on the first of the month."}

    class Meta:
        model = Contact
        fields = [*OURS_TO_CHANGE, "is_blocked"]


class NewContact(bodies.Row):
    example = {"phone_number": "+27 82 123 4567", "name": "Thandi Nkosi", "language": "en_ZA"}
    phone_number = serializers.CharField(
        max_length=40, help_text="+27 82 123 4567, or without the country of our own number."
    )

    class Meta:
        model = Contact
        fields = ["phone_number", *OURS_TO_CHANGE]


class ContactFilters(FilterSet):
    phone_number = CharFilter(
        method="with_number", label="Exactly; needs contacts:numbers: +27821234567"
    )
    name = CharFilter(lookup_expr="icontains", label="A part of the name")

    class Meta:
        model = Contact
        fields = ["is_blocked", "username"]

    def with_number(self, rows: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        """Who is shown masked numbers could spell them out by searching."""
        access.require(self.request.auth, scopes.CONTACTS_NUMBERS)
        return rows.filter(wa_id="".join(sign for sign in value if sign.isdecimal()))


class Contacts(Resource):
    """Contacts."""

    access = {
        "list": scopes.CONTACTS_READ,
        "retrieve": scopes.CONTACTS_READ,
        "create": scopes.CONTACTS_WRITE,
        "partial_update": scopes.CONTACTS_WRITE,
    }
    queryset = Contact.objects.all()
    serializer_class = ContactBody
    filterset_class = ContactFilters

    @extend_schema(request=NewContact, responses={201: ContactBody, 200: ContactBody})
    def create(self, request: Request) -> Response:
        """A contact with this number: made (201), or the one who has it (200), in any form of it.

        Name, language and remarks are written where they are given.
        """
        asked = bodies.read(NewContact, request)
        ours = PhoneNumber.objects.first()
        before = Contact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        contact = opening.contact_of(ours, asked.pop("phone_number"))
        _write(contact, asked)
        self.touch(contact)
        status = 201 if contact.pk > before else 200
        return self.answer(contact, status=status, location=f"/api/v1/contacts/{contact.pk}")

    @extend_schema(request=ContactChanges, responses=ContactBody)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The fields that are given, and no other. WhatsApp is told of a block."""
        contact = self.locked()
        asked = bodies.read(ContactChanges, request, partial=True)
        is_blocked = asked.pop("is_blocked", contact.is_blocked)
        _write(contact, asked)
        if is_blocked != contact.is_blocked:
            act = blocking.block if is_blocked else blocking.unblock
            act(contact, by=self.caller.user)
            contact.is_blocked = is_blocked
        return self.answer(contact)


def _write(contact: Contact, fields: dict[str, Any]) -> None:
    """A name that another system gives is ours: the customer's own does not replace it."""
    if "name" in fields:
        fields["name_is_ours"] = bool(fields["name"])
    for name, value in fields.items():
        setattr(contact, name, value)
    if fields:
        contact.save(update_fields=list(fields))


@problems.translates(opening.NumberRefused)
def _number_refused(refused: opening.NumberRefused) -> Problem:
    fault = Fault(("pointer", "#/phone_number"), refused.why, "no_number", refused.advice)
    return problems.invalid((fault,))

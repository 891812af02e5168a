"""Accounts: who is invoiced, at the accounting system's key, and who speaks for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Prefetch
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from billing import ledger
from billing.api.keyed import Keyed, body_of, must_be_new
from billing.domain import ACCOUNTS_READ, ACCOUNTS_WRITE
from billing.ledger.entries import AccountFields, AccountRow, account_entry
from billing.models import Account
from conversations.api import bodies
from conversations.api.filters import MomentFilter
from conversations.api.resource import Door
from conversations.models import Contact


class AccountBody(bodies.Row):
    """An account as it is shown."""

    contact_ids = serializers.SerializerMethodField(help_text="The contacts who speak for it.")

    class Meta:
        model = Account
        fields = [
            "id",
            "external_id",
            "name",
            "contact_ids",
            "version",
            "created_at",
            "updated_at",
        ]

    def get_contact_ids(self, account: Account) -> list[int]:
        return sorted(contact.pk for contact in account.contacts.all())


class AccountFilters(filters.FilterSet):  # type: ignore[misc]  # untyped
    """What a list of accounts can be narrowed by."""

    external_id = filters.CharFilter(max_length=64)
    contact_id = filters.NumberFilter(
        field_name="contacts", min_value=1, max_value=2**63 - 1, label="Who speaks for it."
    )
    updated_since = MomentFilter(
        field_name="updated_at", lookup_expr="gte", label="Written at this time or later."
    )

    class Meta:
        model = Account
        fields: ClassVar[list[str]] = []


class Accounts(Keyed):
    """Accounts."""

    access = {
        "list": ACCOUNTS_READ,
        "retrieve": ACCOUNTS_READ,
        "create": ACCOUNTS_WRITE,
        "update": ACCOUNTS_WRITE,
        "partial_update": ACCOUNTS_WRITE,
    }
    queryset = Account.objects.prefetch_related(
        Prefetch("contacts", Contact.objects.only("pk").order_by())
    )
    serializer_class = AccountBody
    filterset_class = AccountFilters
    detail_name = "billing-api:account-detail"

    @extend_schema(request=AccountRow, responses={201: AccountBody})
    def create(self, request: Request) -> Response:
        """Add an account; one that is there already stays as it is, and you are told."""
        entry = account_entry(body_of(request, AccountRow))
        return self.written(ledger.put_account(entry, must_be_new))

    @extend_schema(request=AccountFields, responses={200: AccountBody, 201: AccountBody})
    def update(self, request: Request, external_id: str) -> Response:
        """Add or replace the account with this key. The same again changes nothing."""
        body = body_of(request, AccountRow, also={"external_id": external_id})
        return self.written(ledger.put_account(account_entry(body), self.check))

    @extend_schema(request=AccountFields, responses={200: AccountBody})
    def partial_update(self, request: Request, external_id: str) -> Response:
        """Change what the body names, and nothing else."""
        changes = body_of(request, AccountFields, partial=True)
        try:
            return self.written(ledger.change_account(external_id, changes, self.check))
        except Account.DoesNotExist as gone:
            raise Http404 from gone


class Speaker(Door):
    """A contact who speaks for an account, at /accounts/<external_id>/contacts/<contact_id>."""

    access = {"put": ACCOUNTS_WRITE, "delete": ACCOUNTS_WRITE}

    @extend_schema(request=None, responses={204: None}, operation_id="accounts_contacts_link")
    def put(self, request: Request, external_id: str, contact_id: int) -> Response:
        """The contact speaks for the account. Twice: it does still."""
        return self._answer(ledger.link, external_id, contact_id)

    @extend_schema(request=None, responses={204: None}, operation_id="accounts_contacts_unlink")
    def delete(self, request: Request, external_id: str, contact_id: int) -> Response:
        """The contact no longer speaks for the account. Twice: nothing more happens."""
        return self._answer(ledger.unlink, external_id, contact_id)

    def _answer(self, act: Any, external_id: str, contact_id: int) -> Response:
        try:
            act(external_id, contact_id)
        except (Account.DoesNotExist, Contact.DoesNotExist) as gone:
            raise Http404 from gone
        return Response(status=204)

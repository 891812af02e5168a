"""Which group may do what: the table of rights, pair by pair."""

import pytest
from django.contrib.auth.models import User

from tests import factories

pytestmark = pytest.mark.django_db

EVERYBODY = {
    "conversations.view_thread",
    "conversations.reply_thread",
    "conversations.view_contact",
    "conversations.view_message",
    "conversations.view_messagetemplate",
    "conversations.view_notice",
    "conversations.view_cannedreply",
    "conversations.view_label",
    "conversations.view_dailytotal",
    "billing.view_account",
    "billing.view_invoice",
}
SUPERVISOR = {
    "conversations.supervise_thread",
    "conversations.see_full_number",
    "conversations.change_contact",
    "conversations.view_webhookevent",
    "conversations.change_webhookevent",
    "conversations.change_messagetemplate",
    "conversations.add_cannedreply",
    "conversations.change_cannedreply",
    "conversations.delete_cannedreply",
    "conversations.add_label",
    "conversations.change_label",
    "conversations.delete_label",
    "billing.view_ledgerimport",
    "billing.view_importrow",
}
BILLING = {
    "billing.add_account",
    "billing.change_account",
    "billing.add_invoice",
    "billing.change_invoice",
    "billing.view_ledgerimport",
    "billing.view_importrow",
    "billing.add_ledgerimport",
}


def rights(user: User) -> set[str]:
    return set(User.objects.get(pk=user.pk).get_all_permissions())


def test_an_agent_may_answer_and_look_and_nothing_more() -> None:
    assert rights(factories.an_agent()) == EVERYBODY


def test_a_supervisor_may_also_supervise_see_numbers_and_mend() -> None:
    assert rights(factories.a_supervisor()) == EVERYBODY | SUPERVISOR


def test_a_billing_clerk_may_also_change_invoices_and_accounts() -> None:
    assert rights(factories.a_clerk()) == EVERYBODY | BILLING


def test_bob_may_nothing() -> None:
    assert rights(factories.bob()) == set()

"""The contact beside the conversation, and what business domains add to it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from pytest_django import Settings

from billing.models import Account, Invoice
from conversations import clock, consent
from conversations.models import Contact, Thread
from tests import factories
from tests.inbox.pages import at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi", username="thandi.n"))
    factories.an_inbound(thread, "My invoice?", intent="invoice")
    return thread


def an_overdue_invoice(thread: Thread) -> Invoice:
    account = Account.objects.create(name="Nkosi Holdings")
    account.contacts.add(thread.contact)
    due = clock.today() - timedelta(days=5)
    return Invoice.objects.create(
        number="INV-0001", account=account, amount=4540, issued_on=due, due_on=due
    )


def test_it_shows_who_writes_to_whom_about_what(thread: Thread) -> None:
    html = fragment(signed_in(factories.an_agent()), at(thread, "panel/"))
    for words in ("Thandi Nkosi", "@thandi.n", str(thread.phone_number), "Allowed"):
        assert words in html
    past = fragment(signed_in(factories.an_agent("kim")), at(thread, "panel/"), show="past")
    assert "Last asked about: <b>invoice</b>" in past


def test_it_shows_what_may_not_be_sent(thread: Thread) -> None:
    now = clock.now()
    consent.withdraw(thread.contact, (consent.Purpose.SERVICE,), at=now, source="customer")
    html = fragment(signed_in(factories.an_agent()), at(thread, "panel/"))
    assert html.count("Not wanted") == 2
    Contact.objects.update(is_blocked=True)
    assert "Blocked" in fragment(signed_in(factories.an_agent("kim")), at(thread, "panel/"))


def test_only_a_supervisor_is_offered_to_edit(thread: Thread) -> None:
    assert "Edit contact" in fragment(signed_in(factories.a_supervisor()), at(thread, "panel/"))
    assert "Edit contact" not in fragment(signed_in(factories.an_agent()), at(thread, "panel/"))


def test_it_shows_the_invoices_of_this_contact(thread: Thread) -> None:
    an_overdue_invoice(thread)
    html = fragment(signed_in(factories.an_agent()), at(thread, "panel/"))
    assert "INV-0001" in html
    assert "R 4,540.00" in html
    assert "Overdue" in html


def test_who_may_not_see_invoices_sees_none(thread: Thread) -> None:
    an_overdue_invoice(thread)
    user = factories.bob()
    user.user_permissions.add(Permission.objects.get(codename="view_thread"))
    html = fragment(signed_in(user), at(thread, "panel/"))
    assert "Thandi Nkosi" in html
    assert "INV-0001" not in html


def test_the_link_to_all_invoices_leads_to_these(thread: Thread) -> None:
    invoice = an_overdue_invoice(thread)
    client = signed_in(factories.an_agent())
    url = f"/admin/billing/invoice/?account__id__in={invoice.account_id}"
    assert url in fragment(client, at(thread, "panel/"))
    assert "INV-0001" in client.get(url).content.decode()


def test_a_business_without_domains_has_a_panel_too(thread: Thread, settings: Settings) -> None:
    settings.BUSINESS_DOMAINS = {}
    assert "Thandi Nkosi" in fragment(signed_in(factories.an_agent()), at(thread, "panel/"))


def test_without_a_script_it_is_a_page_with_a_way_back(thread: Thread) -> None:
    html = signed_in(factories.an_agent()).get(at(thread, "panel/")).content.decode()
    assert "<html" in html
    assert "Back to the conversation" in html

"""The ordinary pages of the admin: they open, for whom they should, and hold what they promise."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from billing.models import Account, Invoice
from conversations import clock, consent
from conversations.models import Contact, Message, MessageTemplate, PhoneNumber, Thread
from tests import factories, webhooks
from tests.inbox.pages import INBOX, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    contact = factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    thread = factories.a_thread(contact=contact)
    factories.an_inbound(thread, content={"from": "27821234567"})
    factories.a_template()
    account = Account.objects.create(name="Nkosi Holdings")
    account.contacts.add(contact)
    today = clock.today()
    Invoice.objects.create(
        number="INV-1", account=account, amount=4540, issued_on=today, due_on=today
    )
    return thread


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root", "", factories.PASSWORD))


def pages() -> list[str]:
    """A list and a row of everything there is."""
    rows = [Thread, Contact, Message, MessageTemplate, PhoneNumber, Account, Invoice, User]
    found = []
    for model in rows:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [base, f"{base}{model._default_manager.latest('pk').pk}/change/?form=1"]
    return found


def test_a_superuser_opens_every_page(root: Client, thread: Thread) -> None:
    for path in pages():
        assert root.get(path).status_code == 200, path
    for model in ("success", "failure", "schedule", "ormq"):
        assert root.get(f"/admin/django_q/{model}/").status_code == 200
    assert root.get("/admin/auth/group/").status_code == 200


def test_bob_opens_none(thread: Thread) -> None:
    client = signed_in(factories.bob())
    for path in pages():
        assert client.get(path).status_code == 403, path


AGENT = {"thread", "contact", "message", "messagetemplate", "account", "invoice"}


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (factories.an_agent, AGENT),
        (factories.a_clerk, AGENT),
        (factories.a_supervisor, AGENT | {"webhookevent"}),
    ],
)
def test_each_group_opens_its_own_lists(make: object, seen: set[str], thread: Thread) -> None:
    client = signed_in(make())  # type: ignore[operator]
    every = {
        **dict.fromkeys(
            ["thread", "contact", "message", "messagetemplate", "phonenumber", "webhookevent"],
            "conversations",
        ),
        **dict.fromkeys(["account", "invoice"], "billing"),
        **dict.fromkeys(["user", "group"], "auth"),
        **dict.fromkeys(["success", "failure", "schedule", "ormq"], "django_q"),
    }
    opened = {
        model
        for model, app in every.items()
        if client.get(f"/admin/{app}/{model}/").status_code == 200
    }
    assert opened == seen


@pytest.mark.parametrize(
    ("make", "items"),
    [
        (factories.an_agent, "Today Inbox Contacts Templates Accounts Invoices"),
        (
            factories.a_supervisor,
            "Today Inbox Contacts Templates Accounts Invoices Webhook events",
        ),
        (factories.bob, ""),
    ],
)
def test_the_sidebar_shows_what_one_may_open(make: object, items: str) -> None:
    html = signed_in(make()).get("/admin/").content.decode()  # type: ignore[operator]
    every = "Today|Inbox|Contacts|Templates|Accounts|Invoices|Webhook events|Background jobs|Users"
    for item in every.split("|"):
        assert (f"<span>{item}</span>" in html) is (item in items), item


def test_the_sidebar_of_a_superuser_has_everything(root: Client) -> None:
    html = root.get("/admin/").content.decode()
    for item in ("Inbox", "Webhook events", "Background jobs", "Users", "WhatsApp numbers"):
        assert f"<span>{item}</span>" in html


def test_one_item_of_the_sidebar_is_lit_in_the_inbox(thread: Thread) -> None:
    html = signed_in(factories.an_agent()).get(INBOX).content.decode()
    lit = re.findall(r' active">\s*<span[^>]*>\s*(\w+)\s*</span>', html)
    assert lit == ["forum"]


def test_the_badge_counts_unread_conversations(thread: Thread) -> None:
    client = signed_in(factories.an_agent())
    link = 'href="/admin/conversations/thread/inbox/"'

    def badge() -> str:
        html = client.get("/admin/").content.decode()
        part = html[html.index(link) : html.index("</a>", html.index(link))]
        return part.rsplit(">", 2)[-2].split("<")[0].strip()

    assert badge() == "1"
    Thread.objects.update(unread_count=0)
    assert badge() != "1"


def test_an_agent_never_reads_a_full_number(thread: Thread) -> None:
    client = signed_in(factories.an_agent())
    for path in pages():
        html = client.get(path).content.decode()
        assert "27821234567" not in html, path


def test_a_supervisor_reads_and_names_a_contact(thread: Thread) -> None:
    client = signed_in(factories.a_supervisor())
    path = f"/admin/conversations/contact/{thread.contact_id}/change/"
    assert "27821234567" in client.get(path).content.decode()
    fields = {"name": "Thandiwe Nkosi", "username": "", "is_blocked": "on"}
    assert client.post(path, {**fields, **no_inlines()}).status_code == 302
    contact = Contact.objects.get()
    assert (contact.name, contact.is_blocked) == ("Thandiwe Nkosi", True)
    assert contact.wa_id == "27821234567"


def no_inlines() -> dict[str, str]:
    return {
        "consent_entries-TOTAL_FORMS": "0",
        "consent_entries-INITIAL_FORMS": "0",
    }


@pytest.mark.parametrize("make", [factories.an_agent, factories.a_clerk])
def test_others_may_not_edit_a_contact(make: object, thread: Thread) -> None:
    path = f"/admin/conversations/contact/{thread.contact_id}/change/"
    client = signed_in(make())  # type: ignore[operator]
    assert client.post(path, {"name": "X", **no_inlines()}).status_code == 403


def test_the_consent_ledger_stands_at_the_contact(thread: Thread) -> None:
    consent.withdraw(
        thread.contact, (consent.Purpose.MARKETING,), at=clock.now(), source="said STOP"
    )
    path = f"/admin/conversations/contact/{thread.contact_id}/change/"
    for user in (factories.an_agent(), factories.a_supervisor()):
        assert "said STOP" in signed_in(user).get(path).content.decode()


def test_nobody_adds_or_deletes_what_the_machine_writes(root: Client, thread: Thread) -> None:
    for model in ("thread", "message", "contact", "webhookevent"):
        assert root.get(f"/admin/conversations/{model}/add/").status_code == 403
    message = Message.objects.get()
    assert (
        root.post(f"/admin/conversations/message/{message.pk}/change/", {"text": "x"}).status_code
        == 403
    )
    assert root.get(f"/admin/conversations/message/{message.pk}/delete/").status_code == 403


def test_messages_are_found_by_their_ids(root: Client, thread: Thread) -> None:
    message = Message.objects.get()
    for words in (str(message.wamid), str(message.reference)):
        html = root.get("/admin/conversations/message/", {"q": words}).content.decode()
        assert "Thandi Nkosi" in html
    assert root.get("/admin/conversations/message/", {"q": "not a uuid"}).status_code == 200


def test_a_template_shows_how_it_reads(thread: Thread) -> None:
    template = MessageTemplate.objects.get()
    path = f"/admin/conversations/messagetemplate/{template.pk}/change/"
    for user in (factories.an_agent(), factories.a_supervisor()):
        html = signed_in(user).get(path).content.decode()
        assert "Hi {{1}}, your invoice for {{2}} is overdue." in html


def test_a_paused_number_says_so(root: Client, thread: Thread) -> None:
    path = "/admin/conversations/phonenumber/"
    assert "Sending" in root.get(path).content.decode()
    PhoneNumber.objects.update(paused_reason="The access token has expired.")
    assert "Paused" in root.get(path).content.decode()


def test_a_clerk_enters_an_invoice_and_an_agent_may_not(thread: Thread) -> None:
    day = clock.today()
    fields = {
        "number": "INV-2",
        "account": Account.objects.get().pk,
        "amount": "12.50",
        "currency": "ZAR",
        "issued_on": day,
        "due_on": day,
        "status": "open",
    }
    agent, clerk = signed_in(factories.an_agent()), signed_in(factories.a_clerk())
    assert agent.post("/admin/billing/invoice/add/", fields).status_code == 403
    assert clerk.post("/admin/billing/invoice/add/", fields).status_code == 302
    assert Invoice.objects.filter(number="INV-2").exists()
    path = f"/admin/billing/invoice/{Invoice.objects.get(number='INV-2').pk}/"
    assert clerk.get(f"{path}delete/").status_code == 403
    assert agent.post(f"{path}change/", fields).status_code == 403


def test_invoices_show_what_is_overdue(thread: Thread) -> None:
    client = signed_in(factories.a_clerk())
    html = client.get("/admin/billing/invoice/").content.decode()
    assert "R 4,540.00" in html
    due = clock.today() - timedelta(days=1)
    Invoice.objects.update(issued_on=due, due_on=due)
    assert "INV-1" in client.get("/admin/billing/invoice/?overdue=yes").content.decode()
    assert "INV-1" not in client.get("/admin/billing/invoice/?overdue=no").content.decode()


def test_an_account_shows_its_invoices(thread: Thread) -> None:
    account = Account.objects.get()
    client = signed_in(factories.a_clerk())
    html = client.get(f"/admin/billing/account/{account.pk}/change/").content.decode()
    assert "INV-1" in html


CONTACTS = "/admin/conversations/contact/"


def test_who_sees_masked_numbers_cannot_spell_them_out() -> None:
    factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    agent, supervisor = signed_in(factories.an_agent()), signed_in(factories.a_supervisor())
    assert "Thandi" in supervisor.get(CONTACTS, {"q": "2782123"}).content.decode()
    assert "Thandi" not in agent.get(CONTACTS, {"q": "2782123"}).content.decode()
    assert agent.get(CONTACTS, {"wa_id__startswith": "278"}).status_code == 400


def test_a_name_that_staff_gave_outlives_the_next_message() -> None:
    contact = factories.a_contact("xX_thandi_Xx", wa_id="27821234567")
    factories.a_phone_number(phone_number_id=webhooks.NUMBER)
    fields = {"name": "Thandi Nkosi", "username": "", "language": "", "remarks": ""}
    forms = {"consent_entries-TOTAL_FORMS": 0, "consent_entries-INITIAL_FORMS": 0}
    page = f"{CONTACTS}{contact.pk}/change/"
    assert signed_in(factories.a_supervisor()).post(page, fields | forms).status_code == 302
    webhooks.receive(webhooks.text("27821234567", "Hello"), names={"27821234567": "xX_thandi_Xx"})
    contact.refresh_from_db()
    assert contact.name == "Thandi Nkosi"

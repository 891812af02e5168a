"""What the demo's rows hold is what the live program would have written and can work with."""

from datetime import date

import pytest
from django.contrib.auth.models import User

from billing.domain import Billing
from billing.models import Account, Invoice
from conversations import canned, clock, sending
from conversations.domain import Viewer
from conversations.models import CannedReply, Contact, Message, MessageTemplate, PhoneNumber, Thread
from conversations.whatsapp.content import Template, TemplateShape, from_wire
from conversations.whatsapp.events.kinds import read_said
from waconsole import demo_data
from waconsole.demo_data import Login, customers, ledger
from waconsole.demo_data.templates import TEMPLATES, filled


@pytest.fixture(autouse=True)
def loaded(demo: list[Login]) -> None:
    """Every test here looks at the demo."""


def test_what_was_sent_reads_back_from_its_row() -> None:
    for message in Message.objects.filter(direction="out"):
        content = from_wire(message.content)
        assert content.kind == message.kind
        if not isinstance(content, Template):
            assert content.text_for_people() == message.text


def test_what_came_in_reads_as_intake_would_read_it() -> None:
    for message in Message.objects.filter(direction="in"):
        said = read_said(message.content)
        assert (said.kind, said.text) == (message.kind, message.text)


def test_template_bubbles_show_the_words_that_the_customer_read() -> None:
    texts = Message.objects.filter(kind="template").values_list("text", flat=True)
    assert "Hi Nomvula, your invoice for R 8,940.00 is overdue." in texts
    assert not any("{{" in text for text in texts)


def test_every_canned_reply_can_be_filled_in_for_every_customer_with_a_name() -> None:
    replies, kim = list(CannedReply.objects.all()), User.objects.get(username="kim")
    assert len(replies) >= 5
    for contact in Contact.objects.exclude(name=""):
        for reply in replies:
            assert "{{" not in canned.fill(reply, contact=contact, by=kim)


def test_answers_about_invoices_are_those_of_today() -> None:
    thandi = Thread.objects.get(contact__name="Thandi Mokoena")
    texts = list(thandi.messages.values_list("text", flat=True))
    offer = Billing().answer_intent(thandi, "invoice")
    view = Billing().answer_tap(thandi, "view_invoices", "")
    for answer in (offer, view):
        assert answer is not None
        assert answer.contents[0].text_for_people() in texts
    assert sum("18 days overdue" in text for text in texts) == 2


def test_older_answers_tell_the_lateness_of_their_own_day() -> None:
    johan = Thread.objects.get(contact__name="Johan van der Merwe")
    (shown,) = johan.messages.filter(kind="buttons").values_list("text", flat=True)
    assert "1 day overdue" in shown
    assert Invoice.objects.get(number="INV-0856").days_overdue(clock.today()) == 5


def test_accounts_and_contacts_meet_in_every_way() -> None:
    assert Account.objects.count() == 9
    bongani, lerato = (
        Contact.objects.get(name=name) for name in ("Bongani Nkosi", "Lerato Khumalo")
    )
    assert Account.objects.filter(contacts=bongani).count() == 2
    assert Account.objects.get(contacts=lerato).contacts.count() == 2
    assert Contact.objects.filter(accounts=None).count() == 3


def test_invoices_are_open_overdue_and_paid() -> None:
    today = clock.today()
    late = [invoice.days_overdue(today) for invoice in Invoice.objects.all().overdue(today)]
    assert 25 <= Invoice.objects.count() <= 30
    assert (min(late), max(late)) == (3, 60)
    assert Invoice.objects.open().filter(due_on__gte=today).count() >= 5
    assert Invoice.objects.filter(status="paid").count() >= 10


def test_invoices_are_issued_in_the_order_of_their_numbers_and_paid_after_that() -> None:
    rows = list(Invoice.objects.order_by("number"))
    issued: list[date] = [invoice.issued_on for invoice in rows]
    assert issued == sorted(issued)
    paid = [(invoice.issued_on, invoice.paid_on) for invoice in rows if invoice.paid_on]
    assert all(issued_on < paid_on <= clock.today() for issued_on, paid_on in paid)
    assert len(paid) == sum(invoice.status == Invoice.Status.PAID for invoice in rows)


def test_the_list_shows_who_owes_money() -> None:
    ids = list(Contact.objects.values_list("pk", flat=True))
    assert len(Billing().chips(ids)) >= 6


def test_a_number_found_in_the_search_leads_to_its_contact() -> None:
    thandi = Contact.objects.get(name="Thandi Mokoena")
    assert list(Billing().search("INV-0847")) == [thandi.pk]


def test_nobody_without_the_right_sees_the_card() -> None:
    assert Billing().panel(Contact.objects.all()[0], Viewer()) is None


def test_the_number_is_the_one_that_the_processes_serve() -> None:
    number = PhoneNumber.objects.get()
    assert (number.phone_number_id, number.waba_id) == ("100000000000001", "200000000000001")
    assert number.display_number == "+27 21 555 0100"


def test_the_overdue_template_says_exactly_this() -> None:
    template = MessageTemplate.objects.get(name="invoice_overdue", language="en_ZA")
    assert (template.status, template.category) == ("APPROVED", "UTILITY")
    assert template.components[0]["text"] == "Hi {{1}}, your invoice for {{2}} is overdue."


@pytest.mark.parametrize(
    "content",
    [
        filled("invoice_overdue", "Fatima", "R 1.00"),
        filled("order_shipped", "Fatima", "SO-1", link="SO-1"),
        filled("payment_received", "Fatima", "R 1.00"),
        filled("spring_special", "Fatima"),
    ],
    ids=lambda content: content.name,
)
def test_approved_templates_pass_the_gate_outside_the_window(content: Template) -> None:
    fatima = Thread.objects.get(contact__name="Fatima Essop")
    sending.check(fatima, content, now=clock.now())


@pytest.mark.parametrize(
    "content",
    [filled("delivery_delayed", "Fatima"), Template("win_a_prize", "en_ZA")],
    ids=lambda content: content.name,
)
def test_paused_and_rejected_templates_do_not(content: Template) -> None:
    fatima = Thread.objects.get(contact__name="Fatima Essop")
    with pytest.raises(sending.TemplateRefused):
        sending.check(fatima, content, now=clock.now())


def test_every_template_can_be_read() -> None:
    for _, _, components in TEMPLATES.values():
        assert TemplateShape.from_components(components).body_text


def test_the_environment_names_the_business_and_its_bank() -> None:
    assert demo_data.ENVIRONMENT == {
        "BUSINESS_NAME": "Karoo Office Supplies",
        "BANK_DETAILS": demo_data.BANK_DETAILS,
    }
    assert demo_data.BANK_DETAILS.splitlines()[0] == "Karoo Office Supplies"


def test_amounts_in_stories_are_those_of_the_ledger() -> None:
    assert ledger.amount("INV-0847") == "R 24,500.00"


def test_customers_have_the_numbers_of_their_phones() -> None:
    rows = Contact.objects.order_by("wa_id").values_list("wa_id", "name")
    assert list(rows) == list(customers.NAMES.items())
    assert [wa_id for wa_id, _ in rows] == [f"278212300{number:02}" for number in range(1, 13)]

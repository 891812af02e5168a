"""What the assistant says in the stories, made by the code that answers real customers.

Name and bank details are the demo's own, whatever the loading process has in its settings.
"""

from dataclasses import replace
from datetime import date

from billing import answers, overdue
from conversations.menu import menu
from conversations.models import Contact
from conversations.whatsapp.content import Content, ListMenu
from waconsole.demo_data.business import BANK_DETAILS, BUSINESS_NAME

PAYMENTS_SHOWN = 5


def greeting(contact: Contact) -> ListMenu:
    """The menu that follows a greeting."""
    hello = f"Hi {contact.first_name}, welcome to {BUSINESS_NAME}. How can we help?"
    return replace(menu(contact), body=hello, header=BUSINESS_NAME)


def offer(contact: Contact) -> Content:
    """ "You have 2 open invoices", with its two buttons."""
    count = len(overdue.open_invoices(contact))
    return answers.offer(contact.first_name, count).contents[0]


def open_invoices(contact: Contact, *, on: date) -> Content:
    """The list behind "View invoices", as it read on that day."""
    found = overdue.open_invoices(contact)
    return answers.open_invoices(found, on=on).contents[0]


def how_to_pay(contact: Contact) -> Content:
    """The bank details behind "Pay now"."""
    found = overdue.open_invoices(contact)
    return answers.how_to_pay(found, bank_details=BANK_DETAILS).contents[0]


def payment_history(contact: Contact) -> Content:
    """The list behind "Payment history"."""
    return answers.payment_history(overdue.latest_paid(contact, PAYMENTS_SHOWN)).contents[0]

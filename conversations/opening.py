"""Beginning a conversation: from a number that somebody typed, or with a contact we know.

Staff and other systems come in. Nothing is sent: the customer hears of it with the first template.
"""

from __future__ import annotations

import phonenumbers
from django.db import transaction
from phonenumbers import NumberParseException, ValidationResult

from conversations import clock, contacts
from conversations.models import Contact, PhoneNumber, Thread
from conversations.whatsapp.events import Person
from conversations.whatsapp.numbers import wa_id_variants

WHY_NOT = {
    ValidationResult.TOO_SHORT: "There are digits missing",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "There are digits missing",
    ValidationResult.TOO_LONG: "There are too many digits",
    ValidationResult.INVALID_COUNTRY_CODE: "There is no such country code",
}
WITH_COUNTRY = "Write it with + and the country code: +27 82 123 4567."


class NumberRefused(ValueError):
    """`str()` says what is wrong with the number and how to write it."""

    def __init__(self, why: str, advice: str = WITH_COUNTRY) -> None:
        super().__init__(f"{why}. {advice}")
        self.why, self.advice = f"{why}.", advice


def thread_with(phone_number: PhoneNumber, whom: str | Contact) -> Thread:
    """The thread of our number with a contact, or with a telephone number as people write it.

    A number without a country code is taken for one of our own number's country. A customer who is
    known under another form of it, or who had it before, is not doubled.
    Raises: NumberRefused. Twice, and two at once: the same thread.
    """
    contact = whom if isinstance(whom, Contact) else contact_of(phone_number, whom)
    Thread.objects.bulk_create(
        [Thread(phone_number=phone_number, contact=contact)], ignore_conflicts=True
    )
    rows = Thread.objects.select_related("contact", "phone_number", "assigned_to")
    return rows.get(phone_number=phone_number, contact=contact)


def contact_of(phone_number: PhoneNumber | None, text: str) -> Contact:
    """The contact with a telephone number as people write it, made where there is none.

    Raises: NumberRefused. Twice, and under another form of the number: the same contact.
    """
    wa_id = wa_id_of(text, phone_number)
    if found := contacts.aliases.by_number(wa_id, clock.now()):
        return found.contact
    new = _checked(wa_id)
    if new in {_digits(number) for number in _our_numbers()}:
        raise NumberRefused("This is one of your own numbers", "Choose a customer's.")
    with transaction.atomic():
        return contacts.identify(Person(wa_id=new), clock.now())


def number_of(text: str, phone_number: PhoneNumber) -> str:
    """The digits of a number that some telephone has, as people write it. Raises: NumberRefused."""
    return _checked(wa_id_of(text, phone_number))


def wa_id_of(text: str, phone_number: PhoneNumber | None) -> str:
    """The digits with country code of a number as people write it. Raises: NumberRefused."""
    try:
        parsed = phonenumbers.parse(text, _country_of(phone_number))
    except NumberParseException as error:
        if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise NumberRefused("The country is missing, or there is no such country") from error
        raise NumberRefused("This is not a telephone number") from error
    if parsed.extension:
        raise NumberRefused("WhatsApp knows no extensions", "Leave it out.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[1:]


def _country_of(phone_number: PhoneNumber | None) -> str | None:
    """ "ZA", as our own number is written; None where that says nothing."""
    if phone_number is None:
        return None
    try:
        parsed = phonenumbers.parse(phone_number.display_number)
    except NumberParseException:
        return None
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def _checked(wa_id: str) -> str:
    """The form of the number that is in use somewhere. Raises: NumberRefused for none."""
    for form in wa_id_variants(wa_id):
        if phonenumbers.is_valid_number(phonenumbers.parse(f"+{form}")):
            return form
    reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(f"+{wa_id}"))
    raise NumberRefused(WHY_NOT.get(reason, "No telephone has this number"))


def _our_numbers() -> list[str]:
    return list(PhoneNumber.objects.values_list("display_number", flat=True))


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdecimal())

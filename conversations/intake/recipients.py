"""What statuses teach about whom we wrote to: a user id, or another form of the number."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.intake.contacts import Seen, contacts_of
from conversations.intake.ticks import Standing
from conversations.whatsapp.events import Person, StatusUpdate
from conversations.whatsapp.numbers import wa_id_variants


def learn(about: Iterable[tuple[StatusUpdate, Standing]]) -> None:
    """The contact written to has the ids that came back.

    Names stay: they came with an answer, not with a word of the customer.
    """
    seen = [one for update, message in about if (one := _news(update, message))]
    if seen:
        contacts_of(list({one.ids: one for one in seen}.values()))


def _news(update: StatusUpdate, message: Standing) -> Seen | None:
    """The contact's ids with what is new, or None where nothing is, or somebody else is meant."""
    told = update.recipient
    wa_id, bsuid = message.contact_wa_id, message.contact_bsuid
    new_bsuid = told.bsuid if bsuid is None else None
    is_form = told.wa_id not in (None, wa_id) and told.wa_id in wa_id_variants(wa_id or "")
    if told.wa_id not in (None, wa_id) and not is_form:
        return None  # sent before the contact got another number
    if not new_bsuid and not is_form:
        return None
    person = Person(wa_id=told.wa_id or wa_id, bsuid=new_bsuid or bsuid)
    return Seen(person, update.at)

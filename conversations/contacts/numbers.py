"""Many telephone numbers at once, as a list from another system names them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from conversations.models import Contact, ContactAlias
from conversations.whatsapp.numbers import wa_id_variants


def of_numbers(wa_ids: Iterable[str], at: datetime) -> dict[str, int]:
    """The contact's id for each of these numbers, made where there is none; four statements.

    Whoever has the number now, in this form or another of the same telephone. A number that was
    given back belongs to nobody. Twice: the same contacts.
    """
    wanted = sorted(set(wa_ids))
    if not wanted:
        return {}
    found = _known(wanted, at)
    missing = [wa_id for wa_id in wanted if wa_id not in found]
    if missing:
        rows = [Contact(wa_id=wa_id) for wa_id in missing]
        Contact.objects.bulk_create(rows, ignore_conflicts=True)
        made = Contact.objects.filter(wa_id__in=missing).values_list("wa_id", "pk")
        found |= {str(wa_id): pk for wa_id, pk in made}
    return found


def _known(wa_ids: list[str], at: datetime) -> dict[str, int]:
    forms = {form for wa_id in wa_ids for form in wa_id_variants(wa_id)}
    valid = Q(valid_until=None) | Q(valid_until__gte=at)
    aliases = ContactAlias.objects.filter(valid, kind=ContactAlias.Kind.WA_ID, value__in=forms)
    held: dict[str, int] = dict(aliases.values_list("value", "contact_id"))
    own = Contact.objects.filter(wa_id__in=forms).values_list("wa_id", "pk")
    held |= {str(wa_id): pk for wa_id, pk in own}
    # The form that was asked for goes before another one of the same telephone.
    best = {
        wa_id: [held[form] for form in wa_id_variants(wa_id) if form in held] for wa_id in wa_ids
    }
    return {wa_id: found[0] for wa_id, found in best.items() if found}

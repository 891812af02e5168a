"""What staff call a customer, and what they write to them in."""

from __future__ import annotations

import logging
import re

from django.contrib.auth.models import User
from django.db import transaction

from conversations import changes
from conversations.models import Contact, Thread

logger = logging.getLogger(__name__)

NAME_LENGTH = 255
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")  # as templates name theirs


class NotEdited(ValueError):
    """`str()` says what is wrong, and how to write it."""


def edit(contact: Contact, *, name: str, language: str, remarks: str, by: User) -> bool:
    """The contact has this name, which no profile name replaces, this language and these remarks.

    An empty name leaves it to the customer's profile. False where it was so already: nothing is
    written then. Raises: NotEdited.
    """
    name = " ".join(name.replace("\x00", "").split())
    if len(name) > NAME_LENGTH:
        raise NotEdited(f"A name has {NAME_LENGTH} characters at most.")
    if language and not LANGUAGE.fullmatch(language):
        raise NotEdited("Write the language as its code: en, af, zu, en_ZA.")
    remarks = remarks.replace("\x00", "").replace("\r\n", "\n").strip()
    fields: dict[str, object] = {"language": language, "remarks": remarks}
    if name != contact.name:
        fields |= {"name": name, "name_is_ours": bool(name)}
    with transaction.atomic():
        rows = Contact.objects.filter(pk=contact.pk).exclude(
            name=name, language=language, remarks=remarks
        )
        changed = rows.update(**fields) == 1
        if changed:
            ids = Thread.objects.filter(contact=contact).order_by("pk")
            changes.record_many([(pk, None) for pk in ids.values_list("pk", flat=True)])
    logger.info("contact=%s edited=%s by=%s", contact.pk, changed, by.pk)
    return changed

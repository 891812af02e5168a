"""Texts that staff send often: found by what is typed after a slash, filled in for a customer."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet

from conversations.models import CannedReply, Contact

SHOWN = 20
PLACEHOLDER = re.compile(r"\{\{\s*(.*?)\s*\}\}")
LEFT_OVER = re.compile(r"\{\{|\}\}")

WHY_EMPTY = {
    "first_name": "the customer's name is not known",
    "my_name": "your profile has no first name",
    "business": "the business has no name in the settings",
}


class NotFilled(ValueError):
    """A placeholder that would be empty, or that nobody knows; `placeholder` names it."""

    def __init__(self, placeholder: str, why: str) -> None:
        self.placeholder = placeholder
        super().__init__(f"{{{{{placeholder}}}}} cannot be filled in: {why}.")


def matching(prefix: str) -> QuerySet[CannedReply]:
    """The replies whose shortcut begins so, with or without the slash, at most 20; one query."""
    wanted = prefix.strip().removeprefix("/").replace("\x00", "")
    return CannedReply.objects.filter(shortcut__istartswith=wanted).order_by("shortcut")[:SHOWN]


def check(text: str) -> None:
    """Raises NotFilled where braces have no partner or a placeholder is none of ours."""
    if left := LEFT_OVER.search(PLACEHOLDER.sub("", text)):
        raise NotFilled(left.group(), "a pair of braces is not complete")
    for name in PLACEHOLDER.findall(text):
        if name not in WHY_EMPTY:
            raise NotFilled(name, f"there is only {', '.join(WHY_EMPTY)}")


def fill(reply: CannedReply, *, contact: Contact, by: User) -> str:
    """The text with {{first_name}}, {{my_name}} and {{business}} filled in.

    What is filled in is not looked at again: braces in a name stay braces.
    Raises: NotFilled, for braces without a partner as well; nobody sends those on purpose.
    """
    known = {
        "first_name": contact.first_name,
        "my_name": by.first_name.strip(),
        "business": settings.BUSINESS_NAME.strip(),
    }
    check(reply.text)

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if not known[name]:
            raise NotFilled(name, WHY_EMPTY[name])
        return known[name]

    return PLACEHOLDER.sub(value, reply.text)

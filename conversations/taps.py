"""Ids of buttons and list rows: plain words, or signed ones that name a row of one contact.

An id comes back from the customer's phone, so it is theirs to forge: one that names a row holds
only for the contact it was made for, and only for a month.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from conversations.models import Contact

VALID_FOR = timedelta(days=30)
MARK = ":"


@dataclass(frozen=True)
class Action:
    """What was chosen: a name that a domain knows, and the row it is about, or ""."""

    name: str
    ref: str = ""


def mint(name: str, ref: int, contact: Contact) -> str:
    """The id of a button that acts on row `ref`, for this contact only."""
    return _signer(contact).sign(f"{name}.{ref}")


def read(tapped: str, contact: Contact) -> Action | None:
    """The action of an id, or None where it is forged, expired, or was made for somebody else."""
    if MARK not in tapped:
        return Action(tapped)
    try:
        name, _, ref = _signer(contact).unsign(tapped, max_age=VALID_FOR).rpartition(".")
    except BadSignature:
        return None
    return Action(name, ref)


def _signer(contact: Contact) -> TimestampSigner:
    return TimestampSigner(sep=MARK, salt=f"tap.{contact.pk}")

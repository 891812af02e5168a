"""What a webhook can tell about messages, as frozen values. Account news stand in `account.py`.

Each field says *raw* (as Meta wrote it, only cleaned) or *normalised*, and its unit.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.whatsapp.codes import Explanation, explain
from conversations.whatsapp.events.reading import JsonObject


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer. At least one of wa_id and bsuid is known; a username is a label, never a key."""

    wa_id: str | None = None  # normalised: digits with country code, no "+"
    bsuid: str | None = None  # raw: never change its letters, never read a country from it
    parent_bsuid: str | None = None  # raw: of linked business portfolios
    name: str | None = (
        None  # normalised: profile name without surrounding space, chosen by the user
    )
    username: str | None = None  # normalised: without "@"


@dataclass(frozen=True, kw_only=True)
class MetaError:
    """One entry of an `errors` list."""

    code: int | None  # normalised; None where it is no number
    title: str  # raw, "" where missing
    message: str  # raw, "" where missing
    details: str  # raw: error_data.details, "" where missing

    @property
    def explanation(self) -> Explanation:
        """What to tell staff."""
        return explain(self.code, self.details or self.message or self.title)


@dataclass(frozen=True, kw_only=True)
class Tap:
    """What the customer chose."""

    id: str  # raw: the id we gave the button or row, or a template button's payload; may be ""
    title: str  # raw: what stood on it


@dataclass(frozen=True, kw_only=True)
class MediaRef:
    """A file at Meta. The id lives 7 days."""

    media_id: str  # raw
    mime_type: str  # raw: may have parameters, "audio/ogg; codecs=opus"; "" where missing
    sha256: str  # raw: of the file, hexadecimal or base64; "" where missing
    filename: str  # raw: chosen by the sender, not to be trusted; "" where missing
    caption: str  # raw, "" where missing
    is_animated: bool = False  # raw: stickers


@dataclass(frozen=True, kw_only=True)
class ReactionTo:
    """An emoji on a message, or its removal."""

    target: str  # raw: wamid of the message it stands on
    emoji: str | None  # raw; None: the customer took the reaction away


@dataclass(frozen=True, kw_only=True)
class SystemChange:
    """Something happened to the customer's account."""

    # normalised: number_changed, user_id_changed, identity_changed, chat_opened, other
    change: str
    person: Person  # normalised: the ids that hold from now on; all None where none is given
    identity_hash: str | None = None  # raw: new one, where identity checks are on


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a message says, whoever sent it."""

    kind: str  # normalised: text, image, ..., "unsupported" and "unknown" for the rest
    raw_type: str  # raw: Meta's type; for interactive ones "interactive.<its type>"
    text: str  # normalised: what people read; a label where the message is no text
    content: JsonObject  # raw: {"type": t, t: ...} as on the wire
    tap: Tap | None = None
    media: MediaRef | None = None
    reaction: ReactionTo | None = None
    system: SystemChange | None = None
    answers: tuple[tuple[str, str], ...] = ()  # normalised: a form's fields and their answers
    edits: str | None = None  # raw: wamid of the message whose text this replaces
    revokes: str | None = None  # raw: wamid of the message that was deleted for everyone


@dataclass(frozen=True, kw_only=True)
class InboundMessage(Said):
    """A customer wrote, tapped, reacted, changed a message, or got a new number."""

    phone_number_id: str  # raw: ours
    waba_id: str  # raw, "" where missing
    wamid: str  # raw
    sender: Person  # normalised
    sent_at: datetime  # normalised: aware UTC, WhatsApp's time, to the second
    opens_window: bool  # normalised: does the 24-hour window begin anew with it
    quotes: str | None = None  # raw: wamid of the message it answers; may be unknown to us
    is_forwarded: bool = False  # normalised
    is_forwarded_often: bool = False  # normalised: more than five times
    referral: JsonObject | None = None  # raw: the ad or post the customer came from
    product: JsonObject | None = None  # raw: the catalogue product it asks about
    errors: tuple[MetaError, ...] = ()

    @property
    def forwarded(self) -> bool:
        return self.is_forwarded or self.is_forwarded_often


@dataclass(frozen=True, kw_only=True)
class Echo(Said):
    """Staff wrote from the phone app of a number that is used both ways (coexistence)."""

    phone_number_id: str  # raw: ours
    waba_id: str  # raw, "" where missing
    wamid: str  # raw
    recipient: Person  # normalised
    sent_at: datetime  # normalised: aware UTC
    quotes: str | None = None  # raw
    errors: tuple[MetaError, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StatusUpdate:
    """What became of a message that was sent; also of messages that other programs sent."""

    phone_number_id: str  # raw: ours, "" where missing
    waba_id: str  # raw, "" where missing
    wamid: str  # raw
    status: (
        str  # normalised to lower case: sent, delivered, read, played, failed, or news of Meta's
    )
    at: datetime  # normalised: aware UTC, to the second
    recipient: Person  # normalised; all None where nobody is named
    reference: str | None = None  # raw: our biz_opaque_callback_data
    errors: tuple[MetaError, ...] = ()
    pricing: JsonObject | None = None  # raw: billable, pricing_model, type, category
    conversation: JsonObject | None = None  # raw: up to v23 on each, later only from ads


@dataclass(frozen=True, kw_only=True)
class UserPreference:
    """A customer stopped or resumed messages of a category."""

    phone_number_id: str  # raw, "" where missing
    waba_id: str  # raw, "" where missing
    person: Person  # normalised
    category: str  # raw: "marketing_messages"
    value: str  # normalised to lower case: stop, resume, or news of Meta's
    detail: str  # raw: one English sentence, "" where missing
    at: datetime  # normalised: aware UTC


@dataclass(frozen=True, kw_only=True)
class PlatformError:
    """Trouble with the number or account as a whole, told beside the messages."""

    phone_number_id: str  # raw, "" where missing
    waba_id: str  # raw, "" where missing
    error: MetaError


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Something this program has no use for yet. Kept and shown raw."""

    field: str  # raw: Meta's webhook field, or what stood in its place
    value: Any  # raw
    waba_id: str = ""  # raw


@dataclass(frozen=True, kw_only=True)
class Broken:
    """An item that cannot be read. Its neighbours were."""

    path: str  # normalised: "entry[0].changes[0].value.messages[2]"
    reason: str  # normalised: what is wrong, without the item's own words
    raw: Any  # raw

"""Items of the `messages` field and of its relatives, one at a time."""

from dataclasses import dataclass

from conversations.whatsapp.events.kinds import NOT_OPENING, read_said
from conversations.whatsapp.events.people import Contacts, person, sender_of
from conversations.whatsapp.events.reading import (
    JsonObject,
    Unusable,
    moment,
    needed,
    obj,
    objects,
    text,
    text_or_none,
    whole,
)
from conversations.whatsapp.events.shapes import (
    Echo,
    InboundMessage,
    MetaError,
    PlatformError,
    StatusUpdate,
    Unknown,
    UserPreference,
)


@dataclass(frozen=True)
class Around:
    """What stands around an item: the account, our number, and the customers' names."""

    waba_id: str
    phone_number_id: str
    contacts: Contacts


def around(waba_id: str, value: JsonObject) -> Around:
    number = text(obj(value, "metadata"), "phone_number_id").strip()
    return Around(waba_id, number, Contacts(value))


def read_message(message: JsonObject, near: Around) -> InboundMessage | Unknown:
    """Return a customer's message. Groups are not served: what was said there is kept raw."""
    if text(message, "group_id"):
        return Unknown(field="messages.group", value=message, waba_id=near.waba_id)
    said, context = read_said(message), obj(message, "context")
    return InboundMessage(
        **vars(said),
        phone_number_id=_our_number(near),
        waba_id=near.waba_id,
        wamid=needed(message, "id"),
        sender=sender_of(message, near.contacts),
        sent_at=moment(message),
        opens_window=said.kind not in NOT_OPENING,
        quotes=text_or_none(context, "id"),
        is_forwarded=context.get("forwarded") is True,
        is_forwarded_often=context.get("frequently_forwarded") is True,
        referral=obj(message, "referral") or None,
        product=obj(context, "referred_product") or None,
        errors=read_errors(message),
    )


def read_echo(message: JsonObject, near: Around) -> Echo:
    to = person(
        text_or_none(message, "to"),
        text_or_none(message, "to_user_id"),
        text_or_none(message, "to_parent_user_id"),
    )
    if not (to.wa_id or to.bsuid):
        raise Unusable("nobody is named as recipient")
    return Echo(
        **vars(read_said(message)),
        phone_number_id=_our_number(near),
        waba_id=near.waba_id,
        wamid=needed(message, "id"),
        recipient=near.contacts.complete(to),
        sent_at=moment(message),
        quotes=text_or_none(obj(message, "context"), "id"),
        errors=read_errors(message),
    )


def read_status(status: JsonObject, near: Around) -> StatusUpdate:
    recipient = person(
        text_or_none(status, "recipient_id"),
        text_or_none(status, "recipient_user_id"),
        text_or_none(status, "parent_recipient_user_id"),
    )
    return StatusUpdate(
        phone_number_id=near.phone_number_id,
        waba_id=near.waba_id,
        wamid=needed(status, "id"),
        status=needed(status, "status").lower(),
        at=moment(status),
        recipient=near.contacts.complete(recipient),
        reference=text_or_none(status, "biz_opaque_callback_data"),
        errors=read_errors(status),
        pricing=obj(status, "pricing") or None,
        conversation=obj(status, "conversation") or None,
    )


def read_platform_error(error: JsonObject, near: Around) -> PlatformError:
    return PlatformError(
        phone_number_id=near.phone_number_id, waba_id=near.waba_id, error=_error(error)
    )


def read_preference(preference: JsonObject, near: Around) -> UserPreference:
    who = person(
        text_or_none(preference, "wa_id"),
        text_or_none(preference, "user_id"),
        text_or_none(preference, "parent_user_id"),
    )
    if not (who.wa_id or who.bsuid):
        raise Unusable("nobody is named")
    return UserPreference(
        phone_number_id=near.phone_number_id,
        waba_id=near.waba_id,
        person=near.contacts.complete(who),
        category=needed(preference, "category"),
        value=needed(preference, "value").lower(),
        detail=text(preference, "detail"),
        at=moment(preference),
    )


def read_errors(item: JsonObject) -> tuple[MetaError, ...]:
    return tuple(_error(error) for error in objects(item, "errors"))


def _error(error: JsonObject) -> MetaError:
    return MetaError(
        code=whole(error, "code"),
        title=text(error, "title"),
        message=text(error, "message"),
        details=text(obj(error, "error_data"), "details"),
    )


def _our_number(near: Around) -> str:
    if not near.phone_number_id:
        raise Unusable("metadata.phone_number_id is missing")
    return near.phone_number_id

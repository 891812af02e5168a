"""From the bytes of a webhook to its events: every entry, change, message, status and error.

Intake comes in with a stored body. One bad item becomes `Broken` and its neighbours survive.
"""

from collections.abc import Callable, Iterator
from functools import partial

from conversations.whatsapp.events import account, messages
from conversations.whatsapp.events.account import AccountNews, News
from conversations.whatsapp.events.reading import (
    JsonObject,
    Unusable,
    clean,
    load,
    moment_or_none,
    text,
)
from conversations.whatsapp.events.shapes import (
    Broken,
    Echo,
    InboundMessage,
    PlatformError,
    StatusUpdate,
    Unknown,
    UserPreference,
)

Event = (
    InboundMessage
    | StatusUpdate
    | Echo
    | UserPreference
    | PlatformError
    | AccountNews
    | Unknown
    | Broken
)

OBJECT = "whatsapp_business_account"
Reader = Callable[[JsonObject, messages.Around], Event]
Converter = Callable[[JsonObject, str], Iterator[Event]]

# field -> the lists in its value, and who reads their items
LISTS: dict[str, dict[str, Reader]] = {
    "messages": {
        "messages": messages.read_message,
        "statuses": messages.read_status,
        "errors": messages.read_platform_error,
    },
    "smb_message_echoes": {"message_echoes": messages.read_echo},
    "user_preferences": {"user_preferences": messages.read_preference},
}


def parse(body: bytes | JsonObject) -> list[Event]:
    """Return what the webhook tells, in its order. `body`: raw bytes, or its JSON as a dict.

    Raises: Unreadable when it is not a JSON object, and nothing else.
    """
    data = clean(body) if isinstance(body, dict) else load(body)
    if text(data, "object") != OBJECT:
        return [Unknown(field=f"object {text(data, 'object')}".strip(), value=data)]
    return list(_each(data, "entry", "", _entry))


def _each(value: JsonObject, key: str, path: str, convert: Converter) -> Iterator[Event]:
    """Yield what each object of the list value[key] converts to; what is no object is broken."""
    found = value.get(key)
    if not isinstance(found, list):
        yield Broken(path=f"{path}{key}", reason="is not a list", raw=found)
        return
    for place, item in enumerate(found):
        where = f"{path}{key}[{place}]"
        if isinstance(item, dict):
            yield from convert(item, where)
        else:
            yield Broken(path=where, reason="is not an object", raw=item)


def _entry(entry: JsonObject, path: str) -> Iterator[Event]:
    return _each(entry, "changes", f"{path}.", partial(_change, entry))


def _change(entry: JsonObject, change: JsonObject, path: str) -> Iterator[Event]:
    field, waba_id, value = text(change, "field"), text(entry, "id"), change.get("value")
    if not isinstance(value, dict):
        yield Broken(path=f"{path}.value", reason="is not an object", raw=change)
        return
    lists = {key: read for key, read in LISTS.get(field, {}).items() if value.get(key) is not None}
    near = messages.around(waba_id, value)
    for key, read in lists.items():
        yield from _each(value, key, f"{path}.value.", partial(_item, read, near))
    if lists:
        return
    if field in account.FIELDS:
        news = News(waba_id, moment_or_none(entry, "time"), value)
        yield _attempt(partial(account.FIELDS[field], news), f"{path}.value", value)
    else:
        yield Unknown(field=field, value=value, waba_id=waba_id)


def _item(read: Reader, near: messages.Around, item: JsonObject, path: str) -> Iterator[Event]:
    yield _attempt(partial(read, item, near), path, item)


def _attempt(convert: Callable[[], Event], path: str, raw: JsonObject) -> Event:
    """Return the event, or `Broken`: whatever is wrong with an item must not reach the next one."""
    try:
        return convert()
    except Unusable as fault:
        return Broken(path=path, reason=str(fault), raw=raw)
    except Exception as fault:
        return Broken(path=path, reason=f"cannot be read ({type(fault).__name__})", raw=raw)

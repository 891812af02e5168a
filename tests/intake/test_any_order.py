"""Any order, repetition and batching of what Meta tells ends in the same rows."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import consent, event_store, intake
from conversations.models import (
    Announcement,
    Contact,
    ContactAlias,
    EarlyStatus,
    MediaFile,
    Message,
    Notice,
    PhoneNumber,
    Reaction,
    Thread,
    WebhookEvent,
)
from tests import webhooks
from tests.factories import a_contact, a_thread, an_outbound
from tests.intake.samples import NUMBER, THANDI, THANDIS_ID

pytestmark = pytest.mark.django_db

NOW = int(timezone.now().timestamp()) - 3600
NEW, NEW_ID = "27831112222", "ZA.777"
SIPHO = "27829999999"
REFERENCE = "6f1f2ad0-0000-4000-8000-000000000009"

Change = tuple[str, dict[str, Any]]  # the field, the value


def said(message: dict[str, Any], **more: Any) -> Change:
    return "messages", webhooks.value(number=NUMBER) | {"messages": [message | more]}


def told(wamid: str, name: str, **more: Any) -> Change:
    status = webhooks.status(wamid, name, at=NOW + 1, **more)
    return "messages", webhooks.value(statuses=[status], number=NUMBER)


def echoed(message: dict[str, Any]) -> Change:
    value = webhooks.value(number=NUMBER) | {"message_echoes": [message | {"to": SIPHO}]}
    return "smb_message_echoes", value


def wished(value: str, at: int) -> Change:
    wish = {"wa_id": SIPHO, "category": "marketing_messages", "value": value, "timestamp": at}
    return "user_preferences", webhooks.value(number=NUMBER) | {"user_preferences": [wish]}


def text(who: str, body: str, at: int, wamid: str, **more: Any) -> Change:
    return said(webhooks.text(who, body, at=NOW + at), id=wamid, **more)


def done(kind: str, content: dict[str, Any], at: int, who: str = THANDI, **more: Any) -> Change:
    message = webhooks.message(who, kind, content, at=NOW + at)
    return said(message, id=f"wamid.{kind}.{at}", **more)


BOTH = {"from_user_id": THANDIS_ID}
EDITED = {"type": "text", "text": {"body": "Where is my order 17?"}}
MOVED = {"body": "moved", "type": "user_changed_number", "wa_id": NEW, "user_id": NEW_ID}
PRICE = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}

STORY: tuple[Change, ...] = (
    text(THANDI, "Where is my order?", 10, "wamid.a", **BOTH),
    text("", "And my invoice?", 20, "wamid.b", **BOTH),
    done("reaction", {"message_id": "wamid.ours", "emoji": "👍"}, 30, **BOTH),
    done("reaction", {"message_id": "wamid.ours", "emoji": "😢"}, 31, **BOTH),
    done("reaction", {"message_id": "wamid.read", "emoji": "👍"}, 32, **BOTH),
    done("reaction", {"message_id": "wamid.read"}, 33, **BOTH),
    done("edit", {"original_message_id": "wamid.a", "message": EDITED}, 40, **BOTH),
    done("revoke", {"original_message_id": "wamid.b"}, 50, **BOTH),
    done("image", {"id": "9", "mime_type": "image/jpeg", "caption": "look"}, 60, **BOTH),
    done("system", MOVED, 70, **BOTH),
    text(NEW, "From my new number", 80, "wamid.c", from_user_id=NEW_ID),
    text(SIPHO, "Good day", 15, "wamid.d"),
    text(SIPHO, "Are you there?", 95, "wamid.e"),
    echoed(webhooks.text("27215550100", "We call you", at=NOW + 90) | {"id": "wamid.echo"}),
    told("wamid.echo", "delivered"),
    told("wamid.ours", "sent", pricing=PRICE),
    told("wamid.ours", "read"),
    told("wamid.ours", "delivered"),
    told("wamid.lost", "failed", errors=webhooks.failure(131026)),
    told("wamid.lost", "sent"),
    told("wamid.late", "read", biz_opaque_callback_data=REFERENCE),
    told("wamid.strange", "delivered"),
    wished("stop", NOW + 5),
    wished("resume", NOW + 6),
)


ONE_BY_ONE: dict[str, list[Any]] = {}  # what the story told in order, each alone, ends in


def before() -> None:
    """What stood there before: messages of ours to Thandi, who is known by number only."""
    number = PhoneNumber.objects.get()
    thread = a_thread(contact=a_contact("", wa_id=THANDI), phone_number=number)
    for wamid in ("wamid.ours", "wamid.read", "wamid.lost"):
        an_outbound(thread, wamid=wamid, status=Message.Status.SENDING)
    an_outbound(thread, status=Message.Status.UNCONFIRMED, reference=REFERENCE)
    Thread.objects.update(last_message_at=None)


def take_in(webhook_changes: list[list[Change]], limit: int) -> None:
    """Each list is one webhook; `limit` of them are drained at once."""
    for serial, changes in enumerate(webhook_changes):
        entries = [{"field": field, "value": value} for field, value in changes]
        entry = {"id": f"200000000000001{serial}", "changes": entries}
        webhook = {"object": "whatsapp_business_account", "entry": [entry]}
        event_store.store(json.dumps(webhook).encode())
        if serial % limit == limit - 1:
            intake.drain(limit)
    while intake.drain(limit):
        pass
    while intake.match_early_statuses():
        pass


def rows() -> dict[str, list[Any]]:
    """Everything that is to be the same, by the names of the outside world."""
    assert not WebhookEvent.objects.filter(processed_at=None).exists()
    threads = Thread.objects.order_by("contact__wa_id")
    return {
        "contacts": values(Contact.objects.all(), "wa_id", "bsuid", "name", "username"),
        "aliases": values(ContactAlias.objects.all(), "contact__wa_id", "value", "valid_until"),
        "threads": values(threads, "contact__wa_id", *THREAD),
        "due": [thread.reply_due_at is not None for thread in threads],
        "messages": values(Message.objects.all(), "wamid", "thread__contact__wa_id", *MESSAGE),
        "reactions": values(Reaction.objects.all(), "wamid", "direction", "emoji", "at"),
        "early": values(EarlyStatus.objects.all(), "wamid", "status"),
        "media": values(MediaFile.objects.all(), "media_id", "message__wamid", "state"),
        "notices": values(Notice.objects.all(), "key"),
        "consent": [sorted(consent.withdrawn(one)) for one in Contact.objects.order_by("wa_id")],
    }


THREAD = (
    *("mode", "is_closed", "unread_count", "preview", "last_message_at", "last_inbound_at"),
    *("window_closes_at", "answered_on_phone_at"),
)
MESSAGE = (
    *("direction", "origin", "kind", "text", "content", "status", "quotes", "intent", "pricing"),
    *("error_code", "error_text", "edited_at", "revoked_at", "trace"),
)


def values(queryset: Any, *names: str) -> list[Any]:
    return sorted(queryset.values_list(*names), key=repr)


def announced() -> list[Any]:
    """What other systems are told, by the names of the outside world."""
    wamids = dict(Message.objects.values_list("pk", "wamid"))
    told = Announcement.objects.values_list("type", "payload")
    return sorted(
        (type_, wamids.get(payload.get("message")), payload.get("status"), payload.get("mode"))
        for type_, payload in told
    )


@contextmanager
def a_world_of_its_own() -> Iterator[None]:
    with transaction.atomic():
        before()
        yield
        transaction.set_rollback(True)


def outcome(act: Callable[[], None], read: Callable[[], Any] = rows) -> Any:
    with a_world_of_its_own():
        act()
        return read()


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[list[Change]], int]:
    """The story shuffled, parts of it told twice, cut into webhooks, drained some at a time."""
    order = draw(st.permutations(range(len(STORY))))
    again = draw(st.lists(st.sampled_from(range(len(STORY))), max_size=8))
    places = [*order, *again]
    cuts = draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    webhooks_: list[list[Change]] = [[]]
    for place, cut in zip(places, cuts, strict=True):
        if cut and webhooks_[-1]:
            webhooks_.append([])
        webhooks_[-1].append(STORY[place])
    return webhooks_, draw(st.integers(1, 12))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(telling=tellings())
def test_every_telling_of_the_story_ends_in_the_same_rows(
    telling: tuple[list[list[Change]], int],
) -> None:
    if not ONE_BY_ONE:
        ONE_BY_ONE.update(outcome(lambda: take_in([[change] for change in STORY], 1)))
    assert outcome(lambda: take_in(*telling)) == ONE_BY_ONE


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cuts=st.sets(st.integers(1, len(STORY) - 1)), limit=st.integers(1, 24))
def test_told_in_its_order_however_cut_the_story_announces_the_same(
    cuts: set[int], limit: int
) -> None:
    places = [0, *sorted(cuts), len(STORY)]
    webhooks_ = [list(STORY[start:end]) for start, end in itertools.pairwise(places)]
    alone = [[change] for change in STORY]
    expected = outcome(lambda: take_in(alone, 1), announced)
    assert len(expected) > len(STORY) / 2
    assert outcome(lambda: take_in(webhooks_, limit), announced) == expected


def test_the_story_ends_as_it_should() -> None:
    with a_world_of_its_own():
        take_in([[change] for change in STORY], 1)
        thandi = Contact.objects.get(wa_id=NEW)
        assert (thandi.bsuid, Contact.objects.count()) == (NEW_ID, 2)
        assert Message.objects.get(wamid="wamid.a").text == "Where is my order 17?"
        assert dict(Reaction.objects.values_list("wamid", "emoji")) == {"wamid.ours": "😢"}
        statuses = Message.objects.filter(direction="out").values_list("wamid", "status")
        assert dict(statuses) == {
            "wamid.ours": "read",
            "wamid.read": "sending",
            "wamid.lost": "failed",
            "wamid.late": "read",
            "wamid.echo": "delivered",
        }
        sipho = Thread.objects.get(contact__wa_id=SIPHO)
        assert (sipho.mode, sipho.unread_count, sipho.preview) == ("staff", 1, "Are you there?")
        assert consent.withdrawn(sipho.contact) == frozenset()
        assert EarlyStatus.objects.get().wamid == "wamid.strange"

"""What cannot be kept holds up nothing beside it, and is kept once its cause is mended."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import event_store, intake
from conversations.models import Message, WebhookEvent
from tests import webhooks
from tests.factories import a_contact, a_phone_number, a_thread, an_inbound, an_outbound
from tests.intake import samples
from tests.intake.samples import NUMBER, THANDI, THANDIS_ID, Webhook

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(codec=None), max_size=20)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, as the keys that lead there."""
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [path, *(place for key in keys for place in places(node[key], (*path, key)))]


@st.composite
def bad_webhooks(draw: st.DrawFn) -> Any:
    """A sample of Meta's with any JSON in any place of it."""
    webhook: Any = samples.load(draw(st.sampled_from(samples.names())))
    path = draw(st.sampled_from(places(webhook)))
    bad = draw(JSON)
    if not path:
        return bad
    node = webhook
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = bad
    return webhook


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bad=st.lists(bad_webhooks(), min_size=1, max_size=3))
def test_no_json_that_parses_breaks_its_neighbours(bad: list[Any]) -> None:
    with transaction.atomic():
        for webhook in [*bad, webhooks.envelope(good_value())]:
            event_store.store(json.dumps(webhook).encode())
        intake.drain()
        assert Message.objects.filter(wamid="wamid.good").count() == 1
        for event in WebhookEvent.objects.all():
            assert (event.processed_at is None) == bool(event.error)
        transaction.set_rollback(True)


def good_value() -> dict[str, Any]:
    message = webhooks.text("27820000001", "I am fine") | {"id": "wamid.good"}
    return webhooks.value(messages=[message], number=NUMBER)


@pytest.fixture
def sent(number: Any) -> list[Message]:
    """250 messages of ours on their way, to somebody who does not write."""
    thread = a_thread(phone_number=number)
    an_inbound(thread)
    return [an_outbound(thread, wamid=f"wamid.ours.{n}") for n in range(250)]


def thousand(poison: dict[str, Any], sent: list[Message]) -> Webhook:
    """A webhook of 249 texts, 750 statuses and one item that cannot be kept, in the middle."""
    texts = [webhooks.text(f"2782{n % 60:07}", f"message {n}") for n in range(249)]
    names = ("sent", "delivered", "read")
    statuses = [webhooks.status(str(one.wamid), name) for one in sent for name in names]
    texts.insert(100, poison)
    value = webhooks.value(messages=texts, statuses=statuses, number=NUMBER)
    return webhooks.envelope(value)


def kept() -> tuple[int, int]:
    """How many messages came in beside those of the poisoned customer, and how many were read."""
    texts = Message.objects.filter(text__startswith="message ").count()
    return texts, Message.objects.filter(status="read").count()


def test_of_a_thousand_items_one_poisonous_one_is_left_until_its_cause_is_mended(
    sent: list[Message], number: Any
) -> None:
    for ids in ({"wa_id": THANDI}, {"wa_id": None, "bsuid": THANDIS_ID}):
        thread = a_thread(contact=a_contact(**ids), phone_number=number)
        an_inbound(thread)
        an_outbound(thread, status=Message.Status.SENDING)
    poison = webhooks.text(THANDI, "message of Thandi", from_user_id=THANDIS_ID)
    event = samples.arrive(thousand(poison, sent))
    assert (kept(), event.processed_at) == ((249, 250), None)
    assert event.error == "A message of this customer is just being sent. It is tried again."

    Message.objects.filter(status="sending").update(status="unconfirmed")
    assert intake.process_again(event)
    intake.drain()
    event.refresh_from_db()
    assert event.processed_at
    assert (event.error, kept()) == ("", (250, 250))


def test_of_a_thousand_items_one_for_an_unknown_number_is_left_until_it_is_known(
    sent: list[Message],
) -> None:
    webhook = thousand(webhooks.text(THANDI, "message in between"), sent)
    stranger = webhooks.value(messages=[webhooks.text(THANDI, "message to 404")], number="404")
    webhook["entry"].insert(0, webhooks.envelope(stranger)["entry"][0])
    event = samples.arrive(webhook)
    assert (kept(), event.processed_at) == ((250, 250), None)
    a_phone_number(phone_number_id="404")
    intake.process_again(event)
    intake.drain()
    event.refresh_from_db()
    assert (kept(), event.error) == ((251, 250), "")


def test_what_the_database_refuses_is_named_by_its_class_and_never_quoted(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    event = samples.speak(webhooks.text("27" * 40, "my card number is 4111111111111111"))
    assert event.error == "InboundMessage could not be kept: DataError."
    written = caplog.text + "".join(capfd.readouterr())
    assert "item=InboundMessage fault=DataError" in written
    assert "4111" not in written
    assert "2727" not in written
    assert "Traceback" not in written


def test_the_same_reason_many_times_is_told_once_with_its_count() -> None:
    value = webhooks.value(
        messages=[webhooks.text(THANDI, f"message {n}") for n in range(3)], number="404"
    )
    event = samples.arrive(webhooks.envelope(value))
    assert event.error.endswith("(3 times)")
    assert event.error.count("\n") == 0


def test_a_batch_ends_before_it_fills_the_memory() -> None:
    for size in (600_000, 600_001, 1_200_000):
        padding = {"padding": "." * size}
        event_store.store(json.dumps(webhooks.envelope(good_value() | padding)).encode())
    assert [intake.drain(), intake.drain(), intake.drain(), intake.drain()] == [1, 1, 1, 0]
    assert Message.objects.count() == 1

"""Reactions: one on each message and side, the newest of them, in whatever order they come."""

from itertools import permutations
from typing import Any

import pytest

from conversations.models import Change, Message, Reaction
from tests import webhooks
from tests.factories import a_contact, a_thread, an_inbound, an_outbound
from tests.intake.samples import NUMBER, THANDI, arrive, speak

AT = 1_749_416_383


def reaction(emoji: str | None, *, at: int = AT, to: str = "wamid.ours", who: str = THANDI) -> Any:
    content = {"message_id": to} | ({} if emoji is None else {"emoji": emoji})
    return webhooks.message(who, "reaction", content, at=at)


def standing(wamid: str = "wamid.ours") -> list[str]:
    return list(Reaction.objects.filter(wamid=wamid).values_list("emoji", flat=True))


@pytest.fixture
def ours(number: Any) -> Message:
    """A message of ours in Thandi's conversation."""
    thread = a_thread(contact=a_contact(wa_id=THANDI), phone_number=number)
    an_inbound(thread)
    return an_outbound(thread, wamid="wamid.ours")


def test_it_stands_on_its_message(ours: Message) -> None:
    arrive("messages__reaction")
    found = Reaction.objects.get()
    assert (found.wamid, found.direction, found.emoji) == ("wamid.ours", "in", "👍")


def test_it_stays_a_message_of_its_own_as_the_record() -> None:
    arrive("messages__reaction")
    record = Message.objects.get()
    assert (record.kind, record.quotes, record.direction) == ("reaction", "wamid.ours", "in")


def test_open_inboxes_draw_the_message_again(ours: Message) -> None:
    Change.objects.all().delete()
    arrive("messages__reaction")
    assert Change.objects.filter(thread=ours.thread, message=ours).exists()


@pytest.mark.parametrize("name", ["removed_by_absence", "removed_by_empty"])
def test_taking_it_away_leaves_none(name: str) -> None:
    arrive("messages__reaction")
    assert standing() == ["👍"]
    speak(reaction("❤️", at=AT - 5))
    arrive(f"messages__reaction_{name}")
    assert standing() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_the_newest_stands(order: tuple[int, ...]) -> None:
    said = [reaction("👍", at=AT), reaction(None, at=AT + 1), reaction("😢", at=AT + 2)]
    for place in order:
        speak(said[place])
    assert standing() == ["😢"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_every_order_a_last_removal_leaves_none(order: tuple[int, ...]) -> None:
    said = [reaction("👍", at=AT), reaction("😢", at=AT + 1), reaction("", at=AT + 2)]
    for place in order:
        speak(said[place])
    assert standing() == []


def test_in_one_webhook_the_newest_stands_too() -> None:
    speak(reaction("😢", at=AT + 1), reaction("👍", at=AT))
    assert standing() == ["😢"]


def test_it_may_come_before_the_message_it_is_about() -> None:
    target = webhooks.text(THANDI, "Hello", at=AT - 10)
    speak(reaction("👍", to=target["id"]))
    speak(target)
    assert standing(target["id"]) == ["👍"]


def test_one_of_another_conversation_changes_nothing(ours: Message) -> None:
    speak(reaction("👎", who="27830000000"))
    assert standing() == []


def test_staff_react_from_the_phone_on_a_side_of_their_own(ours: Message) -> None:
    arrive("messages__reaction")
    echo = reaction("🙏", at=AT + 1)
    echo |= {"from": "27215550100", "to": THANDI}
    value = webhooks.value(number=NUMBER) | {"message_echoes": [echo]}
    arrive(webhooks.envelope(value, field="smb_message_echoes"))
    found = dict(Reaction.objects.values_list("direction", "emoji"))
    assert found == {"in": "👍", "out": "🙏"}
    ours.thread.refresh_from_db()
    assert ours.thread.mode == "bot"  # a thumb up is no answer

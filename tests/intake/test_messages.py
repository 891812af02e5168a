"""What customers send: every type in words people can read, with all that came along with it."""

import pytest

from conversations.models import Message, Thread
from tests import webhooks
from tests.intake import samples
from tests.intake.samples import THANDI, arrive, changed, speak

SAID = {
    "text": "Do I still owe you anything? é 😀",
    "image": "📷 Photo: My receipt",
    "video": "🎥 Video",
    "audio": "🎵 Audio",
    "audio_voice": "🎤 Voice message",
    "document": "📄 Document: ../proof of payment.pdf – Paid",
    "sticker": "Sticker",
    "location": "📍 Location: Karoo Office, 1 Long St, Cape Town",
    "location_pin": "📍 Location: -33.9249, 18.4241",
    "contacts": "👤 Contact: Bob Botha, Alice",
    "button": "Paid already",
    "button_without_context": "Paid already",
    "interactive_button": "View invoices",
    "interactive_list": "Track an order",
    "order": "🛒 Order: 2 products – By Friday please",
    "request_welcome": "Opened the chat for the first time",
    "unsupported": "Unsupported message",
    "unsupported_poll": "Unsupported message (poll)",
    "unknown_alias": "Unsupported message",
    "future_type": "Unsupported message (hologram)",
}


@pytest.mark.parametrize("name", SAID)
def test_every_type_is_a_row_that_people_can_read(name: str) -> None:
    arrive(f"messages__{name}")
    message = Message.objects.get()
    assert message.text == SAID[name]
    assert (
        message.content["type"]
        == samples.value_of(samples.load(f"messages__{name}"))["messages"][0]["type"]
    )


def test_the_answers_of_a_form_are_lines_of_their_own() -> None:
    arrive("messages__interactive_flow")
    message = Message.objects.get()
    assert message.kind == "flow"
    assert message.text.splitlines()[1:] == [
        "date: 2026-05-01",
        "guests: 4",
        "wishes: quiet, window",
    ]


def test_a_type_nobody_has_heard_of_keeps_its_name_and_its_content() -> None:
    arrive("messages__future_type")
    message = Message.objects.get()
    assert message.kind == "unknown"
    assert message.content == {"type": "hologram", "hologram": {"id": "5", "depth": 3}}


def test_a_reply_quotes_its_message() -> None:
    arrive("messages__text_reply")
    assert Message.objects.get().quotes == "wamid.question"


@pytest.mark.parametrize(("name", "often"), [("forwarded", False), ("forwarded_often", True)])
def test_what_was_forwarded_is_marked(name: str, often: bool) -> None:
    arrive(f"messages__text_{name}")
    message = Message.objects.get()
    assert (message.is_forwarded, message.quotes) == (True, "")
    assert message.is_forwarded_often is often


def test_what_was_not_forwarded_is_not() -> None:
    arrive("messages__text")
    message = Message.objects.get()
    assert (message.is_forwarded, message.is_forwarded_often) == (False, False)


def test_the_ad_that_a_customer_came_from_is_kept() -> None:
    arrive("messages__text_from_ad")
    referral = Message.objects.get().referral
    assert referral is not None
    assert referral["source_id"] == "120226305854810726"
    assert referral["ctwa_clid"].startswith("Aff-")


def test_the_product_that_a_question_is_about_is_kept() -> None:
    arrive("messages__text_about_product")
    message = Message.objects.get()
    assert message.content["referred_product"]["product_retailer_id"] == "chair-7"
    assert message.quotes == "wamid.catalogue"


def test_the_error_of_a_message_stands_beside_it() -> None:
    arrive("messages__image_not_fetched")
    message = Message.objects.get()
    assert (message.kind, message.error_code) == ("image", 131052)
    assert "Failed to download" in message.error_text


def test_characters_that_no_database_holds_are_replaced() -> None:
    arrive("messages__text_with_nul")
    assert Message.objects.get().text == "a�b half � end"


def test_a_message_in_a_group_is_kept_raw_only() -> None:
    event = arrive("messages__text_in_group")
    assert (Message.objects.count(), event.summary) == (0, "1 messages.group")


@pytest.mark.parametrize(
    "name", ["sticker", "reaction", "edit", "revoke", "system_identity_changed", "request_welcome"]
)
def test_what_asks_nothing_is_owed_no_answer(name: str) -> None:
    arrive(f"messages__{name}")
    assert Thread.objects.get().reply_due_at is None


@pytest.mark.parametrize(
    "name", ["reaction", "edit", "revoke", "system_identity_changed", "request_welcome"]
)
def test_what_is_no_word_opens_no_window_and_reopens_nothing(name: str) -> None:
    arrive("messages__text")
    Thread.objects.update(is_closed=True, window_closes_at=None, reply_due_at=None)
    arrive(changed(f"messages__{name}", timestamp="1749999999"))
    thread = Thread.objects.get()
    assert (thread.window_closes_at, thread.is_closed) == (None, True)


def test_a_word_of_the_customer_ends_the_snooze() -> None:
    arrive("messages__text")
    later = Thread.objects.get().last_message_at
    Thread.objects.update(snoozed_until=later)
    arrive("messages__reaction")
    assert Thread.objects.get().snoozed_until == later
    arrive("messages__text_reply")
    assert Thread.objects.get().snoozed_until is None


def test_what_was_said_within_one_second_stays_in_its_order() -> None:
    """Source: Cloud API, webhooks: times are whole seconds, and an album shares one."""
    words = [str(number) for number in range(5)]
    speak(*[webhooks.text(THANDI, word, at=1_749_416_383) for word in words])
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == words
    assert Thread.objects.get().preview == words[-1]

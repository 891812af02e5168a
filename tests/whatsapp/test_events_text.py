"""A customer's text, with everything that may stand around it.

Source of the samples: Cloud API, webhooks reference, `messages`, v21 to v26; the values are ours.
"""

from datetime import UTC, datetime

import pytest

from conversations.whatsapp.events import InboundMessage, Person, Unknown
from tests.whatsapp.samples import BSUID, NUMBER, PARENT, WA_ID, WABA, inbound, only

THANDI = Person(wa_id=WA_ID, bsuid=BSUID, name="Thandi Nkosi")


def test_a_text_is_read_whole() -> None:
    """Source: Cloud API, webhooks, messages, text."""
    message = inbound("text")
    assert (message.phone_number_id, message.waba_id) == (NUMBER, WABA)
    assert message.wamid.startswith("wamid.")
    assert message.sender == THANDI
    assert message.sent_at == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)
    assert (message.kind, message.raw_type) == ("text", "text")
    assert message.text == "Do I still owe you anything? é 😀"
    assert message.content == {"type": "text", "text": {"body": message.text}}
    assert message.opens_window
    assert not message.forwarded
    assert message.errors == ()
    assert [message.tap, message.media, message.quotes, message.referral] == [None] * 4


def test_a_text_from_before_user_ids_is_read() -> None:
    """Source: Cloud API, webhooks, messages, text, before April 2026."""
    sender = Person(wa_id=WA_ID, name="Thandi Nkosi")
    assert inbound("text_v20_without_user_ids").sender == sender


@pytest.mark.parametrize("name", ["text_user_id_only", "text_user_id_only_empty_from"])
def test_a_customer_without_a_number_is_known_by_user_id(name: str) -> None:
    """Source: Cloud API, business-scoped user ids; the empty `from` as reported in the field."""
    sender = inbound(name).sender
    assert sender.wa_id is None
    assert (sender.bsuid, sender.parent_bsuid) == (BSUID, PARENT)
    assert (sender.name, sender.username) == ("Thandi Nkosi", "thandi")


def test_a_reply_quotes_its_message() -> None:
    """Source: Cloud API, webhooks, messages, context."""
    assert inbound("text_reply").quotes == "wamid.question"


def test_a_forwarded_text_is_marked() -> None:
    """Source: Cloud API, webhooks, messages, context; without an id."""
    once, often = inbound("text_forwarded"), inbound("text_forwarded_often")
    assert (once.is_forwarded, once.is_forwarded_often, once.forwarded) == (True, False, True)
    assert (often.is_forwarded, often.is_forwarded_often, often.forwarded) == (False, True, True)
    assert once.quotes is None


def test_the_ad_a_customer_came_from_is_kept() -> None:
    """Source: Cloud API, webhooks, messages, referral (ads that click to WhatsApp)."""
    referral = inbound("text_from_ad").referral
    assert referral is not None
    assert (referral["source_type"], referral["headline"]) == ("ad", "Chat with us")
    assert referral["ctwa_clid"].startswith("Aff-")


def test_the_product_a_customer_asks_about_is_kept() -> None:
    """Source: Cloud API, webhooks, messages, context.referred_product."""
    message = inbound("text_about_product")
    assert message.product == {
        "catalog_id": "194836987003835",
        "product_retailer_id": "chair-7",
    }
    assert message.quotes == "wamid.catalogue"


@pytest.mark.parametrize("name", ["text_without_contacts", "text_without_profile"])
def test_a_name_may_be_missing(name: str) -> None:
    """Source: seen in the field: `contacts` without `profile`, and none at all."""
    assert inbound(name).sender == Person(wa_id=WA_ID, bsuid=BSUID)


def test_what_no_database_can_hold_is_replaced() -> None:
    """Source: hand-made: NUL and half a surrogate pair, escaped as JSON allows."""
    message = inbound("text_with_nul")
    assert message.text == "a\ufffdb half \ufffd end"
    assert message.content["text"]["body"] == message.text


def test_a_message_in_a_group_is_kept_raw() -> None:
    """Source: Cloud API, Groups API, webhooks."""
    event = only("messages__text_in_group", Unknown)
    assert event.field == "messages.group"
    assert event.value["group_id"] == "Y2FwaV9ncm91cDox"


def test_a_test_from_the_dashboard_is_read_like_any_other() -> None:
    """Source: App Dashboard, WhatsApp, "Test" of the messages field."""
    message = only("dashboard_test__messages", InboundMessage)
    assert (message.phone_number_id, message.waba_id) == ("123456123", "0")

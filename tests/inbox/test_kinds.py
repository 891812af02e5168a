"""What customers send besides words, as staff read it: reactions, files, forms, places, orders."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations import changes, clock
from conversations.admin.inbox.formatting import local
from conversations.models import MediaFile, Message, Reaction, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, at, fragment, signed_in
from tests.inbox.test_conversation import bubble

pytestmark = pytest.mark.django_db
IN, OUT = Message.Direction.IN, Message.Direction.OUT


@pytest.fixture
def client() -> Client:
    return signed_in(factories.an_agent())


@pytest.fixture
def thread() -> Thread:
    return factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))


def shown(client: Client, message: Message) -> str:
    """The bubble of this message."""
    return bubble(fragment(client, at(message.thread)), message)


def a_reaction(thread: Thread, target: str, emoji: str = "👍", **fields: Any) -> Message:
    """The record that intake keeps; what stands on the message is a row of its own."""
    wire = {"type": "reaction", "reaction": {"message_id": target, "emoji": emoji}}
    given = {"kind": "reaction", "content": wire, "quotes": target, **fields}
    return factories.an_inbound(thread, f"Reaction: {emoji}", **given)


def react(message: Message, emoji: str = "👍", direction: str = IN) -> None:
    Reaction.objects.create(
        wamid=str(message.wamid), direction=direction, emoji=emoji, at=clock.now()
    )


def test_a_reaction_stands_on_its_message_and_is_no_bubble(client: Client, thread: Thread) -> None:
    sent = factories.an_outbound(thread)
    record = a_reaction(thread, str(sent.wamid))
    react(sent)
    react(sent, "❤️", OUT)
    html = shown(client, sent)
    assert '<span class="wa-unseen">Thandi Nkosi reacted with </span>👍' in html
    assert '<span class="wa-unseen">We reacted with </span>❤️' in html
    assert f'id="m{record.pk}"' not in fragment(client, at(thread))


def test_a_reaction_to_what_is_not_here_is_a_line(client: Client, thread: Thread) -> None:
    other = factories.an_outbound(factories.a_thread())
    for target in ("wamid.GONE", str(other.wamid)):
        a_reaction(thread, target)
    a_reaction(thread, "wamid.GONE", "")
    html = fragment(client, at(thread))
    assert html.count("Thandi Nkosi reacted 👍 to a message that is not here") == 2
    assert "Thandi Nkosi took a reaction away from a message that is not here" in html
    assert "wa-bubble" not in html


def test_a_reaction_of_ours_that_failed_says_so(client: Client, thread: Thread) -> None:
    came = factories.an_inbound(thread)
    failed = factories.an_outbound(
        thread, kind="reaction", quotes=came.wamid, status=Message.Status.FAILED, error_code=131000
    )
    assert "Not delivered." in shown(client, failed)


@pytest.mark.django_db(transaction=True)
def test_a_reaction_comes_to_an_open_page(client: Client, thread: Thread) -> None:
    came = factories.an_inbound(thread, "Yes <b>")
    start = changes.horizon()
    react(came, "🎉")
    changes.record(thread.pk, came.pk)
    query: dict[str, Any] = {"after": start, "thread": thread.pk, "last": came.pk}
    news = client.get(f"{INBOX}changes/", query, headers=SCRIPT).json()
    [state] = news["states"]
    assert state["pk"] == came.pk
    assert "🎉" in state["reactions"]
    assert "Yes &lt;b&gt;" in state["said"]
    assert state["tick"] == state["trouble"] == ""


def test_a_quote_names_its_author(client: Client, thread: Thread) -> None:
    alice, kim = User.objects.get(username="alice"), factories.an_agent("kim")
    asked = factories.an_inbound(thread)
    sent = [
        asked,
        factories.an_outbound(thread, sent_by=alice),
        factories.an_outbound(thread, sent_by=kim),
        factories.an_outbound(thread, origin=Message.Origin.ASSISTANT, in_reply_to=asked),
    ]
    for quoted, author in zip(sent, ("Thandi Nkosi", "You", "Kim", "Assistant"), strict=True):
        html = shown(client, factories.an_inbound(thread, "Thanks", quotes=quoted.wamid))
        assert f'data-jump="{quoted.pk}"><b>{author}</b>' in html


def test_forwarded_and_edited_are_marked(client: Client, thread: Thread) -> None:
    sent_at = clock.now() - timedelta(days=2)
    when = sent_at + timedelta(days=1)
    came = factories.an_inbound(thread, sent_at=sent_at, is_forwarded=True, edited_at=when)
    html = shown(client, came)
    assert '<p class="wa-note">Forwarded</p>' in html
    assert f"Edited {local(when):%d/%m/%Y %H:%M}</p>" in html


def test_what_goes_round_as_a_chain_letter_says_so(client: Client, thread: Thread) -> None:
    came = factories.an_inbound(thread, is_forwarded=True, is_forwarded_often=True)
    html = shown(client, came)
    assert '<p class="wa-note">Forwarded many times</p>' in html
    assert '<p class="wa-note">Forwarded</p>' not in html


def test_what_the_customer_deleted_stays_readable(client: Client, thread: Thread) -> None:
    came = factories.an_inbound(thread, "My secret", revoked_at=clock.now())
    html = shown(client, came)
    assert "Deleted by the customer" in html
    assert '<div class="wa-text is-deleted">My secret</div>' in html


@pytest.mark.parametrize(("kind", "words"), [("edit", "changed"), ("revoke", "deleted")])
def test_a_change_is_a_line_that_leads_to_its_message(
    client: Client, thread: Thread, kind: str, words: str
) -> None:
    came = factories.an_inbound(thread)
    factories.an_inbound(thread, "New words", kind=kind, quotes=came.wamid)
    html = fragment(client, at(thread))
    assert f'data-jump="{came.pk}">Thandi Nkosi {words} a message</a>' in html
    assert html.count('class="wa-bubble') == 1


def test_new_words_for_what_is_not_here_are_still_shown(client: Client, thread: Thread) -> None:
    came = factories.an_inbound(thread, "New words", kind="edit", quotes="wamid.GONE")
    html = shown(client, came)
    assert "New words" in html
    assert "Changed a message" in html


FLOW = {
    "type": "interactive",
    "interactive": {
        "type": "nfm_reply",
        "nfm_reply": {"name": "flow", "response_json": '{"size": "<L>", "flow_token": "t"}'},
    },
}
PEOPLE = [
    {"name": {"formatted_name": "Pieter <B>"}, "phones": [{"phone": "+27 82 000 0000"}]},
    {"phones": [{"wa_id": "2783"}, "x"]},
]
ITEMS = [
    {"product_retailer_id": "chair-7", "quantity": "2", "item_price": "899.5", "currency": "ZAR"},
    {"quantity": 1, "item_price": "NaN"},
]


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("flow", FLOW, ['<th scope="row">size</th><td>&lt;L&gt;</td>']),
        (
            "location",
            {"location": {"latitude": -25.7, "longitude": 28.2, "name": "Shop", "address": "1 A"}},
            ["<b>Shop</b>", "1 A", 'href="https://www.google.com/maps?q=-25.7,28.2"', "noopener"],
        ),
        ("contacts", {"contacts": PEOPLE}, ["Pieter &lt;B&gt;", "+27 82 000 0000", "2783"]),
        (
            "order",
            {"order": {"text": "By Friday", "product_items": ITEMS}},
            ["<td>chair-7</td><td>2</td><td>899.50 ZAR</td>", "<td>Product</td>", "By Friday"],
        ),
    ],
)
def test_what_is_no_text_becomes_a_card(
    client: Client, thread: Thread, kind: str, content: object, words: list[str]
) -> None:
    html = shown(client, factories.an_inbound(thread, "📋 Form: flow", kind=kind, content=content))
    for word in words:
        assert word in html
    assert "flow_token" not in html


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("flow", {"type": "interactive", "interactive": "x"}),
        ("location", {"location": {"latitude": True, "longitude": "1"}}),
        ("contacts", {"contacts": {"name": 1}}),
        ("order", {"order": {"product_items": [1]}}),
        ("reaction", {"type": "reaction", "reaction": {}}),
        ("flow", [1]),
        ("reaction", [1]),
    ],
)
def test_a_strange_shape_keeps_its_label(
    client: Client, thread: Thread, kind: str, content: object
) -> None:
    factories.an_inbound(thread, "📍 The label", kind=kind, content=content)
    html = fragment(client, at(thread))
    assert "The label" in html or "reacted to a message" in html


def test_an_ad_stands_on_the_message_that_came_from_it(client: Client, thread: Thread) -> None:
    ad = {"headline": "Chat <us>", "body": "Summer sale", "source_url": "https://fb.me/3cr4"}
    html = shown(client, factories.an_inbound(thread, referral=ad))
    for words in ("Chat &lt;us&gt;", "Summer sale", 'href="https://fb.me/3cr4"'):
        assert words in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", 7, None])
def test_an_ad_leads_to_the_web_only(client: Client, thread: Thread, url: object) -> None:
    ad = {"headline": "Sale", "source_url": url, "image_url": "https://cdn.example.com/a.jpg"}
    html = shown(client, factories.an_inbound(thread, referral=ad))
    assert "Sale" in html
    assert "href=" not in html[: html.index("wa-meta")]
    assert "cdn.example.com" not in html


def with_file(thread: Thread, kind: str = "image", **fields: Any) -> Message:
    wire = {"type": kind, kind: {"id": "1", "caption": 'The "chair"'}}
    came = factories.an_inbound(thread, "📷 Photo: x", kind=kind, content=wire)
    given = {"state": MediaFile.State.HERE, "file": "whatsapp/secret-name.bin", **fields}
    MediaFile.objects.create(message=came, **given)
    return came


@pytest.mark.parametrize(
    ("kind", "mime_type", "tag"),
    [
        ("image", "image/jpeg", "<img"),
        ("sticker", "image/webp", "is-sticker"),
        ("audio", "audio/ogg; codecs=opus", "<audio"),
        ("voice", "audio/ogg", "<audio"),
        ("video", "video/mp4", "<video"),
        ("document", "application/pdf", "bill.pdf</b><br>1.2\xa0MB"),
        ("document", "image/jpeg", "bill.jpg"),
        ("image", "text/html", "bill.pdf"),
        ("audio", "audio/amr", "bill.pdf"),
    ],
)
def test_a_file_shows_as_what_it_is(
    client: Client, thread: Thread, kind: str, mime_type: str, tag: str
) -> None:
    came = with_file(thread, kind, mime_type=mime_type, filename="bill.pdf", size=1_258_291)
    html = shown(client, came)
    assert tag in html
    assert f"{INBOX}media/{came.media.pk}/" in html
    assert "The &quot;chair&quot;" in html
    assert "Photo: x" not in html  # the label is for the list
    assert "secret-name" not in html


def test_a_picture_is_described_by_its_caption(client: Client, thread: Thread) -> None:
    html = shown(client, with_file(thread, mime_type="image/png"))
    assert 'alt="The &quot;chair&quot;"' in html


def test_a_file_on_its_way_says_so(client: Client, thread: Thread) -> None:
    html = shown(client, with_file(thread, state=MediaFile.State.WAITING, file=""))
    assert "On its way" in html
    assert "/media/" not in html


def test_a_lost_file_says_why(client: Client, thread: Thread) -> None:
    came = with_file(thread, state=MediaFile.State.LOST, file="", error="It was <too> old.")
    html = shown(client, came)
    assert "The file is lost." in html
    assert "It was &lt;too&gt; old." in html
    assert "/media/" not in html


LINK = "https://files.example/Bill.pdf?key=1"


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("image", {"type": "image", "image": {"link": LINK, "caption": "Look"}}, ["Photo", "Look"]),
        (
            "document",
            {"type": "document", "document": {"link": LINK, "filename": "A.pdf"}},
            ["A.pdf"],
        ),
        (
            "template",
            {
                "type": "template",
                "template": {
                    "components": [
                        {
                            "type": "header",
                            "parameters": [{"type": "document", "document": {"link": LINK}}],
                        }
                    ]
                },
            },
            ["Document", "Hello"],
        ),
        (
            "buttons",
            {
                "type": "interactive",
                "interactive": {"header": {"type": "video", "video": {"link": LINK}}},
            },
            ["Video", "Hello"],
        ),
    ],
)
def test_a_file_that_went_by_its_address_has_a_card_that_loads_nothing(
    client: Client, thread: Thread, kind: str, content: object, words: list[str]
) -> None:
    sent = factories.an_outbound(thread, "Hello", kind=kind, content=content)
    html = shown(client, sent)
    for word in (*words, "At files.example", f'href="{LINK}"', 'rel="noopener noreferrer"'):
        assert word in html
    assert "<img" not in html
    assert "<video" not in html


def test_a_file_that_went_by_an_upload_of_others_says_that_no_copy_is_here(
    client: Client, thread: Thread
) -> None:
    content = {"type": "image", "image": {"id": "77", "caption": "Look"}}
    html = shown(
        client, factories.an_outbound(thread, "📷 Photo: Look", kind="image", content=content)
    )
    for words in ("Photo", "No copy is kept here", "Look"):
        assert words in html
    assert "href=" not in html


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://[", 7])
def test_an_address_that_is_none_is_no_link(client: Client, thread: Thread, link: object) -> None:
    content = {"type": "image", "image": {"link": link}}
    html = shown(client, factories.an_outbound(thread, kind="image", content=content))
    assert "No copy is kept here" in html
    assert "href=" not in html

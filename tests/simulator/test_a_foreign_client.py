"""Somebody else's Cloud API client works against the simulator as it is, by its address alone.

pywa knows nothing of us: it builds the requests, reads the answers and checks the webhooks in its
own way, which is that of programs that talk to Meta. Where it is not installed this is skipped;
`requirements-dev.txt` brings it, so that in CI it never is.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from simulator.media import samples
from tests.processes.waiting import wait_for
from tests.simulator.receiver import Listener, Receiver
from tests.simulator.running import Simulator

pywa: Any = pytest.importorskip("pywa")
errors, handlers, types = pywa.errors, pywa.handlers, pywa.types
templates = types.templates

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("django_db_setup")]

T = TypeVar("T")
NUMBER, WABA, THANDI, NOBODY = "100000000000001", "200000000000001", "27821230001", "27609999999"
FILES = Path(samples.__file__).with_name("sample_files")


@pytest.fixture(scope="module")
def console(listener: Listener) -> Receiver:
    """Where the webhooks go."""
    return listener.new()


@pytest.fixture(scope="module")
def simulator(console: Receiver, django_db_setup: None) -> Iterator[Simulator]:
    """One world for all tests here; Thandi has written, so free text may be sent to her."""
    with Simulator("--webhook-url", console.url, "--console-clock-url", "") as running:
        running.control("POST", f"customers/{THANDI}/messages/", {"type": "text", "text": "Hi"})
        running.control("PATCH", "faults/", {"pair_limit": False})
        yield running


@pytest.fixture(scope="module")
def client(simulator: Simulator) -> Iterator[Any]:
    """pywa as its users make it; it knows Meta's address alone, so that one is changed."""
    client = pywa.WhatsApp(
        phone_id=NUMBER,
        waba_id=WABA,
        token="demo-token",
        server=None,
        verify_token="demo-verify-token",
        app_secret="demo-app-secret",
    )
    session = client.api._session
    session.base_url = simulator.url + urlsplit(str(session.base_url)).path
    yield client
    session.close()


@pytest.fixture
def hear(
    client: Any, console: Receiver, simulator: Simulator
) -> Iterator[Callable[[Callable[[Any], bool]], Any]]:
    """The newest update of this kind that pywa makes of the webhooks, once there is one.

    pywa reads the first item of a webhook only, so nothing else may be on its way.
    """
    wait_for(lambda: simulator.control("GET", "")["unsent"] == 0, what="quiet")
    heard: list[Any] = []
    read = 0
    listening = [
        handler(lambda _, update: heard.append(update))
        for handler in (
            handlers.MessageHandler,
            handlers.MessageStatusHandler,
            handlers.CallbackButtonHandler,
            handlers.CallbackSelectionHandler,
        )
    ]
    client.add_handlers(*listening)

    def newest(wanted: Callable[[Any], bool]) -> Any:
        nonlocal read
        while read < len(console.posted):
            post = console.posted[read]
            signature = post.headers["X-Hub-Signature-256"]
            assert client.webhook_update_validator(post.body, signature) is None
            assert client.webhook_update_handler(post.body) == ("ok", 200)
            read += 1
        return next(filter(wanted, reversed(heard)), None)

    yield lambda wanted: wait_for(lambda: newest(wanted), what="a webhook")
    client.remove_handlers(*listening)


def newest(simulator: Simulator) -> dict[str, Any]:
    """The last line of Thandi's chat."""
    chat: list[dict[str, Any]] = simulator.control("GET", f"customers/{THANDI}/messages/")
    return chat[-1]


def say(simulator: Simulator, **message: Any) -> str:
    """Thandi says something; its wamid."""
    said = simulator.control("POST", f"customers/{THANDI}/messages/", message)
    return str(said["wamid"])


def test_it_sends_text_that_quotes_and_is_tracked(client: Any, simulator: Simulator) -> None:
    first = client.send_message(THANDI, "See https://example.com", preview_url=True)
    client.send_message(THANDI, "As I said", reply_to_message_id=first.id, tracker="order-7")
    last = newest(simulator)
    assert last["text"] == "As I said"
    assert last["context"]["id"] == first.id
    assert last["biz_opaque_callback_data"] == "order-7"


def test_it_sends_buttons_and_understands_the_tap(
    client: Any, simulator: Simulator, hear: Any
) -> None:
    buttons = [types.Button("Pay now", "pay"), types.Button("Later", "later")]
    sent = client.send_message(THANDI, "Shall we?", header="Invoice", footer="KOS", buttons=buttons)
    assert [one["text"] for one in newest(simulator)["buttons"]] == ["Pay now", "Later"]
    say(simulator, type="tap", title="Pay now")
    tap = hear(lambda update: isinstance(update, types.CallbackButton))
    assert (tap.title, tap.data, tap.reply_to_message.id) == ("Pay now", "pay", sent.id)


def test_it_sends_a_list_and_understands_the_choice(
    client: Any, simulator: Simulator, hear: Any
) -> None:
    row = types.SectionRow("Track", "track_order", "Where it is")
    sections = [types.Section("Orders", [row]), types.Section("Rest", [types.SectionRow("x", "y")])]
    client.send_message(THANDI, "What is it?", buttons=types.SectionList("Options", sections))
    say(simulator, type="tap", title="Track")
    choice = hear(lambda update: isinstance(update, types.CallbackSelection))
    assert (choice.title, choice.data, choice.description) == (
        "Track",
        "track_order",
        "Where it is",
    )


FREE_FORM: dict[str, Callable[[Any], Any]] = {
    "link": lambda it: it.send_message(
        THANDI, "Go", buttons=types.URLButton("Open", "https://example.com")
    ),
    "location request": lambda it: it.request_location(THANDI, "Where are you?"),
    "number request": lambda it: it.request_contact_info(THANDI, "Which number?"),
    "image": lambda it: it.send_image(THANDI, FILES / "photo.jpg", caption="Look"),
    "image and button": lambda it: it.send_image(
        THANDI, FILES / "photo.jpg", caption="Look", buttons=[types.Button("Yes", "y")]
    ),
    "image by link": lambda it: it.send_image(THANDI, "https://example.com/a.jpg"),
    "video": lambda it: it.send_video(THANDI, FILES / "clip.mp4"),
    "voice": lambda it: it.send_voice(THANDI, FILES / "voice.ogg"),
    "document": lambda it: it.send_document(
        THANDI, FILES / "proof-of-payment.pdf", filename="proof.pdf"
    ),
    "sticker": lambda it: it.send_sticker(THANDI, FILES / "sticker.webp"),
    "location": lambda it: it.send_location(THANDI, -26.2, 28.0, "Shop", "Main Road"),
    "contact": lambda it: it.send_contact(
        THANDI,
        types.Contact(
            name=types.Contact.Name(formatted_name="Ana B", first_name="Ana"),
            phones=[types.Contact.Phone(phone="+27821230009")],
        ),
    ),
}


@pytest.mark.parametrize("kind", FREE_FORM)
def test_it_sends_every_kind_of_free_message(client: Any, simulator: Simulator, kind: str) -> None:
    sent = FREE_FORM[kind](client)
    assert newest(simulator)["wamid"] == sent.id


def test_it_reacts_reads_and_types(client: Any, simulator: Simulator) -> None:
    wamid = say(simulator, type="text", text="Thanks")
    assert client.mark_message_as_read(wamid).success
    assert client.indicate_typing(wamid).success
    assert simulator.control("GET", f"customers/{THANDI}/")["typing"]
    client.send_reaction(THANDI, "👍", wamid)
    chat = simulator.control("GET", f"customers/{THANDI}/messages/")
    [thanked] = [one for one in chat if one["wamid"] == wamid]
    assert thanked["status"] == "read"
    assert thanked["reactions"] == ["👍"]


def test_it_uploads_looks_up_downloads_sends_and_deletes_a_file(
    client: Any, simulator: Simulator, tmp_path: Path
) -> None:
    photo = (FILES / "photo.jpg").read_bytes()
    media = client.upload_media(photo, mime_type="image/jpeg", filename="photo.jpg")
    found = client.get_media_url(media.id)
    assert (found.mime_type, found.file_size) == ("image/jpeg", len(photo))
    assert client.download_media(url=found.url, path=tmp_path).read_bytes() == photo
    client.send_image(THANDI, media)
    assert newest(simulator)["type"] == "image"
    assert client.delete_media(media.id).success
    with pytest.raises(errors.WhatsAppError):
        client.get_media_url(media.id)


def test_it_downloads_what_a_customer_sends(client: Any, simulator: Simulator, hear: Any) -> None:
    wamid = say(simulator, type="voice")
    message = hear(lambda update: update.id == wamid)
    assert message.audio.voice
    assert message.audio.get_bytes() == (FILES / "voice.ogg").read_bytes()


def test_it_makes_sends_lists_and_deletes_a_template(client: Any, simulator: Simulator) -> None:
    wanted = templates.Template(
        name="order_ready",
        category=templates.TemplateCategory.UTILITY,
        language=templates.TemplateLanguage.ENGLISH_US,
        components=[
            templates.BodyText("Hello {{1}}, your order {{2}} is here now.", "Ana", "7"),
            templates.Buttons(buttons=[templates.QuickReplyButton(text="Thanks")]),
        ],
    )
    made = client.create_template(wanted)
    assert made.status == templates.TemplateStatus.PENDING
    simulator.control("POST", "templates/order_ready/", {"status": "APPROVED"})
    values = [
        templates.BodyText.params("Thandi", "8"),
        templates.QuickReplyButton.params(callback_data="thanks", index=0),
    ]
    client.send_template(THANDI, "order_ready", templates.TemplateLanguage.ENGLISH_US, values)
    assert newest(simulator)["text"] == "Hello Thandi, your order 8 is here now."
    assert client.get_template(made.id).status == templates.TemplateStatus.APPROVED
    assert client.delete_template("order_ready").success


def test_it_is_told_where_its_messages_stand(client: Any, hear: Any) -> None:
    sent = client.send_message(THANDI, "Are you there?", tracker="7")
    status = hear(lambda update: update.id == sent.id)
    assert (status.from_user.wa_id, status.tracker) == (THANDI, "7")
    assert status.status in (types.MessageStatusType.SENT, types.MessageStatusType.DELIVERED)
    lost = client.send_message(NOBODY, "Are you there?")
    status = hear(lambda update: update.id == lost.id)
    assert isinstance(status.error, errors.MessageUndeliverable)


def test_it_reads_number_account_profile_and_block_list(client: Any) -> None:
    assert client.get_business_phone_number().status == "CONNECTED"
    assert client.get_business_account().id == WABA
    assert client.update_business_profile(about="Open 8 to 5", websites=["https://example.com"])
    assert client.get_business_profile().about == "Open 8 to 5"
    assert client.block_users([THANDI]).added_users[0].wa_id == THANDI
    assert [one.wa_id for one in client.get_blocked_users()] == [THANDI]
    assert client.unblock_users([THANDI]).removed_users[0].wa_id == THANDI


def test_it_knows_the_refusals_by_their_codes(client: Any) -> None:
    with pytest.raises(errors.InvalidParameter, match="Max length is 20"):
        client.send_message(THANDI, "x", buttons=[types.Button("x" * 21, "x")])
    with pytest.raises(errors.TemplateNotExists):
        client.send_template(THANDI, "none", templates.TemplateLanguage.ENGLISH_US)
    with pytest.raises(errors.WhatsAppError, match="at most 4096"):
        client.send_message(THANDI, "x" * 4097)


def test_it_verifies_a_webhook_address_and_points_a_number_elsewhere(
    client: Any, simulator: Simulator, console: Receiver
) -> None:
    assert client.webhook_challenge_handler("demo-verify-token", "17") == ("17", 200)
    with pytest.raises(errors.WhatsAppError, match="Callback verification failed"):
        client.override_phone_callback_url(console.url, "another token")
    assert client.override_phone_callback_url(console.url, "demo-verify-token").success
    assert client.delete_phone_callback_url().success

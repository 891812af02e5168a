"""The template dialog: what may be chosen, what is filled in, and what really goes."""

import html
import json
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from conversations import clock, consent, takeover
from conversations.models import Message, MessageTemplate, PhoneNumber, TemplateSync, Thread
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in
from tests.media.files import JPEG, PAGE, PDF

pytestmark = pytest.mark.django_db

DELIVERY: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"},
    {"type": "BODY", "text": "Hi {{1}}, it *leaves* on {{2}}."},
    {"type": "FOOTER", "text": "Karoo"},
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Change address"}]},
]


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def thread(alice: User) -> Thread:
    """Mine, and its window shut an hour ago."""
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, sent_at=clock.now() - timedelta(hours=25))
    takeover.take(thread, by=alice)
    thread.refresh_from_db()
    return thread


def dialog(client: Client, thread: Thread, **query: Any) -> str:
    return fragment(client, at(thread, "template/"), **query)


def preview(client: Client, thread: Thread, template: MessageTemplate, **values: str) -> str:
    fields = {"template": template.pk, "preview": "1", **named(values)}
    response = act(client, at(thread, "template/"), **fields)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def named(values: dict[str, str]) -> dict[str, str]:
    """_1="x" is the field v.1, header_1="x" the field v.header.1."""
    return {f"v.{key.lstrip('_').replace('_', '.')}": value for key, value in values.items()}


def send(client: Client, thread: Thread, template: MessageTemplate, **values: str) -> Any:
    return act(client, at(thread, "template/"), template=template.pk, **named(values))


def test_only_approved_ones_of_this_number_can_be_chosen(client: Client, thread: Thread) -> None:
    PhoneNumber.objects.update(waba_id="ours")
    factories.a_template("approved")
    factories.a_template("ours_alone", waba_id="ours")
    factories.a_template("pending", status="PENDING")
    factories.a_template("of_others", waba_id="theirs")
    shown = re.findall(r"data-tpl[^>]*><b>(\w+)</b>", dialog(client, thread))
    assert shown == ["approved", "ours_alone"]


def test_language_and_category_are_shown(client: Client, thread: Thread) -> None:
    factories.a_template(category="MARKETING")
    shown = dialog(client, thread)
    assert "en_ZA" in shown
    assert "marketing" in shown


def test_without_templates_it_leads_to_the_list_of_all(client: Client, thread: Thread) -> None:
    shown = dialog(client, thread)
    assert "There is no approved template." in shown
    assert "A supervisor can ask WhatsApp for them." in shown


def test_a_supervisor_asks_whatsapp_for_them(thread: Thread) -> None:
    sam = factories.a_supervisor()
    takeover.take(thread, by=sam, from_person=True)
    assert "Ask WhatsApp for them" in dialog(signed_in(sam), thread)
    for _ in range(2):
        answer = act(signed_in(sam), at(thread, "template/sync/"))
        assert (answer.status_code, "Look again" in answer.json()["toast"]) == (200, True)
    assert TemplateSync.objects.get(waba_id=thread.phone_number.waba_id).due_at
    PhoneNumber.objects.update(waba_id="")
    assert act(signed_in(sam), at(thread, "template/sync/")).status_code == 422


def test_an_agent_does_not_ask_whatsapp(client: Client, thread: Thread) -> None:
    assert act(client, at(thread, "template/sync/")).status_code == 403
    assert not TemplateSync.objects.exists()


def test_they_can_be_sifted_by_language_and_category(client: Client, thread: Thread) -> None:
    factories.a_template("one")
    assert "Any language" not in dialog(client, thread)
    factories.a_template("two", language="af", category="MARKETING")
    shown = dialog(client, thread)
    for words in ("<option>af</option>", "<option>en_ZA</option>", "<option>Marketing</option>"):
        assert words in shown


def test_each_value_has_a_field_and_sending_waits_for_all(client: Client, thread: Thread) -> None:
    template = factories.a_template("delivery", components=DELIVERY)
    shown = dialog(client, thread, template=template.pk)
    assert re.findall(r'name="(v\.[^"]+)"', shown) == ["v.header.1", "v.1", "v.2"]
    assert "Still to fill in: Header {{1}}, Body {{1}}, Body {{2}}" in html.unescape(shown)
    assert re.search(r"<button[^>]* disabled>Send template", shown)


def test_the_preview_follows_what_is_typed(client: Client, thread: Thread) -> None:
    template = factories.a_template("delivery", components=DELIVERY)
    half = preview(client, thread, template, _1="Thandi")
    assert "Hi Thandi, it <strong>leaves</strong> on {{2}}." in half
    assert "disabled>Send template" in half
    whole = preview(client, thread, template, header_1="7", _1="Thandi", _2="Monday")
    assert "Order 7" in whole
    assert "on Monday." in whole
    assert "Change address" in whole
    assert "disabled>Send template" not in whole


def test_the_exact_body_can_be_looked_at_and_is_what_goes(client: Client, thread: Thread) -> None:
    template = factories.a_template("delivery", components=DELIVERY)
    values = {"header_1": "7", "_1": "Thandi", "_2": "Monday"}
    shown = preview(client, thread, template, **values)
    assert send(client, thread, template, **values).status_code == 200
    wire = wire_in(shown)
    assert Message.objects.get(direction="out").content.items() <= wire.items()
    assert wire["messaging_product"] == "whatsapp"
    assert wire["to"] == thread.contact.masked_number  # an agent's eyes


def wire_in(shown: str) -> dict[str, Any]:
    found = re.search(r"<pre[^>]*>(.+?)</pre>", shown, re.DOTALL)
    assert found
    wire: dict[str, Any] = json.loads(found[1])
    return wire


def test_the_body_is_that_of_this_form_with_the_number_for_who_may_see_it(thread: Thread) -> None:
    sam = factories.a_supervisor()
    takeover.take(thread, by=sam, from_person=True)
    template, reference = factories.a_template(), str(uuid.uuid4())
    fields = {"template": template.pk, "preview": "1", "reference": reference}
    answer = act(signed_in(sam), at(thread, "template/"), **fields, **{"v.1": "a", "v.2": "b"})
    wire = wire_in(html.unescape(answer.content.decode()))
    assert wire["to"] == f"+{thread.contact.wa_id}"
    assert wire["biz_opaque_callback_data"] == reference


def test_what_is_typed_stays_text(client: Client, thread: Thread) -> None:
    template = factories.a_template()
    response = act(
        client,
        at(thread, "template/"),
        **{"template": template.pk, "preview": 1, "v.1": "<b>x</b>", "v.2": '"><i>'},
    )
    assert b"<b>x</b>" not in response.content
    assert b"<i>" not in response.content


def test_it_goes_through_the_gate_though_the_window_is_shut(
    client: Client, thread: Thread, alice: User
) -> None:
    answer = send(client, thread, factories.a_template(), _1="Thandi", _2="R 450.00")
    assert answer.status_code == 200
    sent = Message.objects.get(direction="out")
    assert (sent.kind, sent.status, sent.sent_by) == ("template", "queued", alice)
    assert sent.text == "Hi Thandi, your invoice for R 450.00 is overdue."
    assert f'id="m{sent.pk}"' in answer.json()["entries"]


def test_two_presses_are_one_message(client: Client, thread: Thread) -> None:
    template, reference = factories.a_template(), str(uuid.uuid4())
    fields = {"template": template.pk, "reference": reference, "v.1": "a", "v.2": "b"}
    for _ in range(2):
        assert act(client, at(thread, "template/"), **fields).status_code == 200
    assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(
    "values", [{}, {"_1": "Thandi"}, {"_1": "a", "_2": " "}, {"_1": "a\tb", "_2": "c"}]
)
def test_a_missing_or_impossible_value_is_refused(
    client: Client, thread: Thread, values: dict[str, str]
) -> None:
    assert send(client, thread, factories.a_template(), **values).status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_a_template_that_is_no_longer_approved_is_refused(client: Client, thread: Thread) -> None:
    template = factories.a_template()
    MessageTemplate.objects.update(status="PAUSED")
    assert send(client, thread, template, _1="a", _2="b").status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_what_the_customer_does_not_want_is_said_before_and_refused(
    client: Client, thread: Thread
) -> None:
    consent.withdraw(
        thread.contact, (consent.Purpose.MARKETING,), at=clock.now(), source="customer"
    )
    template = factories.a_template(category="MARKETING")
    opened = dialog(client, thread, template=template.pk)
    assert "Thandi Nkosi does not want marketing messages." in opened
    assert "Not wanted" in opened
    assert 'name="v.1"' not in opened
    shown = preview(client, thread, template, _1="a", _2="b")
    assert "does not want marketing messages" in shown
    assert "disabled>Send template" in shown
    assert send(client, thread, template, _1="a", _2="b").status_code == 409
    assert "Marketing is blocked" in fragment(client, at(thread))


def test_an_image_in_the_header_is_given_by_its_address(client: Client, thread: Thread) -> None:
    components: list[dict[str, Any]] = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Look"},
    ]
    template = factories.a_template("picture", components=components)
    address = "https://example.org/a.png"
    assert send(client, thread, template, header_image=address).status_code == 200
    sent = Message.objects.get(direction="out").content["template"]["components"][0]
    assert sent["parameters"][0]["image"] == {"link": address}


PLACE: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "LOCATION"},
    {"type": "BODY", "text": "Here"},
]
SPOT = {"latitude": "-26,2041", "longitude": "28.0473", "name": "Shop", "address": "1 Long Street"}


def test_a_place_in_the_header_is_given_by_four_fields(client: Client, thread: Thread) -> None:
    template = factories.a_template("place", components=PLACE)
    values = {f"header_location_{key}": value for key, value in SPOT.items()}
    assert "Shop, 1 Long Street" in preview(client, thread, template, **values)
    assert send(client, thread, template, **values).status_code == 200
    sent = Message.objects.get(direction="out").content["template"]["components"][0]
    assert sent["parameters"][0]["location"] == {
        **{"latitude": -26.2041, "longitude": 28.0473},
        **{"name": "Shop", "address": "1 Long Street"},
    }


@pytest.mark.parametrize("latitude", ["Pretoria", "91", "nan"])
def test_a_place_that_is_none_is_refused_in_words(
    client: Client, thread: Thread, latitude: str
) -> None:
    template = factories.a_template("place", components=PLACE)
    values = {f"header_location_{key}": value for key, value in SPOT.items()}
    values["header_location_latitude"] = latitude
    shown = preview(client, thread, template, **values)
    assert "latitude" in shown
    assert "disabled>Send template" in shown
    assert send(client, thread, template, **values).status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_a_document_in_the_header_may_have_a_name(client: Client, thread: Thread) -> None:
    components = [{"type": "HEADER", "format": "DOCUMENT"}, {"type": "BODY", "text": "Look"}]
    template = factories.a_template("paper", components=components)
    values = {"header_document": "https://example.org/a.pdf"}
    assert "disabled>Send" not in preview(client, thread, template, **values)
    values["header_document_filename"] = "Statement.pdf"
    assert "Statement.pdf" in preview(client, thread, template, **values)
    assert send(client, thread, template, **values).status_code == 200
    sent = Message.objects.get(direction="out").content["template"]["components"][0]
    assert sent["parameters"][0]["document"] == {
        "link": "https://example.org/a.pdf",
        "filename": "Statement.pdf",
    }


def test_buttons_and_names_have_fields_of_their_own(client: Client, thread: Thread) -> None:
    components: list[dict[str, Any]] = [
        {"type": "BODY", "text": "Hi {{first_name}}"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Yes"},
                {"type": "URL", "text": "Track", "url": "https://x.example/{{1}}"},
                {"type": "COPY_CODE", "example": "SAVE"},
            ],
        },
    ]
    template = factories.a_template("track", components=components)
    shown = dialog(client, thread, template=template.pk)
    names = ["v.first_name", "v.button.1", "v.button.2"]
    assert re.findall(r'name="(v\.[^"]+)"', shown) == names
    values = {"v.first_name": "Thandi", "v.button.1": "77", "v.button.2": "SAVE10"}
    answer = act(client, at(thread, "template/"), template=template.pk, **values)
    assert answer.status_code == 200
    parts = Message.objects.get(direction="out").content["template"]["components"]
    assert parts[0]["parameters"][0]["parameter_name"] == "first_name"
    assert [part.get("index") for part in parts[1:]] == ["1", "2"]


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30])
def test_a_template_that_is_none_is_not_chosen(client: Client, thread: Thread, key: str) -> None:
    factories.a_template()
    assert "Choose a template" in dialog(client, thread, template=key)
    assert act(client, at(thread, "template/"), template=key).status_code == 422


def test_while_the_assistant_answers_there_is_no_dialog(client: Client) -> None:
    thread = factories.a_thread()
    assert client.get(at(thread, "template/")).status_code == 409
    assert send(client, thread, factories.a_template(), _1="a", _2="b").status_code == 409


def test_without_a_script_it_is_a_page_that_posts(client: Client, thread: Thread) -> None:
    template = factories.a_template()
    page = client.get(at(thread, "template/"), {"template": template.pk}).content.decode()
    assert "<html" in page
    assert 'name="v.1"' in page
    looked = client.post(
        at(thread, "template/"),
        {"template": template.pk, "preview": "1", "v.1": "Thandi", "v.2": "R 1.00"},
    )
    assert "Hi Thandi, your invoice for R 1.00" in looked.content.decode()
    sent = client.post(
        at(thread, "template/"), {"template": template.pk, "v.1": "Thandi", "v.2": "R 1.00"}
    )
    assert (sent.status_code, sent["Location"]) == (302, at(thread))


def test_templates_in_the_businesss_own_language_come_first(client: Client, thread: Thread) -> None:
    factories.a_template("a_first_by_name", language="af")
    factories.a_template("z_last_by_name", language="en_ZA")
    shown = dialog(client, thread)
    assert shown.index("z_last_by_name") < shown.index("a_first_by_name")


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture() -> MessageTemplate:
    components = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hi {{1}}"}]
    return factories.a_template("picture", components=components)


def with_file(
    client: Client, thread: Thread, template: MessageTemplate, content: bytes, **values: str
) -> Any:
    file = SimpleUploadedFile("chair.jpg", content, content_type="image/jpeg")
    fields = {"template": template.pk, "file": file, **named(values)}
    return act(client, at(thread, "template/"), **fields)


def test_a_file_for_the_header_is_chosen_named_in_the_preview_and_waits_for_its_upload(
    client: Client, thread: Thread, picture: MessageTemplate, folder: Path
) -> None:
    shown = preview(client, thread, picture, header_image_file="chair.jpg", _1="Thandi")
    assert "disabled>Send template" not in shown
    assert "chair.jpg" in shown
    assert with_file(client, thread, picture, JPEG, _1="Thandi").status_code == 200
    sent = Message.objects.get(direction="out")
    header, body = sent.content["template"]["components"]
    assert header["parameters"][0]["image"]["id"].startswith("waiting-")
    assert body["parameters"][0]["text"] == "Thandi"
    assert (sent.media.filename, sent.media.state) == ("chair.jpg", "waiting")
    assert sent.next_at is not None
    assert sent.next_at > clock.now() + timedelta(days=300)  # until WhatsApp has the file
    assert "On its way" in fragment(client, at(thread))


@pytest.mark.parametrize("content", [PDF, PAGE, b""])
def test_a_file_that_the_header_does_not_take_is_refused_and_not_kept(
    client: Client, thread: Thread, picture: MessageTemplate, folder: Path, content: bytes
) -> None:
    answer = with_file(client, thread, picture, content, _1="Thandi")
    assert answer.status_code == 422
    assert "Not sent" in answer.json()["toast"]
    assert not Message.objects.filter(direction="out").exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_the_name_of_a_file_without_the_file_sends_nothing(
    client: Client, thread: Thread, picture: MessageTemplate
) -> None:
    answer = send(client, thread, picture, header_image_file="chair.jpg", _1="Thandi")
    assert answer.status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_who_may_not_answer_sends_no_file_either(
    thread: Thread, picture: MessageTemplate, folder: Path
) -> None:
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    answer = with_file(signed_in(reader), thread, picture, JPEG, _1="Thandi")
    assert answer.status_code == 403
    assert not Message.objects.filter(direction="out").exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []

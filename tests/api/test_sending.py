"""One call sends: what is queued, what is refused and why, and what a dry run tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations import clock, consent, media, scopes, takeover
from conversations.models import (
    ApiAllowance,
    ApiCall,
    ApiClient,
    Contact,
    MediaFile,
    Message,
    PhoneNumber,
    Thread,
    Upload,
)
from tests import factories
from tests.api.calling import Caller, a_client, a_key
from tests.inbox.pages import SCRIPT, at, signed_in
from tests.media.files import VOICE

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
NUMBER = "+27 82 123 4567"
OVERDUE = {"name": "invoice_overdue", "language": "en_ZA", "variables": ["Thandi", "R 450.00"]}
BUTTONS = {"body": "Paid?", "buttons": [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]}
SONG = {"link": "https://example.com/a.ogg", "kind": "audio"}
MENU = {
    "body": "What is it about?",
    "button": "Choose",
    "sections": [{"title": "Orders", "rows": [{"id": "late", "title": "It is late"}]}],
}


@pytest.fixture(autouse=True)
def number() -> PhoneNumber:
    return factories.a_phone_number()


@pytest.fixture
def caller() -> Caller:
    return a_client(scopes.MESSAGES_SEND, scopes.MEDIA_WRITE)


def open_thread(**fields: Any) -> Thread:
    contact = factories.a_contact(wa_id="27821234567")
    return factories.a_thread(contact=contact, last_inbound_at=clock.now(), **fields)


def shut_thread() -> Thread:
    contact = factories.a_contact(wa_id="27821234567")
    return factories.a_thread(contact=contact, last_inbound_at=clock.now() - timedelta(hours=25))


def send(caller: Caller, **body: Any) -> Any:
    return caller.post("messages", {"phone_number": NUMBER, **body})


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["code"]) == (status, code), told
    return told


def pointers(response: Any) -> list[str]:
    return [fault["pointer"] for fault in refused(response, 422, "invalid_fields")["errors"]]


# --- What is queued -------------------------------------------------------------------------------


def test_a_text_is_queued_and_the_answer_says_which_and_where(caller: Caller) -> None:
    thread = open_thread()
    response = send(caller, text="Your parcel is on its way.")
    row, message = response.json(), Message.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"/api/v1/messages/{message.pk}"
    assert (row["reference"], row["status"]) == (str(message.reference), "queued")
    assert row["link"].endswith(f"/{thread.pk}/")
    assert row["window_closes_at"].endswith("Z")
    assert (message.origin, message.thread) == (Message.Origin.API, thread)


def test_staff_see_which_system_sent_it() -> None:
    thread = open_thread()
    client, key = a_key(scopes.MESSAGES_SEND)
    assert send(Caller(key), text="Hello").json()["sent_by"]["name"] == client.name
    assert Message.objects.get().sent_by == client.user
    page = signed_in(factories.an_agent()).get(at(thread), headers=SCRIPT)
    assert client.name in page.content.decode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"text": "Hello *there*"}, "text"),
        ({"buttons": BUTTONS}, "buttons"),
        ({"list": MENU}, "list"),
        ({"media": {"link": "https://example.com/a.pdf", "kind": "document"}}, "document"),
        (
            {"media": {"link": "https://example.com/a.jpg", "kind": "image", "caption": "It"}},
            "image",
        ),
        ({"template": OVERDUE}, "template"),
    ],
)
def test_every_kind_is_sent(caller: Caller, content: dict[str, Any], kind: str) -> None:
    open_thread()
    factories.a_template()
    assert send(caller, **content).json()["kind"] == kind
    assert Message.objects.get().status == Message.Status.QUEUED


def test_a_stranger_becomes_a_contact_with_a_conversation(caller: Caller) -> None:
    factories.a_template()
    response = send(caller, template=OVERDUE)
    assert response.status_code == 201
    assert Contact.objects.get().wa_id == "27821234567"
    assert send(caller, template=OVERDUE).json()["thread"] == response.json()["thread"]
    assert Message.objects.get(pk=response.json()["id"]).text.startswith("Hi Thandi, your invoice")


def test_a_contact_can_be_named_by_its_id(caller: Caller) -> None:
    thread = open_thread()
    response = caller.post("messages", {"contact": thread.contact_id, "text": "Hello"})
    assert response.json()["thread"] == thread.pk


@pytest.mark.parametrize("variables", [["Thandi", "R 1"], {"1": "Thandi", "2": "R 1"}])
def test_variables_come_in_order_or_by_key(caller: Caller, variables: Any) -> None:
    factories.a_template()
    send(caller, template={"name": "invoice_overdue", "variables": variables})
    assert Message.objects.get().text == "Hi Thandi, your invoice for R 1 is overdue."


def test_a_variable_that_no_template_takes_is_told_by_its_place(caller: Caller) -> None:
    factories.a_template()
    answer = send(caller, template={**OVERDUE, "variables": ["Thandi", "R\n1"]})
    assert pointers(answer) == ["#/template/variables/1"]
    assert "single spaces" in answer.json()["errors"][0]["what_to_do"]


def test_variables_have_names_where_the_template_has(caller: Caller) -> None:
    body = [{"type": "BODY", "text": "Dear {{first_name}}, thank you."}]
    factories.a_template("thanks", components=body)
    assert pointers(send(caller, template={"name": "thanks", "variables": {"name": "T"}}))
    send(caller, template={"name": "thanks", "variables": {"first_name": "Thandi"}})
    assert Message.objects.get().text == "Dear Thandi, thank you."


def test_of_several_numbers_one_must_be_named(caller: Caller, number: PhoneNumber) -> None:
    factories.a_phone_number()
    factories.a_template()
    assert pointers(send(caller, template=OVERDUE)) == ["#/from_number"]
    row = send(caller, template=OVERDUE, from_number=number.pk).json()
    assert Thread.objects.get(pk=row["thread"]).phone_number == number


def test_who_answers_stays_as_it_is(caller: Caller) -> None:
    thread = open_thread()
    agent = factories.an_agent()
    takeover.take(thread, by=agent)
    assert send(caller, text="Your order was shipped.").status_code == 201
    thread.refresh_from_db()
    assert (thread.mode, thread.assigned_to) == (Thread.Mode.STAFF, agent)


def test_a_repeated_call_sends_once(caller: Caller) -> None:
    open_thread()
    body = {"phone_number": NUMBER, "text": "Hello"}
    first = caller.post("messages", body, Idempotency_Key="order-5-shipped")
    again = caller.post("messages", body, Idempotency_Key="order-5-shipped")
    assert first.json() == again.json()
    assert again["Location"] == first["Location"]
    assert Message.objects.count() == 1


# --- A closed window ------------------------------------------------------------------------------


def test_a_closed_window_is_refused_with_when_it_closed(caller: Caller) -> None:
    thread = shut_thread()
    told = refused(send(caller, text="Hello"), 409, "window_closed")
    assert told["window_closed_at"][:19] == thread.window_closes_at.isoformat()[:19]  # type: ignore[union-attr]  # it is shut
    assert told["window_closed_at"].endswith("Z")
    assert "template" in told["what_to_do"]


def test_a_refusal_leaves_nothing_behind(caller: Caller) -> None:
    assert refused(send(caller, text="Hello"), 409, "window_closed")["window_closed_at"] is None
    assert not Contact.objects.exists()
    assert not Thread.objects.exists()


def test_where_it_is_closed_the_template_is_sent_instead(caller: Caller) -> None:
    factories.a_template()
    shut_thread()
    how = {"on_closed_window": "template", "closed_window_template": OVERDUE}
    assert send(caller, text="Still owing", **how).json()["kind"] == "template"
    assert Message.objects.get().kind == "template"


def test_where_it_is_open_the_template_is_not_needed(caller: Caller) -> None:
    open_thread()
    how = {"on_closed_window": "template", "closed_window_template": OVERDUE}
    assert send(caller, text="Still owing", **how).json()["kind"] == "text"


def test_a_template_that_is_wrong_too_is_named(caller: Caller) -> None:
    factories.a_template()
    shut_thread()
    wrong = {"name": "invoice_overdue", "variables": ["Thandi"]}
    how = {"on_closed_window": "template", "closed_window_template": wrong}
    assert pointers(send(caller, text="Hi", **how)) == ["#/closed_window_template/variables/1"]
    unknown = how | {"closed_window_template": {"name": "nothing"}}
    refused(send(caller, text="Hi", **unknown), 422, "template_refused")


@pytest.mark.parametrize(
    "how", [{"on_closed_window": "template"}, {"closed_window_template": OVERDUE}]
)
def test_half_of_a_fallback_is_refused(caller: Caller, how: dict[str, Any]) -> None:
    assert pointers(send(caller, text="Hi", **how)) == ["#/closed_window_template"]


# --- Other refusals -------------------------------------------------------------------------------


def test_a_blocked_contact_gets_nothing(caller: Caller) -> None:
    open_thread()
    Contact.objects.update(is_blocked=True)
    told = refused(send(caller, text="Hello"), 409, "contact_blocked")
    assert told["what_to_do"] == "Unblock the contact first."
    assert not Message.objects.exists()


def test_who_withdrew_consent_gets_no_template(caller: Caller) -> None:
    thread = open_thread()
    factories.a_template()
    purposes = (consent.Purpose.SERVICE,)
    consent.withdraw(thread.contact, purposes, at=clock.now(), source="said STOP")
    refused(send(caller, template=OVERDUE), 409, "consent_withdrawn")
    assert send(caller, text="Your answer").status_code == 201


@pytest.mark.parametrize("status", ["PAUSED", "REJECTED", "PENDING"])
def test_a_template_that_is_not_approved_is_refused(caller: Caller, status: str) -> None:
    factories.a_template(status=status)
    refused(send(caller, template=OVERDUE), 422, "template_refused")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": ""}, "#/text"),
        ({"text": "   "}, "#/text"),
        ({"text": "x" * 4097}, "#/text"),
        ({"text": "x\x00"}, "#/text"),
        ({"txt": "x"}, "#/txt"),
        ({}, "#"),
        ({"text": "a", "buttons": BUTTONS}, "#"),
        ({"text": "a", "contact": 1}, "#"),
        ({"text": "a", "from_number": 999}, "#/from_number"),
        ({"text": "a", "on_closed_window": "hope"}, "#/on_closed_window"),
        ({"buttons": {**BUTTONS, "buttons": []}}, "#/buttons/buttons"),
        (
            {"buttons": {"body": "a", "buttons": [{"id": "a", "title": "x" * 21}]}},
            "#/buttons/buttons/0/title",
        ),
        ({"buttons": {**BUTTONS, "body": "x" * 1025}}, "#/buttons/body"),
        ({"buttons": {**BUTTONS, "footer": "x" * 61}}, "#/buttons/footer"),
        ({"list": {**MENU, "button": "x" * 21}}, "#/list/button"),
        (
            {"list": {**MENU, "sections": [{"rows": [{"id": "a", "title": "x" * 25}]}]}},
            "#/list/sections/0/rows/0/title",
        ),
        ({"media": {}}, "#/media"),
        ({"media": {"link": "https://example.com/a.jpg"}}, "#/media/kind"),
        ({"media": {"link": "file:///etc/passwd", "kind": "image"}}, "#/media/link"),
        ({"media": {**SONG, "caption": "It"}}, "#/media/caption"),
        ({"media": {**SONG, "filename": "a.ogg"}}, "#/media/filename"),
        ({"media": {**SONG, "kind": "sticker", "voice": True}}, "#/media/voice"),
        ({"media": {"upload": "8e03978e-40d5-43e8-bc93-6894a57f9324"}}, "#/media/upload"),
        ({"template": {"name": "a", "variables": [1]}}, "#/template/variables/0"),
        ({"template": {**OVERDUE, "variables": ["a\x00", "b"]}}, "#/template/variables/0"),
        ({"template": {**OVERDUE, "variables": ["a", "\ud800"]}}, "#/template/variables/1"),
        ({"text": "half an emoji: \ud83d"}, "#/text"),
        (
            {"buttons": {"body": "a", "buttons": [{"id": "\x00", "title": "b"}]}},
            "#/buttons/buttons/0/id",
        ),
        ({"media": {"link": "https://a/\x00", "kind": "image"}}, "#/media/link"),
        ({"template": {"name": "a", "variables": "x"}}, "#/template/variables"),
    ],
)
def test_what_cannot_be_sent_is_named_with_its_place(
    caller: Caller, body: dict[str, Any], where: str
) -> None:
    open_thread()
    factories.a_template()
    assert where in pointers(send(caller, **body))
    assert not Message.objects.exists()


def test_a_contact_that_is_not_there_is_named(caller: Caller) -> None:
    assert pointers(caller.post("messages", {"contact": 999, "text": "Hi"})) == ["#/contact"]


def test_what_is_no_number_is_named(caller: Caller) -> None:
    assert pointers(send(caller, phone_number="12", text="Hi")) == ["#/phone_number"]


def test_staff_send_with_their_right_to_reply() -> None:
    open_thread()
    agent = factories.an_agent()
    assert send(Caller(user=agent), text="Hello").status_code == 201
    assert Message.objects.get().sent_by == agent
    assert send(Caller(user=factories.bob()), text="Hello").status_code == 403


# --- Dry runs -------------------------------------------------------------------------------------


def rows() -> dict[str, int]:
    """How many rows every table has, but for the log of calls and what counts them."""
    ours = {ApiCall, ApiAllowance, ApiClient}
    models = [model for model in apps.get_models() if model not in ours]
    return {model._meta.label: model._base_manager.count() for model in models}


def test_a_dry_run_tells_what_would_be_sent_and_leaves_no_trace(caller: Caller) -> None:
    factories.a_template()
    before = rows()
    told = send(caller, template=OVERDUE, dry_run=True)
    assert told.status_code == 200
    assert told.json() == {
        "would": "send",
        "kind": "template",
        "text": "Hi Thandi, your invoice for R 450.00 is overdue.",
        "window_is_open": False,
        "window_closes_at": None,
        "is_new_contact": True,
        "problem": None,
    }
    assert rows() == before


def test_a_dry_run_tells_why_it_would_be_refused(caller: Caller) -> None:
    shut_thread()
    before = rows()
    told = send(caller, text="Hello", dry_run=True).json()
    assert (told["would"], told["is_new_contact"]) == ("refuse", False)
    assert told["problem"]["code"] == "window_closed"
    assert told["problem"]["window_closed_at"] == told["window_closes_at"]
    Contact.objects.update(is_blocked=True)
    told = send(caller, text="Hello", dry_run=True).json()
    assert told["problem"]["code"] == "contact_blocked"
    assert rows() == before


def test_a_dry_run_tells_of_the_template_that_would_take_over(caller: Caller) -> None:
    factories.a_template()
    shut_thread()
    how = {"on_closed_window": "template", "closed_window_template": OVERDUE, "dry_run": True}
    told = send(caller, text="Hello", **how).json()
    assert (told["would"], told["kind"]) == ("send", "template")
    assert not Message.objects.exists()


def test_a_dry_run_needs_the_scope_to_send() -> None:
    response = send(a_client(scopes.MESSAGES_READ), text="Hello", dry_run=True)
    refused(response, 403, "not_allowed")


# --- Files ----------------------------------------------------------------------------------------


def upload(caller: Caller, content: bytes = PNG, name: str = "photo.png") -> Any:
    file = SimpleUploadedFile(name, content, "image/png")
    return caller.http.post("/api/v1/media", {"file": file}, headers=caller.headers)


def test_a_file_is_uploaded_and_sent(caller: Caller) -> None:
    open_thread()
    uploaded = upload(caller)
    row = uploaded.json()
    assert (uploaded.status_code, row["mime_type"], row["size"]) == (201, "image/png", len(PNG))
    sent = send(caller, media={"upload": row["id"], "caption": "Your parcel"}).json()
    assert (sent["kind"], sent["media"]["mime_type"]) == ("image", "image/png")
    with MediaFile.objects.get().file.open("rb") as file:
        assert file.read() == PNG
    assert send(caller, media={"upload": row["id"]}).status_code == 201


def test_words_under_an_uploaded_recording_are_refused_and_not_dropped(caller: Caller) -> None:
    open_thread()
    key = upload(caller, VOICE, "voice.ogg").json()["id"]
    told = send(caller, media={"upload": key, "caption": "Listen"})
    assert pointers(told) == ["#/media/caption"]
    assert send(caller, media={"upload": key, "voice": True}).status_code == 201


def test_a_link_leads_to_a_voice_message(caller: Caller) -> None:
    open_thread()
    send(caller, media={**SONG, "voice": True})
    assert Message.objects.get().content["audio"] == {"link": SONG["link"], "voice": True}


def test_a_dry_run_with_a_file_leaves_no_file(caller: Caller) -> None:
    open_thread()
    key = upload(caller).json()["id"]
    told = send(caller, media={"upload": key}, dry_run=True).json()
    assert (told["would"], told["kind"]) == ("send", "image")
    assert not MediaFile.objects.exists()
    long = send(caller, media={"upload": key, "caption": "x" * 1025}, dry_run=True).json()
    assert long["problem"]["errors"][0]["pointer"] == "#/media/caption"


def test_an_upload_is_its_owners_alone(caller: Caller) -> None:
    open_thread()
    key = upload(a_client(scopes.MEDIA_WRITE)).json()["id"]
    assert pointers(send(caller, media={"upload": key})) == ["#/media/upload"]


def test_an_upload_whose_file_is_just_being_forgotten_is_none(caller: Caller) -> None:
    open_thread()
    key = upload(caller).json()["id"]
    kept = Upload.objects.get().file
    kept.storage.delete(str(kept))
    assert pointers(send(caller, media={"upload": key})) == ["#/media/upload"]


def test_what_whatsapp_does_not_take_is_refused_at_once(caller: Caller) -> None:
    told = refused(upload(caller, b"<html><body>Hi", "a.png"), 422, "file_refused")
    assert told["what_to_do"]
    refused(upload(caller, b""), 422, "invalid_fields")
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(caller: Caller) -> None:
    response = caller.http.generic(
        "POST",
        "/api/v1/media",
        b"",
        content_type="multipart/form-data; boundary=x",
        headers=caller.headers,
        CONTENT_LENGTH="200000000",
    )
    refused(response, 413, "too_large")


def test_uploads_are_forgotten_after_a_day(caller: Caller) -> None:
    key = upload(caller).json()["id"]
    fresh = upload(caller).json()["id"]
    old = Upload.objects.get(key=key)
    Upload.objects.filter(key=key).update(created_at=old.created_at - timedelta(hours=25))
    assert media.forget_uploads() == 1
    assert not old.file.storage.exists(str(old.file))
    kept = Upload.objects.get()
    assert str(kept.key) == fresh
    assert kept.file.storage.exists(str(kept.file))


def test_a_file_is_downloaded_whole_or_in_stretches(caller: Caller) -> None:
    open_thread()
    key = upload(caller).json()["id"]
    address = f"media/{send(caller, media={'upload': key}).json()['media']['id']}"
    reader = a_client(scopes.MEDIA_READ)
    assert reader.get(address).status_code == 404  # it is not with Meta yet
    MediaFile.objects.update(state=MediaFile.State.HERE)
    whole = reader.get(address)
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, PNG)
    assert whole["Content-Type"] == "image/png"
    part = reader.get(address, Range="bytes=1-3")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"PNG")
    assert part["Content-Range"] == f"bytes 1-3/{len(PNG)}"
    beyond = reader.get(address, Range="bytes=999-")
    assert refused(beyond, 416, "range_not_satisfiable")["status"] == 416
    assert beyond["Content-Range"] == f"bytes */{len(PNG)}"
    assert caller.get(address).status_code == 403

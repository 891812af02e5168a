"""What can be read and changed: numbers, contacts, threads, messages, templates, labels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conversations import blocking, clock, scopes, takeover
from conversations.models import Contact, Label, Message, Thread, ThreadEvent
from tests import factories
from tests.api.calling import Caller, a_client, a_key, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread() -> Thread:
    contact = factories.a_contact("Thandi Nkosi", wa_id="27821234567", bsuid="ZA.123")
    thread = factories.a_thread(contact=contact)
    factories.an_inbound(thread, "Do I owe you anything?", content={"from": "27821234567"})
    factories.an_outbound(thread, "Not a cent.")
    return thread


@pytest.fixture
def caller() -> Caller:
    return a_client(*everything())


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def refused(response: Any, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = response.json()
    assert (response.status_code, told["code"]) == (status, code), told
    return told


# --- Who sees numbers -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["contacts", "threads", "messages"])
def test_without_its_scope_nobody_sees_a_number(thread: Thread, path: str) -> None:
    without = a_client(*(set(everything()) - {scopes.CONTACTS_NUMBERS.name}))
    key = {"contacts": thread.contact_id, "threads": thread.pk}.get(path)
    key = key or thread.messages.earliest("pk").pk
    for address in (path, f"{path}/{key}"):
        said = without.get(address).content.decode()
        assert "27821234567" not in said
        assert "ZA.123" not in said
        assert "wamid." not in said
        assert Thread.objects.count() == 1
    assert "27821234567" in a_client(*everything()).get(path).content.decode()


def test_a_masked_number_cannot_be_spelled_out_by_searching(thread: Thread) -> None:
    without = a_client(scopes.CONTACTS_READ)
    response = without.get("contacts?phone_number=%2B27821234567")
    assert refused(response, 403, "not_allowed")["needs"] == "contacts:numbers"
    assert without.get("contacts").json()["results"][0]["phone_number"] == "+27••••••567"


def test_staff_see_numbers_by_their_right(thread: Thread) -> None:
    for user, shown in (
        (factories.an_agent(), "+27••••••567"),
        (factories.a_supervisor(), "+27821234567"),
    ):
        row = Caller(user=user).get(f"contacts/{thread.contact_id}").json()
        assert row["phone_number"] == shown


def test_a_preview_is_a_message(thread: Thread) -> None:
    def preview(*allowed: Any) -> Any:
        return a_client(*allowed).get(f"threads/{thread.pk}").json()["preview"]

    assert preview(scopes.THREADS_READ) is None
    assert preview(scopes.THREADS_READ, scopes.MESSAGES_READ) == "Not a cent."


# --- Contacts -------------------------------------------------------------------------------------


def test_a_contact_is_made_once_for_every_form_of_a_number(caller: Caller) -> None:
    factories.a_phone_number()
    first = caller.post("contacts", {"phone_number": "082 123 4567", "name": "Thandi"})
    assert first.status_code == 201
    assert first["Location"] == f"/api/v1/contacts/{first.json()['id']}"
    again = caller.post("contacts", {"phone_number": "+27 82 123-4567", "language": "zu"})
    assert again.status_code == 200
    assert (again.json()["name"], again.json()["language"]) == ("Thandi", "zu")
    assert Contact.objects.get().name_is_ours


@pytest.mark.parametrize("number", ["", "12", "+999 1", "hello", "+27 82 123 4567 ext 5"])
def test_what_is_no_number_makes_no_contact(caller: Caller, number: str) -> None:
    factories.a_phone_number()
    told = refused(caller.post("contacts", {"phone_number": number}), 422, "invalid_fields")
    assert told["errors"][0]["pointer"] == "#/phone_number"
    assert not Contact.objects.exists()


def test_one_of_our_own_numbers_is_no_customer(caller: Caller) -> None:
    factories.a_phone_number(display_number="+27 21 555 0100")
    refused(caller.post("contacts", {"phone_number": "+27 21 555 0100"}), 422, "invalid_fields")


def test_a_contact_is_changed_only_as_far_as_it_is_told(thread: Thread, caller: Caller) -> None:
    address = f"contacts/{thread.contact_id}"
    assert caller.patch(address, {"remarks": "Pays late"}).json()["remarks"] == "Pays late"
    contact = Contact.objects.get()
    assert (contact.name, contact.name_is_ours) == ("Thandi Nkosi", False)
    told = refused(caller.patch(address, {"wa_id": "1"}), 422, "invalid_fields")
    assert told["errors"][0]["pointer"] == "#/wa_id"


def test_of_two_who_saw_the_same_state_one_is_told(thread: Thread, caller: Caller) -> None:
    address = f"contacts/{thread.contact_id}"
    seen = caller.get(address)["ETag"]
    won = caller.patch(address, {"name": "Thandi M"}, If_Match=seen)
    assert won.status_code == 200
    lost = caller.patch(address, {"name": "T. Nkosi"}, If_Match=seen)
    refused(lost, 412, "precondition_failed")
    assert lost["ETag"] == won["ETag"] == caller.get(address)["ETag"]
    assert Contact.objects.get().name == "Thandi M"
    assert caller.patch(address, {"name": "Any"}, If_Match="*").status_code == 200


def test_a_contact_is_blocked_as_staff_block(thread: Thread, caller: Caller) -> None:
    address = f"contacts/{thread.contact_id}"
    assert caller.patch(address, {"is_blocked": True}).json()["is_blocked"] is True
    assert Contact.objects.get().is_blocked
    assert ThreadEvent.objects.get().kind == ThreadEvent.Kind.BLOCKED
    blocking.unblock(thread.contact, by=factories.a_supervisor())
    assert caller.get(address).json()["is_blocked"] is False


def test_contacts_are_found(thread: Thread, caller: Caller) -> None:
    other = factories.a_contact("Pieter", is_blocked=True)
    assert ids(caller.get("contacts?name=thandi")) == [thread.contact_id]
    assert ids(caller.get("contacts?is_blocked=true")) == [other.pk]
    assert ids(caller.get("contacts?phone_number=%2B27%2082%20123%204567")) == [thread.contact_id]


# --- Threads --------------------------------------------------------------------------------------


def test_threads_are_found(thread: Thread, caller: Caller) -> None:
    agent = factories.an_agent()
    taken = factories.a_thread(mode=Thread.Mode.STAFF, assigned_to=agent)
    vip = Label.objects.create(name="VIP")
    taken.labels.add(vip)
    for query, found in (
        ("mode=staff", taken),
        ("assigned_to=alice", taken),
        (f"label={vip.pk}", taken),
        ("window_open=true", thread),
        ("window_open=false", taken),
        (f"contact={thread.contact_id}", thread),
        ("is_closed=false&mode=bot", thread),
        ("unread=false&mode=bot", thread),
    ):
        assert ids(caller.get(f"threads?{query}")) == [found.pk], query
    assert ids(caller.get(f"threads?phone_number={thread.phone_number_id}")) == [
        taken.pk,
        thread.pk,
    ]
    assert ids(caller.get("threads?contact=" + "9" * 30)) == []


@pytest.mark.parametrize(
    "query", ["mode=bto", "contact=x", "contact=1e999999999", "unread=x", "is_closed=yes"]
)
def test_a_filter_that_means_nothing_is_refused(caller: Caller, query: str) -> None:
    told = refused(caller.get(f"threads?{query}"), 400, "invalid_parameters")
    assert told["errors"][0]["parameter"] == query.split("=")[0]


def test_a_system_takes_a_thread_under_its_own_name(thread: Thread) -> None:
    client, key = a_key(scopes.THREADS_WRITE)
    row = Caller(key).post(f"threads/{thread.pk}/take").json()
    assert (row["mode"], row["assigned_to"]["name"]) == ("staff", client.name)
    event = ThreadEvent.objects.get()
    assert (event.kind, event.by) == (ThreadEvent.Kind.TAKEN, client.user)
    assert Caller(key).post(f"threads/{thread.pk}/take").status_code == 200
    assert ThreadEvent.objects.count() == 1


def test_who_comes_second_is_told_who_has_it(thread: Thread) -> None:
    takeover.take(thread, by=factories.an_agent())
    other = a_client(scopes.THREADS_WRITE)
    for act in ("take", "release", "close"):
        told = refused(other.post(f"threads/{thread.pk}/{act}"), 409, "already_taken")
        assert told["taken_by"]["username"] == "alice"
    told = refused(
        other.post(f"threads/{thread.pk}/hand_over", {"reason": "?"}), 409, "not_the_assistants"
    )
    assert told["taken_by"]["username"] == "alice"
    assert Thread.objects.filter(assigned_to__username="alice").exists()


@pytest.mark.parametrize(("act", "mode"), [("take", "staff"), ("release", "bot"), ("close", "bot")])
def test_taking_from_a_person_needs_a_scope_of_its_own(thread: Thread, act: str, mode: str) -> None:
    takeover.take(thread, by=factories.an_agent())
    body = {"from_person": True}
    without = a_client(scopes.THREADS_WRITE).post(f"threads/{thread.pk}/{act}", body)
    assert refused(without, 403, "not_allowed")["needs"] == "threads:supervise"
    both = a_client(scopes.THREADS_WRITE, scopes.THREADS_SUPERVISE)
    assert both.post(f"threads/{thread.pk}/{act}", body).json()["mode"] == mode


def test_a_thread_is_given_to_a_colleague_who_may_answer(thread: Thread, caller: Caller) -> None:
    factories.an_agent()
    factories.bob()
    address = f"threads/{thread.pk}/take"
    for nobody in ("bob", "carla"):
        told = refused(caller.post(address, {"assign_to": nobody}), 422, "invalid_fields")
        assert told["errors"][0]["pointer"] == "#/assign_to"
    row = caller.post(address, {"assign_to": "alice"}).json()
    assert row["assigned_to"]["username"] == "alice"


def test_a_thread_is_handed_over_closed_and_opened_again(thread: Thread, caller: Caller) -> None:
    base = f"threads/{thread.pk}"
    handed = caller.post(f"{base}/hand_over", {"reason": "The shop saw a chargeback"})
    assert handed.json()["mode"] == "waiting"
    assert ThreadEvent.objects.get().reason == "The shop saw a chargeback"
    assert caller.post(f"{base}/hand_over", {"reason": "Again"}).status_code == 200
    assert caller.post(f"{base}/release").json()["mode"] == "bot"
    assert caller.post(f"{base}/close").json()["is_closed"] is True
    assert caller.post(f"{base}/close").json()["is_closed"] is True
    assert caller.post(f"{base}/reopen").json()["is_closed"] is False
    assert ThreadEvent.objects.count() == 4


def test_an_act_on_a_state_that_has_passed_is_not_done(thread: Thread, caller: Caller) -> None:
    seen = caller.get(f"threads/{thread.pk}")["ETag"]
    factories.an_inbound(thread, "Wait!")
    late = caller.post(f"threads/{thread.pk}/close", If_Match=seen)
    refused(late, 412, "precondition_failed")
    assert not Thread.objects.get().is_closed


def test_labels_are_put_on_and_taken_off(thread: Thread, caller: Caller) -> None:
    vip, late = (Label.objects.create(name=name) for name in ("VIP", "Late"))
    address = f"threads/{thread.pk}/labels"
    row = caller.post(address, {"add": [vip.pk, late.pk]}).json()
    assert {label["name"] for label in row["labels"]} == {"VIP", "Late"}
    row = caller.post(address, {"add": [vip.pk], "remove": [late.pk]}).json()
    assert [label["name"] for label in row["labels"]] == ["VIP"]
    told = refused(caller.post(address, {"remove": [vip.pk, 999]}), 422, "invalid_fields")
    assert told["errors"][0]["pointer"] == "#/remove/1"
    assert list(thread.labels.all()) == [vip]


# --- Messages and templates -----------------------------------------------------------------------


def test_messages_are_found(thread: Thread, caller: Caller) -> None:
    inbound, outbound = thread.messages.order_by("pk")
    other = factories.an_outbound(factories.a_thread(), status=Message.Status.FAILED)
    for query, found in (
        (f"thread={thread.pk}", [outbound, inbound]),
        (f"contact={thread.contact_id}", [outbound, inbound]),
        ("direction=in", [inbound]),
        ("status=failed", [other]),
        (f"reference={outbound.reference}", [outbound]),
        ("origin=customer&kind=text", [inbound]),
    ):
        assert ids(caller.get(f"messages?{query}")) == [row.pk for row in found], query


def test_a_message_that_failed_says_why_and_what_to_do(thread: Thread, caller: Caller) -> None:
    said: dict[str, Any] = {"error_code": 131026, "error_text": "Message undeliverable"}
    failed = factories.an_outbound(thread, status=Message.Status.FAILED, **said)
    failure = caller.get(f"messages/{failed.pk}").json()["failure"]
    assert (failure["code"], failure["detail"]) == (131026, "Message undeliverable")
    assert failure["cause"]
    assert failure["what_to_do"]
    doubt = factories.an_outbound(thread, status=Message.Status.UNCONFIRMED)
    assert "nobody knows" in caller.get(f"messages/{doubt.pk}").json()["failure"]["cause"]


def test_times_are_in_utc_with_a_z(thread: Thread, caller: Caller) -> None:
    at = clock.now().replace(year=2026, month=7, day=1, hour=9, minute=30, microsecond=0)
    message = thread.messages.earliest("pk")
    Message.objects.filter(pk=message.pk).update(sent_at=at + timedelta(hours=1))
    row = caller.get(f"messages/{message.pk}").json()
    assert row["sent_at"].startswith("2026-07-01T10:30:")
    assert row["sent_at"].endswith("Z")
    assert row["queued_at"] is None


def test_a_template_says_what_goes_into_its_gaps(caller: Caller) -> None:
    template = factories.a_template()
    factories.a_template("paused", status="PAUSED")
    row = caller.get(f"templates/{template.pk}").json()
    assert row["reads"] == "Hi {{1}}, your invoice for {{2}} is overdue."
    assert [(slot["key"], slot["is_required"]) for slot in row["variables"]] == [
        ("1", True),
        ("2", True),
    ]
    rows = caller.get("templates").json()["results"]
    assert {row["name"]: row["can_be_sent"] for row in rows} == {
        "invoice_overdue": True,
        "paused": False,
    }


def test_a_number_says_whether_it_sends(caller: Caller) -> None:
    factories.a_phone_number(paused_reason="Meta restricted it")
    row = caller.get("phone_numbers").json()["results"][0]
    assert (row["is_paused"], row["paused_reason"]) == (True, "Meta restricted it")

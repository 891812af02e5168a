"""What staff do with a contact from beside the conversation: labels, edits, consent, blocking."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from conversations import blocking, clock, consent, labels, notes, notices
from conversations.models import ConsentEntry, Contact, Label, Thread, ThreadEvent
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


@pytest.fixture
def sam() -> Client:
    return signed_in(factories.a_supervisor())


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "Hello")
    return thread


def panel(client: Client, thread: Thread, **query: Any) -> str:
    return fragment(client, at(thread, "panel/"), **query)


def a_reader() -> Client:
    reader = factories.bob()
    reader.user_permissions.add(Permission.objects.get(codename="view_thread"))
    return signed_in(reader)


# Labels


def test_a_label_is_put_on_and_taken_off(client: Client, thread: Thread) -> None:
    vip = Label.objects.create(name="VIP", tone="amber")
    assert "VIP" in panel(client, thread)
    html = act(client, at(thread, "panel/label/"), put=vip.pk).content.decode()
    assert "VIP was put on." in html
    assert 'aria-label="Take the label VIP off"' in html
    assert list(thread.labels.all()) == [vip]
    act(client, at(thread, "panel/label/"), off=vip.pk)
    assert not thread.labels.exists()


def test_a_supervisor_makes_a_label_once(sam: Client, thread: Thread) -> None:
    for name in ("Late payer", "late PAYER"):
        assert act(sam, at(thread, "panel/label/"), name=name, tone="red").status_code == 200
    assert [(one.name, one.tone) for one in thread.labels.all()] == [("Late payer", "red")]
    assert Label.objects.count() == 1


def test_an_agent_makes_no_label(client: Client, thread: Thread) -> None:
    assert "A new one" not in panel(client, thread)
    assert act(client, at(thread, "panel/label/"), name="Mine").status_code == 403
    assert not Label.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 33])
def test_a_label_needs_a_name(sam: Client, thread: Thread, name: str) -> None:
    answer = act(sam, at(thread, "panel/label/"), name=name)
    assert answer.status_code == 422
    assert "1 to 32 characters" in answer.content.decode()


def test_a_label_that_is_gone_is_not_found(client: Client, thread: Thread) -> None:
    assert act(client, at(thread, "panel/label/"), put=999).status_code == 404
    assert act(client, at(thread, "panel/label/"), put="x").status_code == 404


# Who may not


@pytest.mark.parametrize("path", ["label/", "edit/", "consent/", "block/"])
def test_a_reader_changes_nothing(thread: Thread, path: str) -> None:
    fields = {"put": 1, "name": "X", "purpose": "marketing", "to": "blocked", "reason": "r"}
    assert act(a_reader(), at(thread, f"panel/{path}"), **fields).status_code == 403


@pytest.mark.parametrize("path", ["edit/", "consent/", "block/"])
def test_an_agent_changes_no_contact(client: Client, thread: Thread, path: str) -> None:
    fields = {"name": "X", "purpose": "marketing", "to": "blocked", "reason": "r"}
    assert act(client, at(thread, f"panel/{path}"), **fields).status_code == 403
    html = panel(client, thread)
    for offer in ("Edit contact", "Enter it", "Yes, block"):
        assert offer not in html
    contact = Contact.objects.get()
    assert (contact.name, contact.is_blocked) == ("Thandi Nkosi", False)
    assert not ConsentEntry.objects.exists()


@pytest.mark.parametrize("path", ["label/", "edit/", "consent/", "block/"])
def test_nothing_is_changed_by_looking(sam: Client, thread: Thread, path: str) -> None:
    assert sam.get(at(thread, f"panel/{path}")).status_code == 405


# Name, language, remarks


def test_a_supervisor_names_a_contact(sam: Client, thread: Thread) -> None:
    wrote = {"name": " Thandi  M. ", "language": "zu", "remarks": "Prefers mornings"}
    html = act(sam, at(thread, "panel/edit/"), **wrote).content.decode()
    assert "Saved." in html
    contact = Contact.objects.get()
    assert (contact.name, contact.name_is_ours) == ("Thandi M.", True)
    assert (contact.language, contact.remarks) == ("zu", "Prefers mornings")
    assert "Prefers mornings" in panel(sam, thread)


def test_a_language_that_is_none_is_refused_and_what_was_written_stays(
    sam: Client, thread: Thread
) -> None:
    answer = act(sam, at(thread, "panel/edit/"), name="Kept", language="isiZulu!", remarks="")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Write the language as its code" in html
    assert 'value="Kept"' in html
    assert Contact.objects.get().name == "Thandi Nkosi"


# Consent


def test_consent_is_changed_with_a_reason_that_stays(sam: Client, thread: Thread) -> None:
    fields = {"purpose": "marketing", "to": "refused", "reason": "Said so on the telephone"}
    for _ in range(2):
        html = act(sam, at(thread, "panel/consent/"), **fields).content.decode()
    assert html.count("Not wanted</span>") == 1
    entry = ConsentEntry.objects.get()
    assert (entry.is_granted, entry.source, entry.reason) == (False, "staff", fields["reason"])
    told = ThreadEvent.objects.get(kind="consent")
    assert told.reason == "Marketing not wanted any more (Said so on the telephone)"
    ledger = panel(sam, thread, show="ledger")
    for words in ("Marketing: not wanted", "Said so on the telephone", "Sam"):
        assert words in ledger


def test_consent_is_given_back_with_a_reason(sam: Client, thread: Thread) -> None:
    contact = thread.contact
    consent.withdraw(contact, (consent.Purpose.MARKETING,), at=clock.now(), source="customer")
    act(sam, at(thread, "panel/consent/"), purpose="marketing", to="allowed", reason="Signed up")
    assert consent.withdrawn(contact) == frozenset()


@pytest.mark.parametrize(
    "fields", [{"purpose": "marketing", "reason": "  "}, {"purpose": "x", "reason": "r"}]
)
def test_consent_without_a_reason_or_a_purpose_is_refused(
    sam: Client, thread: Thread, fields: dict[str, str]
) -> None:
    assert act(sam, at(thread, "panel/consent/"), **fields).status_code == 422
    assert not ConsentEntry.objects.exists()


# Blocking


def test_a_supervisor_blocks_and_unblocks(sam: Client, thread: Thread) -> None:
    html = act(sam, at(thread, "panel/block/"), to="blocked").content.decode()
    assert "Yes, unblock" in html
    assert Contact.objects.get().is_blocked
    html = act(sam, at(thread, "panel/block/"), to="free").content.decode()
    assert "Yes, block" in html
    assert not Contact.objects.get().is_blocked


def test_a_block_that_whatsapp_did_not_take_is_shown(sam: Client, thread: Thread) -> None:
    blocking.block(thread.contact, by=User.objects.get(username="sam"))
    notices.raise_notice(
        f"block:{thread.contact_id}",
        level=notices.Level.WARNING,
        text=blocking.STILL_WRITES,
        what_to_do=blocking.ONLY_AFTER_A_MESSAGE,
    )
    html = panel(sam, thread)
    assert "WhatsApp did not block them" in html
    assert "It is asked again when they write next" in html


# The past


def test_the_past_shows_notes_events_and_other_conversations(
    client: Client, thread: Thread, alice: User
) -> None:
    other = factories.a_thread(contact=thread.contact, phone_number=factories.a_phone_number())
    factories.an_inbound(other, "To your other shop")
    notes.add(other, "Careful <b>", by=alice)
    blocking.block(thread.contact, by=alice)
    html = panel(client, thread, show="past")
    for words in ("To your other shop", "Careful &lt;b&gt;", "You blocked this customer"):
        assert words in html
    assert at(other) in html


def test_the_past_of_somebody_else_is_not_shown(
    client: Client, thread: Thread, alice: User
) -> None:
    notes.add(factories.a_thread(), "A secret", by=alice)
    assert "A secret" not in panel(client, thread, show="past")


def test_without_a_script_all_of_it_works_as_pages(sam: Client, thread: Thread) -> None:
    label = Label.objects.create(name="VIP")
    answer = sam.post(at(thread, "panel/label/"), {"put": label.pk})
    assert (answer.status_code, answer["Location"]) == (302, at(thread, "panel/"))
    assert "VIP was put on." in sam.get(at(thread, "panel/")).content.decode()
    for part, words in (("past", "What was done"), ("ledger", "everything is allowed")):
        assert words in sam.get(at(thread, "panel/"), {"show": part}).content.decode()
    assert sam.post(at(thread, "panel/consent/"), {"purpose": "x"}).status_code == 422


def test_who_sees_masked_numbers_sees_them_masked_here(client: Client, sam: Client) -> None:
    hidden = factories.a_thread(contact=factories.a_contact("Vusi", wa_id="27821234567"))
    assert "+27 82 123 4567" in panel(sam, hidden)
    html = panel(client, hidden)
    assert "+27•" in html
    assert "1234567" not in html


def test_labels_of_other_conversations_are_not_shown_as_put_on(
    client: Client, thread: Thread, alice: User
) -> None:
    vip = Label.objects.create(name="VIP")
    labels.put([factories.a_thread()], vip, by=alice)
    assert "Take the label VIP off" not in panel(client, thread)

"""Joining two contacts from beside the conversation: found, compared, joined after a question."""

from typing import Any

import pytest
from django.test import Client

from conversations.models import Contact, Message, Thread
from tests import factories
from tests.inbox.pages import act, at, fragment, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> Client:
    return signed_in(factories.a_supervisor())


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread(contact=factories.a_contact("Thandi Nkosi"))
    factories.an_inbound(thread, "From my old telephone")
    return thread


@pytest.fixture
def twin(thread: Thread) -> Thread:
    twin = factories.a_thread(contact=factories.a_contact("Thandi Nkosi", language="zu"))
    factories.an_inbound(twin, "From my new telephone")
    return twin


def merge(client: Client, thread: Thread, **fields: Any) -> Any:
    return act(client, at(thread, "merge/"), **fields)


def test_those_of_the_same_name_are_offered(sam: Client, thread: Thread, twin: Thread) -> None:
    factories.a_thread(contact=factories.a_contact("Vusi"))
    html = fragment(sam, at(thread, "merge/"))
    assert f"?other={twin.contact_id}" in html
    assert html.count("?other=") == 1


def test_another_is_found_by_name_or_by_what_was_said(sam: Client, thread: Thread) -> None:
    vusi = factories.a_thread(contact=factories.a_contact("Vusi Dlamini"))
    factories.an_inbound(vusi, "The blue sofa")
    for words in ("dlamini", "blue sofa"):
        html = fragment(sam, at(thread, "merge/"), q=words)
        assert f"?other={vusi.contact_id}" in html
    assert "Nobody else is found." in fragment(sam, at(thread, "merge/"), q="nowhere")


def test_both_stand_side_by_side(sam: Client, thread: Thread, twin: Thread) -> None:
    factories.an_outbound(twin)
    html = fragment(sam, at(thread, "merge/"), other=twin.contact_id)
    for words in ("<td>1</td><td>2</td>", "zu", "This cannot be undone", "Yes, merge them"):
        assert words in html.replace("\n", "")
    assert f'name="keep" value="{thread.contact_id}" checked' in html


def test_they_become_one_with_the_number_that_was_chosen(
    sam: Client, thread: Thread, twin: Thread
) -> None:
    number = twin.contact.wa_id
    answer = merge(sam, thread, other=twin.contact_id, keep=twin.contact_id)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, at(thread))
    kept = Contact.objects.get()
    assert (kept.pk, kept.wa_id) == (thread.contact_id, number)
    assert set(Message.objects.values_list("thread", flat=True)) == {thread.pk}


def test_where_this_conversation_is_absorbed_the_one_that_is_left_opens(
    sam: Client, thread: Thread, twin: Thread
) -> None:
    answer = merge(sam, twin, other=thread.contact_id)
    assert answer["HX-Redirect"] == at(thread)
    assert Contact.objects.get().wa_id == twin.contact.wa_id


def test_while_a_message_is_being_sent_nothing_is_joined(
    sam: Client, thread: Thread, twin: Thread
) -> None:
    for one in (thread, twin):
        factories.an_outbound(one, status=Message.Status.SENDING)
    answer = merge(sam, thread, other=twin.contact_id)
    assert answer.status_code == 409
    assert "just being sent" in answer.json()["toast"]
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "999999"])
def test_nobody_is_joined_with_nobody(sam: Client, thread: Thread, key: str) -> None:
    assert merge(sam, thread, other=key).status_code == 422
    assert merge(sam, thread, other=thread.contact_id).status_code == 422


def test_an_agent_may_not(thread: Thread, twin: Thread) -> None:
    alice = signed_in(factories.an_agent())
    assert merge(alice, thread, other=twin.contact_id).status_code == 403
    assert alice.get(at(thread, "merge/")).status_code == 403
    assert "Merge with" not in fragment(alice, at(thread, "panel/"))
    assert Contact.objects.count() == 2


def test_without_a_script_it_is_pages(sam: Client, thread: Thread, twin: Thread) -> None:
    html = sam.get(at(thread, "merge/"), {"other": twin.contact_id}).content.decode()
    assert "<html" in html
    assert "Yes, merge them" in html
    answer = sam.post(at(thread, "merge/"), {"other": twin.contact_id})
    assert (answer.status_code, answer["Location"]) == (302, at(thread))
    assert "is one contact now" in sam.get(at(thread)).content.decode()

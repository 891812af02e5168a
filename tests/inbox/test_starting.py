"""Beginning a conversation: a number or a name, one thread however often, and who may not."""

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from conversations import takeover
from conversations.models import Contact, Message, PhoneNumber, Thread
from tests import factories
from tests.desk.together import together
from tests.inbox.pages import INBOX, SCRIPT, act, at, fragment, signed_in

pytestmark = pytest.mark.django_db

NEW = f"{INBOX}new/"


@pytest.fixture
def number() -> PhoneNumber:
    return factories.a_phone_number()


@pytest.fixture
def alice() -> User:
    return factories.an_agent()


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def begin(client: Client, **fields: Any) -> Any:
    return act(client, NEW, **fields)


def preview(client: Client, words: str) -> str:
    return str(begin(client, number=words, preview=1).content.decode())


def test_a_number_begins_a_conversation_that_is_mine_and_sends_nothing(
    client: Client, alice: User, number: PhoneNumber
) -> None:
    answer = begin(client, number="082 123 4567").json()
    thread = Thread.objects.get()
    assert (answer["url"], answer["is_new"]) == (at(thread), True)
    assert thread.contact.wa_id == "27821234567"
    assert (thread.assigned_to, thread.phone_number) == (alice, number)
    assert not Message.objects.exists()
    assert "Choose template" in fragment(client, at(thread))


def test_one_that_is_there_is_opened_and_stays_as_it_is(
    client: Client, number: PhoneNumber
) -> None:
    contact = factories.a_contact("Thandi", wa_id="27821234567")
    thread = factories.a_thread(contact=contact, phone_number=number)
    factories.an_inbound(thread)
    for fields in ({"number": "+27 82 123 4567"}, {"contact": contact.pk}, {"number": "thandi"}):
        answer = begin(client, **fields).json()
        assert (answer["url"], answer["is_new"]) == (at(thread), False)
        assert "There is a conversation already" in answer["toast"]
    thread.refresh_from_db()
    assert (Thread.objects.count(), thread.mode) == (1, Thread.Mode.BOT)


def test_a_colleagues_new_one_stays_theirs(client: Client, number: PhoneNumber) -> None:
    kim = factories.an_agent("kim")
    begin(signed_in(kim), number="082 123 4567")
    assert begin(client, number="082 123 4567").status_code == 200
    assert Thread.objects.get().assigned_to == kim


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("+44 20 794", "There are digits missing"),
        ("082 123 4567 89012", "There are too many digits"),
        ("+999 82 123 4567", "country"),
        ("Nobody", "This is not a telephone number"),
        ("", "This is not a telephone number"),
    ],
)
def test_what_is_no_number_says_how_to_write_it(
    client: Client, number: PhoneNumber, words: str, why: str
) -> None:
    answer = begin(client, number=words)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert why in html
    assert "+27 82 123 4567" in html
    assert not Contact.objects.exists()


def test_of_several_of_that_name_one_is_chosen(client: Client, number: PhoneNumber) -> None:
    for name in ("Thandi Nkosi", "Thandi Mokoena"):
        factories.a_contact(name)
    answer = begin(client, number="thandi")
    assert answer.status_code == 422
    assert "Choose one of them." in answer.content.decode()
    assert not Thread.objects.exists()


def test_what_is_typed_is_looked_up_and_nothing_happens(
    client: Client, number: PhoneNumber
) -> None:
    factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    assert "Thandi Nkosi" in preview(client, "nko")
    assert "Begin with +27 73 987 6543" in preview(client, "073 987 6543")
    assert "digits missing" in preview(client, "+44 20 794")
    assert "Nobody is called that" in preview(client, "Zanele")
    assert not Thread.objects.exists()


def test_who_sees_masked_numbers_finds_nobody_by_a_part_of_one(
    client: Client, number: PhoneNumber
) -> None:
    factories.a_contact("Thandi Nkosi", wa_id="27821234567")
    for part in ("2782123", "1234567", "27821234"):
        assert "Nkosi" not in preview(client, part)
    html = preview(client, "082 123 4567")
    assert "Thandi Nkosi" in html
    assert "27821234567" not in html
    assert "Nkosi" in preview(signed_in(factories.a_supervisor()), "2782123")


def test_one_chooses_the_number_to_send_from(client: Client, number: PhoneNumber) -> None:
    assert "<select" not in fragment(client, NEW)
    second = factories.a_phone_number()
    assert "<select" in fragment(client, NEW)
    begin(client, number="082 123 4567", **{"from": second.pk})
    assert Thread.objects.get().phone_number == second


def test_without_a_number_of_ours_it_says_what_to_do(client: Client) -> None:
    assert "Enter your WhatsApp number first" in fragment(client, NEW)
    assert begin(client, number="082 123 4567").status_code == 200
    assert not Thread.objects.exists()


def test_it_works_without_a_script(client: Client, number: PhoneNumber) -> None:
    page = client.get(NEW).content.decode()
    assert "New conversation" in page
    assert 'class="wa-list"' in page
    response = client.post(NEW, {"number": "082 123 4567"})
    assert (response.status_code, response["Location"]) == (302, at(Thread.objects.get()))


@pytest.mark.parametrize("method", ["get", "post"])
def test_bob_may_not(number: PhoneNumber, method: str) -> None:
    client = signed_in(factories.bob())
    assert getattr(client, method)(NEW, {"number": "1"}, headers=SCRIPT).status_code == 403


def test_only_looking_is_not_enough(number: PhoneNumber, client: Client) -> None:
    assert client.put(NEW).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_at_once_begin_one_conversation() -> None:
    factories.a_phone_number()
    people = [factories.an_agent("alice"), factories.an_agent("kim")]
    clients = [signed_in(user) for user in people]
    answers = together(*[partial(begin, client, number="082 123 4567") for client in clients])
    assert (
        len({answer.json()["url"] for answer in answers if not isinstance(answer, Exception)}) == 1
    )
    assert Thread.objects.get().assigned_to in people


def test_a_conversation_that_was_begun_is_taken_once(client: Client, number: PhoneNumber) -> None:
    for _ in range(2):
        begin(client, number="082 123 4567")
    thread = Thread.objects.get()
    assert takeover.take(thread, by=thread.assigned_to or factories.bob()) is False

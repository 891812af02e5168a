"""Canned replies: found by their beginning, and never sent with a hole in them."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from conversations import canned
from conversations.models import CannedReply
from tests.factories import a_contact, an_agent

pytestmark = pytest.mark.django_db


def a_reply(text: str, shortcut: str = "hello") -> CannedReply:
    return CannedReply.objects.create(shortcut=shortcut, text=text)


def test_all_three_placeholders_are_filled_in(settings: Any) -> None:
    settings.BUSINESS_NAME = "Karoo Farms"
    reply = a_reply("Hi {{first_name}}, {{ my_name }} of {{business}} here. {{first_name}}?")
    filled = canned.fill(reply, contact=a_contact("Thandi Nkosi"), by=an_agent())
    assert filled == "Hi Thandi, Alice of Karoo Farms here. Thandi?"


def test_a_text_without_placeholders_stays_as_it_is() -> None:
    text = "Open 8 to 5 {or later} *daily*"
    assert canned.fill(a_reply(text), contact=a_contact(), by=an_agent()) == text


@pytest.mark.parametrize("name", ["", "•••", "+27 82 123 4567"])
def test_a_customer_without_a_name_is_not_greeted_with_a_hole(name: str) -> None:
    with pytest.raises(canned.NotFilled, match="customer's name is not known") as refused:
        canned.fill(a_reply("Hi {{first_name}},"), contact=a_contact(name), by=an_agent())
    assert refused.value.placeholder == "first_name"


def test_a_person_without_a_name_is_told_so() -> None:
    alice = an_agent()
    User.objects.filter(pk=alice.pk).update(first_name=" ")
    alice.refresh_from_db()
    with pytest.raises(canned.NotFilled, match="your profile has no first name") as refused:
        canned.fill(a_reply("Yours, {{my_name}}"), contact=a_contact(), by=alice)
    assert refused.value.placeholder == "my_name"


def test_a_business_without_a_name_is_refused(settings: Any) -> None:
    settings.BUSINESS_NAME = ""
    with pytest.raises(canned.NotFilled, match="business"):
        canned.fill(a_reply("We are {{business}}"), contact=a_contact(), by=an_agent())


@pytest.mark.parametrize("name", ["invoice_number", "", "First_Name", "first name"])
def test_what_nobody_knows_is_named(name: str) -> None:
    with pytest.raises(canned.NotFilled, match="there is only first_name") as refused:
        canned.fill(a_reply(f"About {{{{{name}}}}}"), contact=a_contact(), by=an_agent())
    assert refused.value.placeholder == name


@pytest.mark.parametrize("text", ["Hi {{first_name}", "Hi first_name}}", "Hi {{"])
def test_half_a_placeholder_is_refused(text: str) -> None:
    with pytest.raises(canned.NotFilled, match="braces"):
        canned.fill(a_reply(text), contact=a_contact(), by=an_agent())


def test_what_is_filled_in_is_not_filled_again(settings: Any) -> None:
    settings.BUSINESS_NAME = "{{my_name}} & Sons"
    filled = canned.fill(a_reply("{{business}}"), contact=a_contact(), by=an_agent())
    assert filled == "{{my_name}} & Sons"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["hello", "hours", "pay"]),
        ("/", ["hello", "hours", "pay"]),
        ("/h", ["hello", "hours"]),
        ("HO", ["hours"]),
        ("ours", []),
        ("%", []),
        ("h\x00", ["hello", "hours"]),
    ],
)
def test_they_are_found_by_the_beginning_of_their_shortcut(typed: str, found: list[str]) -> None:
    for shortcut in ("pay", "hours", "hello"):
        a_reply("x", shortcut)
    assert [reply.shortcut for reply in canned.matching(typed)] == found


def test_at_most_twenty_are_shown() -> None:
    CannedReply.objects.bulk_create(CannedReply(shortcut=f"s{n:02}", text="x") for n in range(25))
    assert len(canned.matching("s")) == 20

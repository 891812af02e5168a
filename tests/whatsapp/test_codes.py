"""The table of Meta's error codes, in words that staff can act on."""

import pickle
from typing import get_args

import pytest

from conversations.whatsapp import errors
from conversations.whatsapp.codes import Action, Fault, _table

# What is to be done. Source: Cloud API, error codes, September 2026; and those seen in the field.
SENT_AGAIN = (
    "1 2 4 613 80007 130429 131000 131016 131048 131056 131057 133000 133004 134101 2494100"
)
NUMBER_TO_BE_MENDED = """
0 3 10 33 104 190 200-299 368 131005 131031 131037 131042 131044 131045 133005 133006 133008 133009
133010
"""
TEMPLATE_TO_BE_MENDED = """
131058 131064 132000 132001 132005 132007 132008 132012 132016 132018 134100 2388000-2388999
"""
MESSAGE_TO_BE_MENDED = """
100 131008 131009 131020 131041 131051 131053 131055 131059 131201-131215 135000 138000-138018
139000-139004
"""
ABOUT_THE_CUSTOMER = "130497 131026 131047 131050 131052 131062 137000"
ADMINISTRATOR = """
131030 131063 132068 132069 133015 133016 134011 134102 139101 147001-147005 200005-200007 2593107
2593108
"""
OF_THEIR_OWN = "130403 130472 131021 131049 132015 139100 139102 139103 1752041"


def codes(text: str) -> list[int]:
    spans = [[int(end) for end in part.split("-")] for part in text.split()]
    return [code for span in spans for code in range(span[0], span[-1] + 1)]


@pytest.mark.parametrize(
    ("group", "repeats", "faults", "actions"),
    [
        (SENT_AGAIN, True, {"us", "meta", "account"}, {"retry", "wait"}),
        (NUMBER_TO_BE_MENDED, False, {"account"}, {"fix_number"}),
        (TEMPLATE_TO_BE_MENDED, False, {"template"}, {"fix_template"}),
        (MESSAGE_TO_BE_MENDED, False, {"us"}, {"none"}),
        (ABOUT_THE_CUSTOMER, False, {"customer"}, {"none", "template"}),
        (ADMINISTRATOR, False, {"account"}, {"none", "wait"}),
        (OF_THEIR_OWN, None, {"us", "meta", "template"}, {"none", "wait"}),
    ],
    ids=["again", "number", "template", "message", "customer", "administrator", "own"],
)
def test_every_documented_code_says_whose_fault_it_is_and_what_to_do(
    group: str, repeats: bool | None, faults: set[str], actions: set[str]
) -> None:
    for code in codes(group):
        found = errors.explain(code)
        assert found.cause != errors.explain(None).cause, code
        assert (found.code, found.fault in faults, found.action in actions) == (code, True, True)
        assert repeats in (None, found.retry), code


@pytest.mark.parametrize(("code", "seconds"), [(130429, 2), (131056, 6), (131048, 3600)])
def test_it_says_how_long_to_wait_at_first(code: int, seconds: int) -> None:
    assert errors.explain(code).wait_seconds == seconds


def test_what_has_failed_is_not_said_to_be_tried_again() -> None:
    for code in codes(SENT_AGAIN):
        found = errors.explain(code)
        assert "by itself" in found.what_to_do
        assert "by itself" not in found.once_failed().what_to_do
    assert errors.explain(131026).once_failed() == errors.explain(131026)


# One code of each row: some rows hold hundreds.
ENTRIES = {found.cause: code for code, found in _table().items()}


@pytest.mark.parametrize("code", list(ENTRIES.values()))
def test_every_entry_is_complete(code: int) -> None:
    found = errors.explain(code)
    assert found.fault in get_args(Fault)
    assert found.action in get_args(Action)
    assert found.title
    assert not found.title.endswith(".")
    assert found.cause.endswith(".")
    assert found.what_to_do.endswith(".")
    assert found.retry == (found.wait_seconds > 0)


@pytest.mark.parametrize(
    ("code", "fault", "action"),
    [
        (131047, "customer", "template"),
        (190, "account", "fix_number"),
        (131042, "account", "fix_number"),
        (131056, "us", "wait"),
        (131000, "meta", "retry"),
        (132000, "template", "fix_template"),
        (131026, "customer", "none"),
        (131049, "meta", "wait"),
    ],
)
def test_it_says_whose_fault_it_is_and_what_to_press(code: int, fault: str, action: str) -> None:
    found = errors.explain(code)
    assert (found.fault, found.action) == (fault, action)


def test_a_code_within_a_range_has_its_own_words() -> None:
    assert errors.explain(131037).title == "Display name not approved"
    assert errors.explain(250).title == errors.explain(200).title


def test_an_unknown_code_shows_what_meta_said() -> None:
    found = errors.explain(999999, "  Something\nnew ")
    assert found.cause == "WhatsApp says (code 999999): Something new"
    assert (found.code, found.retry, found.action) == (999999, False, "none")


def test_an_unknown_code_without_words_is_still_explained() -> None:
    assert errors.explain(999999).cause == "WhatsApp did not accept the message (code 999999)."
    assert errors.explain(None).cause == "WhatsApp did not accept the message."
    assert errors.explain(None, "Oh").cause == "WhatsApp says: Oh"


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        (errors.Refused, False),
        (errors.Unconfirmed, False),
        (errors.TryLater, True),
        (errors.NotSent, True),
        (errors.NumberBlocked, True),
    ],
)
def test_every_error_says_whether_a_machine_may_repeat(
    kind: type[errors.WhatsAppError], retryable: bool
) -> None:
    assert kind("No").retryable is retryable


def test_an_error_survives_the_way_between_processes() -> None:
    error = errors.Refused("No", code=131047, details="Too late", status=400)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert (str(copy), copy.code) == ("code 131047: No: Too late (HTTP 400)", 131047)


def test_what_something_between_us_said_is_not_put_into_whatsapps_mouth() -> None:
    found = errors.NumberBlocked("The answer did not come from WhatsApp", status=407).explanation
    assert (found.cause, found.fault) == ("The answer did not come from WhatsApp.", "us")


def test_an_error_does_not_repeat_itself() -> None:
    assert str(errors.Refused("No", details="No")) == "No"

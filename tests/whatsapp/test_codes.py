"""The table of Meta's error codes, in words that staff can act on."""

import pickle
from typing import get_args

import pytest

from conversations.whatsapp import errors
from conversations.whatsapp.codes import Action, Fault, _table

# Source: Cloud API, error codes, September 2026; and those seen in the field.
DOCUMENTED = """
0 3 10 104 190 200 299 368 130497 131031 131005 131045 131042 131044 131037 131057 131058 131063
4 613 80007 130429 131048 131056 131064 133016
1 2 33 100 130403 130472 131000 131008 131009 131016 131020 131041 131021 131026 131030 131047
131049 131050 131051 131052 131053 131055 131059 131062 134011 134100 134101 134102 135000 137000
132000 132001 132005 132007 132008 132012 132015 132016 132018 132068 132069 139000 139004
133000 133004 133005 133008 133009 133006 133010 133015 131201 131215 138000 138018
139100 139101 139102 139103 147001 147005 200005 200007 2593107 2593108 2494100 2388023 2388299
1752041
"""


@pytest.mark.parametrize("code", [int(code) for code in DOCUMENTED.split()])
def test_every_documented_code_has_words_of_its_own(code: int) -> None:
    found = errors.explain(code)
    assert found.code == code
    assert found.cause != errors.explain(None).cause


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


@pytest.mark.parametrize("code", list(ENTRIES.values()))
def test_what_waits_for_an_administrator_is_never_repeated_by_itself(code: int) -> None:
    found = errors.explain(code)
    assert not (found.retry and found.action in ("fix_number", "fix_template", "template"))


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


def test_an_error_does_not_repeat_itself() -> None:
    assert str(errors.Refused("No", details="No")) == "No"

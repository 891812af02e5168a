"""Every reason that the code can write belongs to a group of the dashboard."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations import menu
from conversations.totals import reasons

ROOT = Path(__file__).resolve().parents[2]


def beginnings() -> Iterator[str]:
    """The first words of each reason for a hand-over, as the source has it."""
    yield from menu.HAND_OVERS.values()
    for app in ("conversations", "billing"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    yield from filter(None, map(_beginning, _reasons(node)))


def _reasons(call: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == "person" and call.args:
        yield call.args[0]
    for keyword in call.keywords:
        if keyword.arg == "hand_over" or (name == "hand_over" and keyword.arg == "reason"):
            yield keyword.value


def _beginning(value: ast.expr) -> str:
    if isinstance(value, ast.JoinedStr):
        value = value.values[0]
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def test_there_are_reasons_to_be_found() -> None:
    found = list(beginnings())
    assert {"Asked for a person.", "Sent ", *menu.HAND_OVERS.values()} <= set(found)
    assert len(found) >= 12


@pytest.mark.parametrize("beginning", sorted(set(beginnings())))
def test_each_has_a_group(beginning: str) -> None:
    assert reasons.group_of(beginning) != reasons.OTHER


def test_no_group_shows_what_the_reason_said_of_the_customer() -> None:
    assert reasons.group_of("The assistant asks for a person: Thandi owes R 5") == (
        "The assistant was not sure"
    )
    assert reasons.group_of("") == reasons.OTHER


def test_the_most_frequent_comes_first() -> None:
    counted = [("Sent image.", 1), ("Asked for a person.", 1), ("Asked for a person.", 2)]
    assert list(reasons.grouped(counted).items()) == [
        ("Asked for a person", 3),
        ("Sent what it cannot open", 1),
    ]

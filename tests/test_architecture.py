"""The plan of the house, held by reading the imports: which room may call which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("waconsole", "conversations", "billing", "simulator")
LINES_MAX = 300
FUNCTION_LINES_MAX = 60

# Rows of the conversations, from the ground up. A module imports from rows below its own, and
# within the rows marked so from its neighbours: the acts build on `takeover` and `leases`.
ROWS: tuple[frozenset[str], ...] = (
    frozenset({"whatsapp", "assistant"}),
    frozenset({"models", "apps", "migrations"}),
    frozenset({"clock", "window", "deadlocks"}),
    frozenset({"changes", "colleagues", "consent", "domain", "taps", "connection", "notices"})
    | {"worklists", "unanswered", "contacts", "announcements", "scopes"},
    frozenset({"sending", "menu"}),
    frozenset({"takeover"}),
    frozenset({"leases", "event_store", "failures", "pausing", "snoozing", "wakes"}),
    frozenset({"intake", "pipeline", "delivery", "receipts"})
    | {"notes", "labels", "bulk", "canned", "drafts", "presence", "opening", "blocking"}
    | {"searching", "totals", "merging", "media", "templates_sync", "pruning"}
    | {"api_clients", "outgoing"},
    frozenset({"webhook", "admin", "api", "jobs", "dispatch", "management", "templatetags"}),
)
# In the ground a module may use another; acts and doors know no other act and no other door.
NEIGHBOURS_MAY = {2, 3, 4}
# Acts that another act of the same row may call: marking as read is a step of an answer.
SAME_ROW = {("pipeline", "receipts")}

BILLING_MAY = (
    *("models", "contacts", "sending", "takeover", "domain", "clock", "deadlocks", "taps"),
    "whatsapp.content",
)
PURE = {"conversations.whatsapp": {"requests"}, "conversations.assistant": {"anthropic"}}


def files(app: str) -> list[Path]:
    return [path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Full names: `from conversations import clock` counts as conversations.clock."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def all_imports(app: str) -> list[tuple[str, str]]:
    return [(module_of(path), name) for path in files(app) for name in imports(path)]


def row_of(module: str) -> int:
    room = module.split(".")[1]
    for height, rooms in enumerate(ROWS):
        if room in rooms:
            return height
    raise AssertionError(f"conversations/{room} stands in no row: add it to the plan")


@pytest.mark.parametrize(
    ("app", "strangers"),
    [
        ("conversations", ("waconsole", "billing", "simulator", "tests")),
        ("billing", ("waconsole", "simulator", "tests")),
        ("simulator", ("waconsole", "conversations", "billing", "tests")),
        ("waconsole", ("simulator", "tests")),
    ],
)
def test_apps_import_in_one_direction(app: str, strangers: tuple[str, ...]) -> None:
    wrong = [pair for pair in all_imports(app) if pair[1].split(".")[0] in strangers]
    assert wrong == []


def test_inside_conversations_imports_point_down() -> None:
    wrong = [
        (module, name)
        for module, name in all_imports("conversations")
        if name.startswith("conversations.") and "." in module and not may_import(module, name)
    ]
    # The command is the loop's own way in.
    assert wrong == [
        ("conversations.management.commands.dispatch", "conversations.dispatch.Dispatch")
    ]


def may_import(module: str, name: str) -> bool:
    """Down, or inside its own room; among the neighbours of a row only as the row allows."""
    ours, theirs = module.split(".")[1], name.split(".")[1]
    if ours == theirs or (ours, theirs) in SAME_ROW:
        return True
    if row_of(name) == row_of(module):
        return row_of(module) in NEIGHBOURS_MAY
    return row_of(name) < row_of(module)


def test_billing_sees_of_conversations_only_what_a_domain_needs() -> None:
    wrong = [
        (module, name)
        for module, name in all_imports("billing")
        if name.startswith("conversations.")
        and not name.removeprefix("conversations.").startswith(BILLING_MAY)
        # Its doors stand on the frames of ours.
        and not module.startswith(("billing.admin", "billing.api"))
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PURE)
def test_the_pure_packages_know_no_django(package: str) -> None:
    strangers = ("django", "rest_framework", "django_q", "psycopg")
    wrong = [
        (module, name)
        for module, name in all_imports("conversations")
        if module.startswith(package)
        and (
            name.split(".")[0] in strangers
            or (name.startswith("conversations.") and not name.startswith(package))
        )
    ]
    assert wrong == []


def calls(app: str, attribute: str) -> set[str]:
    """Modules in which something `.attribute(...)` is called."""
    return {
        module_of(path)
        for path in files(app)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
    }


def makes_messages(path: Path) -> bool:
    """Whether it builds outbound rows: Message(...direction OUT) or a create of them."""
    source = path.read_text()
    return "Message(" in source and "Direction.OUT" in source


def test_there_is_one_gate() -> None:
    builders = {module_of(path) for path in files("conversations") if makes_messages(path)}
    assert builders == {"conversations.sending"}
    assert not [path for path in files("billing") if makes_messages(path)]


def test_only_delivery_talks_to_meta_about_messages() -> None:
    users = {
        module
        for module, name in all_imports("conversations")
        if name in ("conversations.connection", "conversations.whatsapp.client.CloudApi")
    }
    rooms = {module.split(".")[1] for module in users}
    assert rooms <= {"connection", "delivery", "receipts", "blocking", "media", "templates_sync"}


@pytest.mark.parametrize("app", APPS)
def test_no_file_is_longer_than_one_reads(app: str) -> None:
    lengths = {module_of(path): len(path.read_text().splitlines()) for path in files(app)}
    assert {name: length for name, length in lengths.items() if length > LINES_MAX} == {}


@pytest.mark.parametrize("app", APPS)
def test_no_function_is_longer_than_one_reads(app: str) -> None:
    long = [
        f"{module_of(path)}.{node.name}"
        for path in files(app)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX
    ]
    assert long == []


@pytest.mark.parametrize("app", APPS)
def test_every_module_says_what_room_it_is(app: str) -> None:
    silent = [module_of(path) for path in files(app) if not _docstring(path)]
    assert silent == []


def _docstring(path: Path) -> str | None:
    source = path.read_text()
    return ast.get_docstring(ast.parse(source)) if source.strip() else "empty"


@pytest.mark.parametrize("app", APPS)
def test_no_room_has_a_name_that_says_nothing(app: str) -> None:
    empty = {"utils", "helpers", "services", "common", "core", "misc", "base", "handlers"}
    assert not {path.stem for path in files(app)} & empty

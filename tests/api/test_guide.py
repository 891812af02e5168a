"""The guide: open to everybody, true to the code, and each of its examples does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as project
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from billing import importing
from billing.models import Account, Invoice
from conversations import announcements, clock, scopes
from conversations.announcements import Type
from conversations.api import guide, problems
from conversations.models import Message, Thread, WebhookSubscription
from conversations.outgoing import signing
from tests import factories
from tests.api.calling import a_key, everything
from tests.billing.rows import an_account, an_invoice
from tests.inbox.pages import signed_in

EXAMPLES = Path(project.BASE_DIR) / "templates" / "api_docs" / "examples"
PATHS = ["/api/docs/" + name for name in guide.PAGES]


def text_of(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_every_page_opens_for_everybody_and_leads_nowhere_wrong(path: str) -> None:
    html = text_of(path)
    for link in re.findall(r'href="(/[^"]*)"', html):
        page, _, anchor = link.partition("#")
        if page.startswith("/api/docs/") and page != "/api/docs/reference/":
            target = text_of(page)
            assert not anchor or f'id="{anchor}"' in target, link
    assert html.count('aria-current="page"') == 1
    assert "<script" not in html


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_not_found() -> None:
    assert Client().get("/api/docs/nothing").status_code == 404


@pytest.mark.django_db
def test_every_code_of_a_problem_stands_where_its_type_points() -> None:
    html = text_of(problems.DOCS)
    for code, kind in problems.KINDS.items():
        assert f'<tr id="{code}"><td>{kind.status}</td>' in html
    assert {"window_closed", "invoice_settled", "cursor_too_old"} <= set(problems.KINDS)


@pytest.mark.django_db
def test_every_scope_and_every_type_of_event_is_named() -> None:
    keys, events = text_of("/api/docs/keys"), text_of("/api/docs/events")
    assert [name for name in scopes.known() if f"<code>{name}</code>" not in keys] == []
    assert [name for name in Type.values if f"<code>{name}</code>" not in events] == []


@pytest.mark.django_db
def test_the_limits_of_imports_are_those_of_the_code() -> None:
    said = " ".join(text_of("/api/docs/imports").split())
    megabytes = importing.BYTES_MAX // 1024**2
    assert f"{importing.ROWS_MAX:,}".replace(",", " ") + f" rows and {megabytes} MB" in said
    assert f"Up to {importing.AT_ONCE_MAX} rows are written while you wait" in said
    assert f"kept for {project.KEEP_IMPORTS_DAYS:.0f} days" in said


@pytest.mark.django_db
def test_every_example_is_shown_somewhere() -> None:
    shown = {
        name
        for page in (EXAMPLES.parent).glob("*.html")
        for name in re.findall(r"code=example\.(\w+)", page.read_text())
    }
    there = {path.name.replace(".", "_") for path in EXAMPLES.iterdir() if path.is_file()}
    assert shown == there == {name.replace(".", "_") for name in guide.EXAMPLES}


@pytest.mark.django_db
def test_superusers_find_the_guide_in_the_sidebar() -> None:
    root = signed_in(User.objects.create_superuser("root"))
    assert 'href="/api/docs/"' in root.get("/admin/").content.decode()


@pytest.fixture
def console(live_server: LiveServer, tmp_path: Path) -> dict[str, str]:
    """A live console with Thandi in it; what the examples find in their environment."""
    contact = factories.a_contact("Thandi Mokoena", wa_id="27821234567")
    factories.a_thread(contact=contact, last_inbound_at=clock.now())
    return {
        "CONSOLE": live_server.url,
        "KEY": a_key(*everything())[1],
        "CURSOR_FILE": str(tmp_path / "cursor"),
        "PATH": os.environ["PATH"],
    }


def run(name: str, console: dict[str, str]) -> str:
    """What the example prints; it ends well, or the test does not."""
    program = [sys.executable] if name.endswith(".py") else ["bash", "-e"]
    if name.endswith(".sh") and shutil.which("curl") is None:
        pytest.skip("curl is not installed: apt-get install curl")
    ended = subprocess.run(
        [*program, str(EXAMPLES / name)], env=console, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.django_db(transaction=True)
def test_the_first_call_reads_conversations(console: dict[str, str]) -> None:
    assert json.loads(run("first_call.sh", console))["results"][0]["mode"] == "bot"
    assert run("first_call.py", console).startswith("Thandi Mokoena bot 20")


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_says_what_would_happen_and_sends_nothing(console: dict[str, str]) -> None:
    assert json.loads(run("dry_run.sh", console))["would"] == "send"
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_is_sent_once_or_refused_in_words(console: dict[str, str]) -> None:
    first, again = (json.loads(run("send.sh", console)) for _ in range(2))
    assert first["id"] == again["id"] == Message.objects.get().pk
    assert run("send.py", console) == f"message {Message.objects.latest('pk').pk} is queued\n"
    shut = clock.now() - timedelta(hours=30)
    thread = Message.objects.latest("pk").thread
    Message.objects.all().delete()
    type(thread).objects.update(last_inbound_at=shut, window_closes_at=shut)
    assert run("send.py", console).startswith("refused: window_closed - ")


@pytest.mark.django_db(transaction=True)
def test_all_pages_are_read(console: dict[str, str]) -> None:
    acme = an_account(external_id="acme")
    for number in range(201):
        an_invoice(acme, due_in=-1, number=f"LATE-{number}")
    assert len(run("all_pages.py", console).splitlines()) == 201


@pytest.mark.django_db(transaction=True)
def test_an_invoice_is_put_and_then_changed_with_care(console: dict[str, str]) -> None:
    assert "INV-0042" in run("put_invoice.sh", console)
    assert Account.objects.get().contacts.get().wa_id == "27821234567"
    assert run("change_safely.py", console) == "due on 2026-11-14\n"
    assert Invoice.objects.get().version == 2


@pytest.mark.django_db(transaction=True)
def test_an_import_says_what_it_refused(console: dict[str, str]) -> None:
    said = run("import_rows.py", console)
    assert said.splitlines()[0] == "done 3 created, 1 refused"
    assert "invoice row 3 #/due_on" in said


@pytest.mark.django_db(transaction=True)
def test_events_are_followed_from_where_one_was(console: dict[str, str]) -> None:
    thread = factories.a_thread()
    happens(Type.THREAD_TAKEN, thread)
    assert "thread.taken" in run("follow_events.py", console)
    assert run("follow_events.py", console) == ""
    happens(Type.THREAD_CLOSED, thread)
    assert "thread.closed" in run("follow_events.py", console)


def happens(type_: Type, thread: Thread) -> None:
    announcements.of_threads(type_, [thread.pk])
    with transaction.atomic():
        announcements.number_new()


@pytest.fixture
def receiver(subscription: WebhookSubscription) -> Iterator[str]:
    """The example's receiver, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"WEBHOOK_SECRET": signing.secret_of(subscription), "PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "verify_webhook.py")],
        env={**environment, "PATH": os.environ["PATH"]},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(400):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the receiver did not begin")


@pytest.fixture
def subscription(db: None) -> WebhookSubscription:
    return WebhookSubscription.objects.create(name="Shop", url="https://shop.example.com/hook")


def test_our_signature_is_believed_and_no_other(
    subscription: WebhookSubscription, receiver: str
) -> None:
    body = b'{"type": "message.received"}'
    now = timezone.now()
    ours: dict[str, Any] = signing.headers(subscription, "evt_1", body, now)

    def answer(sent: bytes, headers: dict[str, str]) -> int:
        return requests.post(receiver, data=sent, headers=headers, timeout=10).status_code

    assert answer(body, ours) == 204
    assert answer(body + b" ", ours) == 401
    assert answer(body, {**ours, "webhook-id": "evt_2"}) == 401
    assert answer(body, {}) == 401
    old = signing.headers(subscription, "evt_1", body, now - timedelta(minutes=10))
    assert answer(body, old) == 401
    both = {**ours, "webhook-signature": f"v1,AAAA {ours['webhook-signature']}"}
    assert answer(body, both) == 204

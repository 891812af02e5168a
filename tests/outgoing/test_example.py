"""The receiver of the documentation, run as a program, takes what is ours and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.utils import timezone

from conversations import outgoing
from conversations.announcements import Type
from conversations.models import WebhookDelivery, WebhookSubscription
from conversations.outgoing import signing
from tests.outgoing.subscribing import State, announce, deliver, due_again

pytestmark = pytest.mark.django_db(transaction=True)

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROGRAM = DOCS / "receive_webhooks.py"


@dataclass
class Program:
    """The example at work, and what it prints."""

    subscription: WebhookSubscription
    url: str
    process: subprocess.Popen[str]

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def post(self, body: bytes, headers: dict[str, str]) -> requests.Response:
        return requests.post(self.url, data=body, headers=headers, timeout=10)


@pytest.fixture
def program() -> Iterator[Program]:
    subscription, secret = outgoing.create(name="ERP", url="http://127.0.0.1:4000/")
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), "0"],
        env={**os.environ, "WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        running = Program(subscription, "", process)
        running.url = running.line().removeprefix("Receiving at ")
        outgoing.change(subscription, url=running.url)
        yield running
        process.kill()


def test_it_takes_what_is_delivered_and_acts_once_though_it_comes_twice(program: Program) -> None:
    announce("thread.taken", thread=7)
    deliver()
    assert program.line() == "thread.taken {'n': 0, 'thread': 7}"
    outgoing.replay_one(WebhookDelivery.objects.get())
    announce("thread.closed", thread=7)
    due_again()
    deliver()
    assert program.line().startswith("thread.closed"), "the repeated one was passed over"
    assert not WebhookDelivery.objects.exclude(state=State.DELIVERED).exists()


def test_it_refuses_what_is_forged_changed_or_old(program: Program) -> None:
    now, body = timezone.now(), b'{"id":"9","type":"thread.taken","data":{}}'
    good = signing.headers(program.subscription, "9", body, now)
    assert program.post(body.replace(b"9", b"8"), good).status_code == 401
    assert program.post(body, good | {"webhook-id": "8"}).status_code == 401
    assert program.post(body, {}).status_code == 401
    forged = good | {"webhook-signature": "v1,AAAA v2,x"}
    assert program.post(body, forged).text == "The signature is wrong."
    old = now - timedelta(minutes=6)
    signed_then = signing.headers(program.subscription, "9", body, old)
    assert program.post(body, signed_then).text == "It is too old, or the clocks differ."
    assert program.post(body, good).status_code == 204


def test_it_takes_either_secret_while_they_change(program: Program) -> None:
    outgoing.rotate(program.subscription)
    program.subscription.refresh_from_db()
    body = json.dumps({"id": "9", "type": "thread.taken", "data": {}}).encode()
    headers = signing.headers(program.subscription, "9", body, timezone.now())
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert program.post(body, headers).status_code == 204


def test_the_page_shows_the_function_as_the_program_has_it_and_names_every_type() -> None:
    page, source = (DOCS / "events.md").read_text(), PROGRAM.read_text()
    function = source[source.index("def verify") : source.index("\n\n\nclass Receiver")]
    assert f"```python\n{function}\n```" in page
    assert all(f"`{one}`" in page for one in Type.values)

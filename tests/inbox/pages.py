"""The addresses of the inbox, and browsers that are signed in, for its tests."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from conversations.models import Thread

INBOX = "/admin/conversations/thread/inbox/"
SCRIPT = {"HX-Request": "true"}


def at(thread: Thread, rest: str = "") -> str:
    """The address of a conversation, or of one of its acts: at(thread, "send/")."""
    return f"{INBOX}{thread.pk}/{rest}"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fragment(client: Client, path: str, **query: Any) -> str:
    """What a script gets for this address, as text."""
    response = client.get(path, query, headers=SCRIPT)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def act(client: Client, path: str, **fields: Any) -> Any:
    """The answer to a POST of the script."""
    return client.post(path, fields, headers=SCRIPT)

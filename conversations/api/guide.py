"""The guide for who programs against the API: pages to read, open to everybody.

What could drift is made from the code: codes of problems, scopes, announcements. The examples are
files of their own, shown as they are; a test runs each of them against a live console.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import path

from conversations import scopes
from conversations.announcements import Type
from conversations.api import problems

PAGES = {
    "": "Quick start",
    "keys": "Keys and scopes",
    "sending": "Sending a message",
    "retries": "Trying again safely",
    "lists": "Lists and pages",
    "changes": "Changing rows safely",
    "problems": "Problems and their codes",
    "invoices": "Accounts and invoices",
    "imports": "Imports",
    "events": "The feed of events",
    "webhooks": "Webhooks and their signatures",
}
EXAMPLES = (
    "first_call.sh",
    "first_call.py",
    "dry_run.sh",
    "send.sh",
    "send.py",
    "all_pages.py",
    "change_safely.py",
    "put_invoice.sh",
    "import_rows.py",
    "follow_events.py",
    "verify_webhook.py",
)


def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """One page of the guide. Raises: Http404."""
    if name not in PAGES:
        raise Http404
    names = list(PAGES)
    place = names.index(name)
    told: dict[str, Any] = {
        "pages": PAGES,
        "name": name,
        "title": PAGES[name],
        "following": names[place + 1] if place + 1 < len(names) else None,
        "console": settings.PUBLIC_URL,
        "example": {one.replace(".", "_"): source(one) for one in EXAMPLES},
        "kinds": sorted(problems.KINDS.items(), key=lambda kind: (kind[1].status, kind[0])),
        "scopes": scopes.known().values(),
        "types": Type.choices,
    }
    return render(request, f"api_docs/{name or 'start'}.html", told)


@cache
def source(name: str) -> str:
    """The text of an example."""
    template: Any = get_template(f"api_docs/examples/{name}")
    return str(template.template.source).strip()


urlpatterns = [
    path("", page, name="api-guide"),
    path("<slug:name>", page, name="api-guide-page"),
]

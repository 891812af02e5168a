"""The addresses of the console, and what its pages let a browser load."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def policy(path: str) -> str:
    return str(Client().get(path).headers.get("Content-Security-Policy", ""))


def test_the_bare_address_leads_to_the_inbox() -> None:
    answer = Client().get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/conversations/thread/inbox/")


@pytest.mark.parametrize("path", ["/admin/login/", "/nowhere/"])
def test_html_carries_the_policy(path: str) -> None:
    directives = policy(path).split("; ")

    assert "script-src 'self' 'unsafe-eval'" in directives
    assert "frame-ancestors 'none'" in directives
    assert "object-src 'none'" in directives


def test_scripts_written_into_a_page_are_not_run() -> None:
    scripts = next(part for part in policy("/admin/login/").split("; ") if "script-src" in part)

    assert "unsafe-inline" not in scripts
    assert "http" not in scripts


def test_what_is_no_page_carries_none() -> None:
    assert policy("/healthz") == ""


def test_browsers_guess_no_types_and_tell_no_other_site_where_they_were() -> None:
    headers = Client().get("/admin/login/").headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"

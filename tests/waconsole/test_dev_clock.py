"""`/dev/clock/`: moves the business clock in development, for whoever has the token."""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches

from conversations import clock
from waconsole import urls

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def development(settings: Any) -> Iterator[None]:
    """DEBUG as in development; pytest-django switches it off before the addresses are read."""
    settings.DEBUG = True
    _read_addresses_again()
    yield
    settings.DEBUG = False
    _read_addresses_again()


def _read_addresses_again() -> None:
    importlib.reload(urls)
    clear_url_caches()


def move(body: str, *, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token or settings.DEV_CLOCK_TOKEN}"}
    return Client().post("/dev/clock/", body, content_type="application/json", headers=headers)


def test_it_moves_the_clock_and_back() -> None:
    answer = move('{"offset_seconds": 90000}')

    assert (answer.status_code, answer.json()) == (200, {"offset_seconds": 90000})
    assert clock.offset() == timedelta(hours=25)
    move('{"offset_seconds": 0}')
    assert clock.offset() == timedelta()


@pytest.mark.parametrize(
    "body",
    [
        *("", "[]", "{}", "\xff"),
        *('{"offset_seconds": "1"}', '{"offset_seconds": true}', '{"offset_seconds": NaN}'),
        *('{"offset_seconds": 1e400}', '{"offset_seconds": 99999999999}'),
    ],
)
def test_it_refuses_what_is_no_sensible_number(body: str) -> None:
    assert move(body).status_code == 400
    assert clock.offset() == timedelta()


@pytest.mark.parametrize("token", ["wrong", "démo", "demo-clock-token "])
def test_it_refuses_a_wrong_token(token: str) -> None:
    assert move('{"offset_seconds": 90000}', token=token).status_code == 401
    assert clock.offset() == timedelta()


def test_it_refuses_everybody_where_no_token_is_set(settings: Any) -> None:
    settings.DEV_CLOCK_TOKEN = ""

    assert move('{"offset_seconds": 90000}', token=" ").status_code == 401


def test_it_moves_nothing_on_a_get() -> None:
    assert Client().get("/dev/clock/").status_code == 405


def test_with_debug_off_its_address_does_not_exist(settings: Any) -> None:
    settings.DEBUG = False
    _read_addresses_again()

    assert move('{"offset_seconds": 90000}').status_code == 404

"""Addresses to listen on: read as people type them, refused in one line when they are busy."""

import argparse
import socket

import pytest
from django.core.management.base import CommandError

from waconsole.binding import Bind, bind, refuse_busy


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("127.0.0.1:8000", Bind("127.0.0.1", 8000)),
        ("localhost:80", Bind("localhost", 80)),
        ("[::1]:8000", Bind("::1", 8000)),
        (":8000", Bind("0.0.0.0", 8000)),  # noqa: S104 - what such a text means
    ],
)
def test_it_reads_addresses(typed: str, meant: Bind) -> None:
    assert bind(typed) == meant


@pytest.mark.parametrize("typed", ["", "8000", "127.0.0.1", "127.0.0.1:", "h:0", "h:65536", "h:x"])
def test_it_refuses_what_is_none(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"is not like 127\.0\.0\.1:8000"):
        bind(typed)


@pytest.mark.parametrize(
    ("where", "url"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("[::]:8000", "http://[::1]:8000"),
    ],
)
def test_its_url_is_one_a_browser_here_can_open(where: str, url: str) -> None:
    assert bind(where).url == url


def test_a_busy_port_is_named_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandError, match=rf"^Cannot listen on 127.0.0.1:{port}: .*--bind\.$"):
            refuse_busy(Bind("127.0.0.1", port), option="--bind")


def test_an_address_of_another_machine_is_named_too() -> None:
    with pytest.raises(CommandError, match=r"^Cannot listen on 192\.0\.2\.1:8000: "):
        refuse_busy(Bind("192.0.2.1", 8000), option="--bind")

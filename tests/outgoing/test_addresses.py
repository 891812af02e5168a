"""Where we may post to: nobody reaches our own network by an address they chose."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from conversations.outgoing.addresses import AddressRefused, resolve, target_of

PUBLIC = "93.184.215.14"


@pytest.fixture(autouse=True)
def nothing_is_allowed(settings: Any, loopback_is_allowed: None) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = []


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The outside world's name service, which answers what a test says."""

    def answer(*found: str) -> None:
        def getaddrinfo(host: str, port: int, **_more: Any) -> list[Any]:
            return [(0, 0, 0, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return answer


@pytest.mark.parametrize(
    "url",
    [
        "https://erp.example.com",
        "https://erp.example.com/hooks?token=1",
        "https://ERP.example.com:8443/",
        f"https://{PUBLIC}/",
        "https://[2606:2800:220:1::1]:443/x",
    ],
)
def test_it_takes_a_public_address(url: str) -> None:
    target = target_of(url)
    assert target.is_tls
    assert target.path.startswith("/")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://erp.example.com/", "https"),
        (f"http://{PUBLIC}/", "https"),
        ("ftp://erp.example.com/", "https"),
        ("file:///etc/passwd", "https"),
        ("gopher://erp.example.com/", "https"),
        ("//erp.example.com/", "https"),
        ("erp.example.com", "https"),
        ("https://user:secret@erp.example.com/", "name and password"),
        ("https://user@erp.example.com/", "name and password"),
        ("https://@erp.example.com/", "name and password"),
        ("https://erp.example.com/#here", "#"),
        ("https://erp.example.com:22/", "Port 22"),
        ("https://erp.example.com:25/", "Port 25"),
        ("https://erp.example.com:0/", "Port 0"),
        ("https://erp.example.com:99999/", "proper"),
        ("https://erp.example.com:x/", "proper"),
        ("https:///hooks", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        (f"https://{'a' * 64}.example.com/", "host"),
        (f"https://{'a.' * 130}com/", "host"),
        ("https://[::1/", "proper"),
        ("https://erp.example.com\\@127.0.0.1/", "letter"),
        ("https://erp.example.com/a b", "space"),
        ("https://erp.example.com/\r\nX-Header: 1", "space"),
        ("https://erp.example.com/\x00", "letter"),
        ("https://bücher.example/", "letter"),
        ("", "letter"),
    ],
)
def test_it_refuses_what_is_no_proper_address_and_says_why(url: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why):
        target_of(url)


PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "2001:0:0:0:0:0:80ff:fffe",
]
NEVER = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::ffff:0:169.254.169.254",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "2001:0:0:0:0:0:5601:5601",
    "0.0.0.0",  # noqa: S104 -- refused, not bound to
    "0.1.2.3",
    "::",
    "::2",
    "224.0.0.1",
    "255.255.255.255",
    "ff02::1",
]


def shown(address: str) -> str:
    return f"https://[{address}]/" if ":" in address else f"https://{address}/"


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER])
def test_it_refuses_a_private_address_in_every_form(
    address: str, names: Callable[..., None]
) -> None:
    with pytest.raises(AddressRefused, match="private network"):
        target_of(shown(address))
    names(address)
    with pytest.raises(AddressRefused, match="private network"):
        resolve(target_of("https://erp.example.com/"))


@pytest.mark.parametrize("address", NEVER)
def test_it_refuses_metadata_and_its_like_though_everything_is_allowed(
    address: str, settings: Any
) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = ["0.0.0.0/0", "::/0"]
    settings.DEBUG = True
    with pytest.raises(AddressRefused, match="private network"):
        target_of(shown(address))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost."])
def test_it_refuses_loopback_however_it_is_spelt(host: str, names: Callable[..., None]) -> None:
    names("127.0.0.1")  # as the system's own resolver reads them
    with pytest.raises(AddressRefused, match="private network"):
        resolve(target_of(f"https://{host}/"))


def test_it_refuses_the_name_of_this_very_machine() -> None:
    with pytest.raises(AddressRefused, match="private network"):
        resolve(target_of("https://localhost/"))


def test_one_private_answer_among_public_ones_refuses_them_all(
    names: Callable[..., None],
) -> None:
    names(PUBLIC, "10.0.0.1")
    with pytest.raises(AddressRefused, match="private network"):
        resolve(target_of("https://erp.example.com/"))


def test_what_it_returns_is_what_was_checked(names: Callable[..., None]) -> None:
    names(PUBLIC, "2606:2800:220:1::1", PUBLIC)
    assert resolve(target_of("https://erp.example.com/")) == (PUBLIC, "2606:2800:220:1::1")


def test_a_network_of_the_setting_may_be_reached_also_over_http(settings: Any) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = ["10.20.0.0/16"]
    assert target_of("http://10.20.1.2:8080/x").authority == "10.20.1.2:8080"
    assert target_of("https://[::ffff:10.20.1.2]/").host == "::ffff:10.20.1.2"
    with pytest.raises(AddressRefused, match="private network"):
        target_of("http://10.21.1.2/")


def test_an_open_network_does_not_open_http_to_the_world(
    settings: Any, names: Callable[..., None]
) -> None:
    settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS = ["10.20.0.0/16"]
    target = target_of("http://erp.example.com/")
    names(PUBLIC)
    with pytest.raises(AddressRefused, match="https"):
        resolve(target)
    names("10.20.0.9")
    assert resolve(target) == ("10.20.0.9",)


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://a.example/", "a.example"),
        ("https://a.example:443/", "a.example"),
        ("https://a.example:8443/", "a.example:8443"),
        ("https://[2606:2800:220:1::1]/", "[2606:2800:220:1::1]"),
        ("https://a.example:80/", "a.example:80"),
    ],
)
def test_the_host_header_names_the_port_where_it_is_not_the_usual_one(
    url: str, authority: str
) -> None:
    assert target_of(url).authority == authority

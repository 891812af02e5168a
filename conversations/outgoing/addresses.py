"""Where we may post to: somebody who chooses an address must not reach our own network by it.

What a name resolves to is checked, and the connection goes to the very address that was checked:
asked again, a name may answer otherwise.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not even where somebody allows them by mistake: a cloud's own data, keys among it, and what is no
# single machine. Sources: RFC 3927, 4291, 5771; the clouds' pages on instance metadata.
NEVER: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "fd20:ce::254/128"),
        *("100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32"),
        *("0.0.0.0/8", "::/128", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8"),
    )
)
# IPv6 addresses that carry an IPv4 address: where in the 128 bits it stands (bits to its right).
CARRIERS: tuple[tuple[Network, int], ...] = (
    (ipaddress.ip_network("::/96"), 0),  # IPv4-compatible, RFC 4291
    (ipaddress.ip_network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ipaddress.ip_network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4, RFC 3056
)
TEREDO = ipaddress.ip_network("2001::/32")
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
PLAIN = re.compile(r"[!-~]+")  # printable ASCII without the space
HTTP, HTTPS = 80, 443
# Below it stand mail, remote shells and the like; above it whatever a company serves on.
PORTS_FROM = 1024


REFUSED = "The address leads into a private network, where nothing is posted to."
NO_TLS = "The address must begin with https://."


class AddressRefused(ValueError):
    """`str()` says what is wrong with the address, for whoever chose it."""


@dataclass(frozen=True)
class Target:
    """An address that may be posted to, in its parts, as they are used."""

    is_tls: bool
    host: str
    port: int
    path: str  # with the query

    @property
    def authority(self) -> str:
        """For the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (HTTPS if self.is_tls else HTTP) else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of the address. Nothing is looked up. Raises: AddressRefused."""
    if not PLAIN.fullmatch(url) or "\\" in url:
        raise AddressRefused("The address holds a space or a letter that no address may hold.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("This is not a proper address.") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(NO_TLS)
    if not host or "%" in host or len(host) > 253 or not all(map(_is_label, host.split("."))):
        raise AddressRefused("The address names no proper host.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("Leave name and password out of the address: we sign what we send.")
    if parts.fragment:
        raise AddressRefused("Leave out what follows the #.")
    is_tls = parts.scheme == "https"
    port = (HTTPS if is_tls else HTTP) if port is None else port
    if port not in (HTTP, HTTPS) and not PORTS_FROM <= port < 65536:
        raise AddressRefused(f"Port {port} is not one that webhooks are received on.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(is_tls, host, port, path)
    if literal := _literal(host):
        _check(literal, is_tls=is_tls)
    elif not is_tls and not (settings.DEBUG or allowed()):
        raise AddressRefused(NO_TLS)
    return target


def resolve(target: Target) -> tuple[str, ...]:
    """The addresses to connect to, each of them checked. Raises: AddressRefused, OSError.

    One that may not be reached refuses them all: an honest name has no such among its answers.
    """
    kind = socket.SOCK_STREAM
    found = socket.getaddrinfo(target.host, target.port, type=kind, proto=socket.IPPROTO_TCP)
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise AddressRefused("The host has no address.")
    for text in addresses:
        literal = _literal(text)
        if literal is None:  # with a zone: of this machine's own network
            raise AddressRefused(REFUSED)
        _check(literal, is_tls=target.is_tls)
    return addresses


def allowed() -> Sequence[Network]:
    """Networks of the company's own that the operator has opened, by the setting."""
    networks = settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS
    return [ipaddress.ip_network(network) for network in networks]


def _is_label(label: str) -> bool:
    """A part of a host's name; the last may be empty, and an IPv6 address is one with colons."""
    return len(label) <= 63


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _check(address: Address, *, is_tls: bool) -> None:
    """Raises: AddressRefused, unless what the address leads to may be reached."""
    reached = _reached(address)
    is_opened = _is_in(reached, allowed())
    if _is_in(reached, NEVER) or not (is_opened or _is_public(reached)):
        raise AddressRefused(REFUSED)
    if not is_tls and not (is_opened or settings.DEBUG):
        raise AddressRefused(NO_TLS)


def _reached(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, else the address itself."""
    number = int(address)
    if isinstance(address, ipaddress.IPv4Address) or number <= 1:
        return address
    for network, shift in CARRIERS:
        if address in network:
            return ipaddress.IPv4Address(number >> shift & 0xFFFFFFFF)
    if address in TEREDO:  # the client's address is written inside out, RFC 4380
        return ipaddress.IPv4Address(number & 0xFFFFFFFF ^ 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    return address.is_global and (address.version == 4 or address in GLOBAL_UNICAST)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)

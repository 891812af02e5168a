"""An address to listen on, as people type it: `127.0.0.1:8000`. The commands come in here."""

import argparse
import socket
from dataclasses import dataclass

from django.core.management.base import CommandError


@dataclass(frozen=True)
class Bind:
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
        return f"http://{Bind(everywhere.get(self.host, self.host), self.port)}"


def bind(text: str) -> Bind:
    """The type of a `--bind` option. Raises: argparse.ArgumentTypeError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not like 127.0.0.1:8000")
    return Bind(host.strip("[]") or "0.0.0.0", int(port))  # noqa: S104 - ":8000" asks for all


def refuse_busy(where: Bind, *, option: str) -> None:
    """Nothing else listens there. Raises: CommandError with one line that names the way out."""
    family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((where.host, where.port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {where}: {error.strerror}. Choose another with {option}."
            ) from None

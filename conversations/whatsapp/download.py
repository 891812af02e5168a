"""Fetching a customer's file: the token stays with the host it was meant for, size has a limit."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from conversations.whatsapp.errors import Refused, TryLater
from conversations.whatsapp.transport import Graph, faults

CHUNK_BYTES = 64 * 1024
REDIRECTS_MAX = 3
GONE = (404, 410)  # the address has outlived its five minutes
ABOVE_THE_LIMIT = 413  # as HTTP says it


@dataclass(frozen=True)
class Downloaded:
    """A file as it came; nothing of it has been checked but its size."""

    content: bytes
    mime_type: str  # raw Content-Type, "" where the host gave none


def fetch(graph: Graph, url: str, max_bytes: int) -> Downloaded:
    """Return the file at `url`, following at most three redirects.

    The token goes to the first host only, and on plain http only to the host of Graph itself.
    """
    origin = _origin(url)
    has_token = origin[0] == "https" or origin == _origin(graph.root)
    for _ in range(REDIRECTS_MAX + 1):
        with graph.request("GET", url, has_token=has_token, stream=True) as answer:
            if not answer.is_redirect:
                return _read(graph, answer, max_bytes)
            target = _joined(url, answer.headers["Location"])
        has_token = has_token and _origin(target) == origin
        url = target
    raise TryLater("The file's address leads in circles")


def _read(graph: Graph, answer: requests.Response, max_bytes: int) -> Downloaded:
    if answer.status_code in GONE:
        raise Refused("The file's address has expired", status=answer.status_code)
    if answer.status_code != requests.codes.ok:
        raise graph.error_of(answer)
    chunks: list[bytes] = []
    size = 0
    with faults(is_repeatable=True):
        for chunk in answer.iter_content(CHUNK_BYTES):
            size += len(chunk)
            if size > max_bytes:
                raise Refused(f"The file is larger than {max_bytes} bytes", status=ABOVE_THE_LIMIT)
            chunks.append(chunk)
    return Downloaded(b"".join(chunks), answer.headers.get("Content-Type", ""))


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused("The file's address leads nowhere") from None


def _origin(url: str) -> tuple[str, str]:
    """Return scheme and host with port, or refuse what is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Refused("The file's address cannot be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("The file's address is not a web address")
    return parts.scheme, parts.netloc.lower()

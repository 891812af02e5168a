"""The sample webhooks of tests/fixtures/webhooks, as Meta sends them."""

import csv
import json
from pathlib import Path
from typing import Any, TypeVar

from conversations.whatsapp import events

FOLDER = Path(__file__).parent.parent / "fixtures" / "webhooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

WABA, NUMBER = "102290129340398", "106540352242922"
WA_ID, BSUID, PARENT = "27821234567", "ZA.13491208655302741918", "ZA.ENT.11815799212886844830"

E = TypeVar("E")


def sources() -> dict[str, str]:
    """Where samples are from, by the beginning of their names; the longest that fits holds."""
    with (FOLDER / "sources.csv").open(newline="") as file:
        return {row["sample"]: row["source"] for row in csv.DictReader(file, delimiter="|")}


def data(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def body(name: str) -> bytes:
    """Return the sample's bytes in Meta's style: ASCII, lowercase escapes, escaped slashes."""
    return json.dumps(data(name), separators=(",", ":")).replace("/", "\\/").encode()


def parsed(name: str) -> list[events.Event]:
    return events.parse(body(name))


def only(name: str, kind: type[E]) -> E:
    """Return the sample's one event, which must be of this kind."""
    (event,) = parsed(name)
    assert isinstance(event, kind), event
    return event


def inbound(name: str) -> events.InboundMessage:
    return only(f"messages__{name}", events.InboundMessage)

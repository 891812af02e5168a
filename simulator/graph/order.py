"""One send on its way through the checks: what was asked, and what the checks have found."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulator.models import Chat, Media, Number, Template
from simulator.switches import Switches

WINDOW = timedelta(hours=24)


@dataclass
class Order:
    """Each check reads what those before it have filled in, from `type` on."""

    number: Number
    payload: dict[str, Any]
    switches: Switches
    now: datetime  # simulated
    version: int
    type: str = ""
    written: str = ""  # the recipient as the caller wrote it
    by_user_id: bool = False
    wa_id: str = ""  # digits as WhatsApp has them
    chat: Chat | None = None  # None: nobody with that number is on WhatsApp
    template: Template | None = None
    media: Media | None = None
    shown: dict[str, Any] | None = None  # a template as the customer will see it
    parts: dict[str, Any] = field(default_factory=dict)  # of a template: its components by kind

    @property
    def content(self) -> Any:
        """The object that the type names; `{}` where it is missing."""
        return self.payload.get(self.type) or {}

    @property
    def window_is_open(self) -> bool:
        """Has the customer written to this number within the last 24 hours?"""
        last = self.chat.last_inbound_at if self.chat else None
        return last is not None and self.now < last + WINDOW

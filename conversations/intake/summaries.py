"""What is in a webhook, in a few words for the list of events: 3 messages, 12 statuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from conversations.whatsapp import events as wire

LENGTH_MAX = 200

# One of them, many of them.
NAMES: dict[type, tuple[str, str]] = {
    wire.InboundMessage: ("message", "messages"),
    wire.StatusUpdate: ("status", "statuses"),
    wire.Echo: ("message from the phone app", "messages from the phone app"),
    wire.PlatformError: ("error", "errors"),
    wire.UserPreference: ("user preference", "user preferences"),
    wire.TemplateUpdate: ("template status", "template statuses"),
    wire.TemplateQuality: ("template quality", "template qualities"),
    wire.TemplateCategory: ("template category", "template categories"),
    wire.TemplateComponents: ("changed template", "changed templates"),
    wire.NumberQuality: ("number limit", "number limits"),
    wire.NumberName: ("number name", "number names"),
    wire.AccountUpdate: ("account update", "account updates"),
    wire.AccountAlert: ("account alert", "account alerts"),
    wire.AccountReview: ("account review", "account reviews"),
    wire.BusinessCapability: ("business capability", "business capabilities"),
    wire.Security: ("security update", "security updates"),
    wire.Broken: ("unreadable item", "unreadable items"),
}


def summary_of(said: Sequence[wire.Event]) -> str:
    """Counts by kind, in the order they first come; what has no name here by Meta's field name."""
    if len(said) == 1:
        return f"1 {_names(said[0])[0]}"[:LENGTH_MAX]
    counts = Counter(_names(one) for one in said)
    parts = [f"{count} {many if count > 1 else one}" for (one, many), count in counts.items()]
    return (", ".join(parts) or "nothing")[:LENGTH_MAX]


def _names(one: wire.Event) -> tuple[str, str]:
    if isinstance(one, wire.Unknown):
        field = one.field or "unnamed field"
        return field, field
    return NAMES[type(one)]

"""What Meta tells us: webhook JSON to frozen values, tolerant of everything, losing nothing.

Intake comes in through `parse`; `read_said` reads the stored content of one message again.
"""

from conversations.whatsapp.events.account import (
    AccountAlert,
    AccountNews,
    AccountReview,
    AccountUpdate,
    BusinessCapability,
    NumberName,
    NumberQuality,
    Security,
    TemplateCategory,
    TemplateComponents,
    TemplateNews,
    TemplateQuality,
    TemplateUpdate,
)
from conversations.whatsapp.events.kinds import read_said
from conversations.whatsapp.events.reading import Unreadable
from conversations.whatsapp.events.shapes import (
    Broken,
    Echo,
    InboundMessage,
    MediaRef,
    MetaError,
    Person,
    PlatformError,
    ReactionTo,
    Said,
    StatusUpdate,
    SystemChange,
    Tap,
    Unknown,
    UserPreference,
)
from conversations.whatsapp.events.walk import Event, parse

__all__ = [
    "AccountAlert",
    "AccountNews",
    "AccountReview",
    "AccountUpdate",
    "Broken",
    "BusinessCapability",
    "Echo",
    "Event",
    "InboundMessage",
    "MediaRef",
    "MetaError",
    "NumberName",
    "NumberQuality",
    "Person",
    "PlatformError",
    "ReactionTo",
    "Said",
    "Security",
    "StatusUpdate",
    "SystemChange",
    "Tap",
    "TemplateCategory",
    "TemplateComponents",
    "TemplateNews",
    "TemplateQuality",
    "TemplateUpdate",
    "Unknown",
    "Unreadable",
    "UserPreference",
    "parse",
    "read_said",
]

"""What can be said on WhatsApp, and Meta's limits: content that exists can be sent.

Everybody who writes to a customer makes one of these and gives it to the gate.
"""

from conversations.whatsapp.content.actions import CallToAction, Flow, LocationRequest
from conversations.whatsapp.content.filling import TemplateError
from conversations.whatsapp.content.gaps import ButtonShape, Variable
from conversations.whatsapp.content.interactive import Button, Buttons, ListMenu, Row, Section
from conversations.whatsapp.content.location import Location
from conversations.whatsapp.content.media import (
    Audio,
    Document,
    Image,
    MediaSource,
    Sticker,
    Video,
)
from conversations.whatsapp.content.parameters import Currency, DateTime, Parameter
from conversations.whatsapp.content.people import Address, Card, Contacts, Entry
from conversations.whatsapp.content.reaction import Reaction
from conversations.whatsapp.content.rules import ContentError, Wire, units
from conversations.whatsapp.content.shape import TemplateShape
from conversations.whatsapp.content.template import Body, Template
from conversations.whatsapp.content.template_buttons import (
    CopyCodeButton,
    FlowButton,
    QuickReplyButton,
    UrlButton,
)
from conversations.whatsapp.content.template_headers import HeaderLocation, HeaderMedia, HeaderText
from conversations.whatsapp.content.text import TEXT_MAX, Text, split_text
from conversations.whatsapp.content.wire import Content, from_wire

__all__ = [
    "TEXT_MAX",
    "Address",
    "Audio",
    "Body",
    "Button",
    "ButtonShape",
    "Buttons",
    "CallToAction",
    "Card",
    "Contacts",
    "Content",
    "ContentError",
    "CopyCodeButton",
    "Currency",
    "DateTime",
    "Document",
    "Entry",
    "Flow",
    "FlowButton",
    "HeaderLocation",
    "HeaderMedia",
    "HeaderText",
    "Image",
    "ListMenu",
    "Location",
    "LocationRequest",
    "MediaSource",
    "Parameter",
    "QuickReplyButton",
    "Reaction",
    "Row",
    "Section",
    "Sticker",
    "Template",
    "TemplateError",
    "TemplateShape",
    "Text",
    "UrlButton",
    "Variable",
    "Video",
    "Wire",
    "from_wire",
    "split_text",
    "units",
]

"""The rows of the conversations, one noun a file."""

from conversations.models.announcement import Announcement, Feed
from conversations.models.api_allowance import ApiAllowance
from conversations.models.api_answer import ApiAnswer
from conversations.models.api_call import ApiCall
from conversations.models.api_client import ApiClient
from conversations.models.canned_reply import CannedReply
from conversations.models.change import Change
from conversations.models.clock_offset import ClockOffset
from conversations.models.consent_entry import ConsentEntry
from conversations.models.contact import Contact
from conversations.models.contact_alias import ContactAlias
from conversations.models.daily_total import DailyTotal
from conversations.models.draft import Draft
from conversations.models.early_status import EarlyStatus
from conversations.models.heartbeat import Heartbeat
from conversations.models.label import Label
from conversations.models.media_file import MediaFile
from conversations.models.message import Message
from conversations.models.message_template import MessageTemplate
from conversations.models.note import Mention, Note
from conversations.models.notice import Notice
from conversations.models.phone_number import PhoneNumber
from conversations.models.presence import Presence
from conversations.models.reaction import Reaction
from conversations.models.template_sync import TemplateSync
from conversations.models.thread import Thread
from conversations.models.thread_event import ThreadEvent
from conversations.models.upload import Upload
from conversations.models.webhook_delivery import WebhookDelivery
from conversations.models.webhook_event import WebhookEvent
from conversations.models.webhook_refusal import WebhookRefusal
from conversations.models.webhook_subscription import WebhookSubscription

__all__ = [
    "Announcement",
    "ApiAllowance",
    "ApiAnswer",
    "ApiCall",
    "ApiClient",
    "CannedReply",
    "Change",
    "ClockOffset",
    "ConsentEntry",
    "Contact",
    "ContactAlias",
    "DailyTotal",
    "Draft",
    "EarlyStatus",
    "Feed",
    "Heartbeat",
    "Label",
    "MediaFile",
    "Mention",
    "Message",
    "MessageTemplate",
    "Note",
    "Notice",
    "PhoneNumber",
    "Presence",
    "Reaction",
    "TemplateSync",
    "Thread",
    "ThreadEvent",
    "Upload",
    "WebhookDelivery",
    "WebhookEvent",
    "WebhookRefusal",
    "WebhookSubscription",
]

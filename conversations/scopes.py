"""What a key of the API may be allowed, and which right the same thing asks of staff.

One table for the whole API: the admin shows it, each endpoint names an entry of it. A business
domain adds its own by `Domain.scopes`.
"""

from __future__ import annotations

from conversations.domain import Scope, domains

VIEW_THREAD = "conversations.view_thread"
REPLY = "conversations.reply_thread"

NUMBERS_READ = Scope(
    "phone_numbers:read", "See our own WhatsApp numbers", ("conversations.view_phonenumber",)
)
CONTACTS_READ = Scope(
    "contacts:read", "See contacts, with their numbers masked", ("conversations.view_contact",)
)
CONTACTS_WRITE = Scope(
    "contacts:write", "Add and change contacts", ("conversations.change_contact",)
)
CONTACTS_NUMBERS = Scope(
    "contacts:numbers", "See phone numbers in full", ("conversations.see_full_number",)
)
THREADS_READ = Scope("threads:read", "See conversations", (VIEW_THREAD,))
THREADS_WRITE = Scope(
    "threads:write", "Take, hand over, release, close and label conversations", (VIEW_THREAD, REPLY)
)
THREADS_SUPERVISE = Scope(
    "threads:supervise",
    "Take a conversation from another person",
    ("conversations.supervise_thread",),
)
MESSAGES_READ = Scope("messages:read", "Read messages", (VIEW_THREAD, "conversations.view_message"))
MESSAGES_SEND = Scope("messages:send", "Send messages", (VIEW_THREAD, REPLY))
MEDIA_READ = Scope(
    "media:read", "Download files of messages", (VIEW_THREAD, "conversations.view_message")
)
MEDIA_WRITE = Scope("media:write", "Upload files to send", (VIEW_THREAD, REPLY))
TEMPLATES_READ = Scope(
    "templates:read", "See message templates", ("conversations.view_messagetemplate",)
)
ANNOUNCEMENTS_READ = Scope(
    "announcements:read", "Follow what happens, by ids and states", (VIEW_THREAD,)
)
WEBHOOKS_WRITE = Scope(
    "webhooks:write",
    "Subscribe to announcements by webhook",
    ("conversations.change_webhooksubscription",),
)
LABELS_READ = Scope("labels:read", "See labels", (VIEW_THREAD,))

OURS = (
    NUMBERS_READ,
    CONTACTS_READ,
    CONTACTS_WRITE,
    CONTACTS_NUMBERS,
    THREADS_READ,
    THREADS_WRITE,
    THREADS_SUPERVISE,
    MESSAGES_READ,
    MESSAGES_SEND,
    MEDIA_READ,
    MEDIA_WRITE,
    TEMPLATES_READ,
    LABELS_READ,
    ANNOUNCEMENTS_READ,
    WEBHOOKS_WRITE,
)


def known() -> dict[str, Scope]:
    """Every scope by its name, ours first; a name is given once."""
    scopes = [*OURS, *(scope for domain in domains() for scope in domain.scopes())]
    return {scope.name: scope for scope in scopes}

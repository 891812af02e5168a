"""The door for staff: the inbox, and the ordinary admin pages around it, one noun a file.

Django imports this package once, and each module registers its pages.
"""

from conversations.admin import (
    api_calls,
    api_clients,
    background_jobs,
    canned_replies,
    contacts,
    daily_totals,
    events,
    labels,
    messages,
    notices,
    numbers,
    staff,
    templates,
    threads,
    webhook_deliveries,
    webhook_subscriptions,
)

__all__ = [
    "api_calls",
    "api_clients",
    "background_jobs",
    "canned_replies",
    "contacts",
    "daily_totals",
    "events",
    "labels",
    "messages",
    "notices",
    "numbers",
    "staff",
    "templates",
    "threads",
    "webhook_deliveries",
    "webhook_subscriptions",
]

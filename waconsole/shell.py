"""The frame of the admin as django-unfold reads it: colours, title, sidebar. Settings come in here.

It is read while settings load, so it names models, views and callbacks by dotted text only.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.module_loading import import_string

# The greys and greens of the inbox, so that frame and conversation are one piece.
BASE = {
    "50": "#f7f8fa",
    "100": "#f0f2f5",
    "200": "#e3e7ea",
    "300": "#cdd4d9",
    "400": "#8fa0aa",
    "500": "#667781",
    "600": "#54656f",
    "700": "#3b4a54",
    "800": "#2a3942",
    "900": "#111b21",
    "950": "#0b141a",
}
PRIMARY = {
    "50": "#ecfdf5",
    "100": "#d1fae5",
    "200": "#a7f3d0",
    "300": "#6ee7b7",
    "400": "#34d399",
    "500": "#10b981",
    "600": "#047857",
    "700": "#065f46",
    "800": "#064e3b",
    "900": "#053b2f",
    "950": "#022c22",
}

# As the frame's own, but for the faintest grey: that one is too faint to read.
FONT = {
    "subtle-light": "var(--color-base-600)",
    "subtle-dark": "var(--color-base-300)",
    "default-light": "var(--color-base-600)",
    "default-dark": "var(--color-base-300)",
    "important-light": "var(--color-base-900)",
    "important-dark": "var(--color-base-100)",
}

# A right that nobody can be given: superusers have every right there could be.
ONLY_SUPERUSERS = "waconsole.only_superusers"


def unfold_settings(business_name: str) -> dict[str, Any]:
    """What `settings.UNFOLD` holds."""
    return {
        # Unfold takes a plain text for the name of a function and tries to import it.
        "SITE_TITLE": lambda _request: business_name,
        "SITE_HEADER": lambda _request: business_name,
        "SITE_SUBHEADER": "WhatsApp Business console",
        "SITE_SYMBOL": "forum",
        "SITE_URL": None,
        "SITE_FAVICONS": [
            {
                "rel": "icon",
                "type": "image/svg+xml",
                "href": lambda _request: static("waconsole/favicon.svg"),
            }
        ],
        "SHOW_VIEW_ON_SITE": False,
        "BORDER_RADIUS": "8px",
        "COLORS": {"base": BASE, "primary": PRIMARY, "font": FONT},
        "ENVIRONMENT": "conversations.admin.sidebar.environment",
        "STYLES": [lambda _request: static("waconsole/admin.css")],
        "COMMAND": {"search_models": False, "show_history": False},
        "DASHBOARD_CALLBACK": "conversations.admin.home.today",
        "SIDEBAR": {
            "show_search": True,
            "command_search": True,
            "show_all_applications": False,
            "navigation": navigation,
        },
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar as this person may see it, with the number of unread conversations."""
    unread = import_string("conversations.admin.sidebar.unread")(request)
    return [
        {
            "title": "Conversations",
            "items": _seen(
                request,
                _item("Today", "space_dashboard", "admin:index", "conversations.view_thread"),
                {
                    **_list("Inbox", "forum", "conversations", "thread"),
                    "link": _link("admin:conversations_thread_inbox"),
                    "badge": unread,
                    "active": "conversations.admin.sidebar.is_inbox",
                },
                _list("Contacts", "contacts", "conversations", "contact"),
                _list("Templates", "draft", "conversations", "messagetemplate"),
                _list("Canned replies", "bolt", "conversations", "cannedreply"),
                _list("Labels", "label", "conversations", "label"),
            ),
        },
        {
            "title": "Business",
            "separator": True,
            "items": _seen(
                request,
                _list("Accounts", "domain", "billing", "account"),
                _list("Invoices", "receipt_long", "billing", "invoice"),
                _list("Imports", "upload_file", "billing", "ledgerimport"),
            ),
        },
        {
            "title": "System",
            "separator": True,
            "collapsible": False,
            "items": _seen(
                request,
                _list("WhatsApp numbers", "call", "conversations", "phonenumber"),
                _list("Notices", "notifications", "conversations", "notice"),
                _list("Messages", "chat", "conversations", "message"),
                _list("Daily totals", "bar_chart", "conversations", "dailytotal"),
                _list("Webhook events", "webhook", "conversations", "webhookevent"),
                _list("API clients", "key", "conversations", "apiclient"),
                _item("API guide", "menu_book", "api-guide", "conversations.view_apiclient"),
                _list("Outgoing webhooks", "outbound", "conversations", "webhooksubscription"),
                _list("Webhook deliveries", "send", "conversations", "webhookdelivery"),
                _list("API calls", "swap_vert", "conversations", "apicall"),
                {
                    **_list("Background jobs", "manufacturing", "django_q", "success"),
                    "needs": ONLY_SUPERUSERS,
                    "active": "conversations.admin.sidebar.is_background_jobs",
                },
                _list("Users", "group", "auth", "user"),
                _list("Groups", "groups", "auth", "group"),
            ),
        },
    ]


def _item(title: str, icon: str, url_name: str, needs: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": _link(url_name), "needs": needs}


def _list(title: str, icon: str, app: str, model: str) -> dict[str, Any]:
    return _item(title, icon, f"admin:{app}_{model}_changelist", f"{app}.view_{model}")


@cache
def _link(url_name: str) -> str:
    """Looked up once: each full page has two dozen of them."""
    return reverse(url_name)


def _seen(request: HttpRequest, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that this person has the right to."""
    return [item for item in items if request.user.has_perm(item["needs"])]

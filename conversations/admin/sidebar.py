"""What the sidebar and the page header ask on every full page; the frame names these functions."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from conversations.models import Thread

BADGE_LIMIT = 99


def unread(request: HttpRequest) -> str:
    """How many conversations have unread messages, "" for none; one look at a partial index.

    The inbox counts them together with its filters and leaves the figure on the request.
    """
    if not request.user.has_perm("conversations.view_thread"):
        return ""
    number = getattr(request, "unread_threads", None)
    if number is None:
        number = Thread.objects.filter(unread_count__gt=0)[: BADGE_LIMIT + 1].count()
    return shown(number)


def shown(number: int) -> str:
    """The figure of a badge: "", "7", "99+"."""
    if number > BADGE_LIMIT:
        return f"{BADGE_LIMIT}+"
    return str(number or "")


def is_inbox(request: HttpRequest) -> bool:
    """Lit in the sidebar: the inbox and the pages of a thread behind it."""
    return request.path.startswith(reverse("admin:conversations_thread_changelist"))


def is_background_jobs(request: HttpRequest) -> bool:
    """Lit in the sidebar: every page of the queue."""
    return "/django_q/" in request.path


def environment(request: HttpRequest) -> tuple[str, str] | None:
    """The label in the header that says: this is not the real thing."""
    return ("Demo", "warning") if settings.DEBUG else None

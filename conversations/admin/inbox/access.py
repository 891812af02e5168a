"""Who comes into the inbox: every view is wrapped here, and checks its right here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from conversations import clock, consent, takeover
from conversations.admin.inbox import columns
from conversations.domain import Viewer
from conversations.models import Draft, Thread

VIEW = "conversations.view_thread"
REPLY = "conversations.reply_thread"
SUPERVISE = "conversations.supervise_thread"
SEE_NUMBER = "conversations.see_full_number"

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Visit:
    """One person at one thread at one moment: what the views of a thread start from."""

    user: User
    viewer: Viewer
    thread: Thread
    now: datetime


def is_script(request: HttpRequest) -> bool:
    """Whether our script asks for a part of the page; going back in the history wants all of it."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def door(view: View, site: AdminSite) -> View:
    """The view for staff only. A script that lost its session is sent to the login as a whole:
    a redirect would put the login form into a pane of the inbox."""
    guarded = site.admin_view(view)

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_script(request) and not site.has_permission(request):
            return HttpResponse(status=401, headers={"HX-Redirect": _login_url(request)})
        response: HttpResponseBase = guarded(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return inner


def _login_url(request: HttpRequest) -> str:
    # Only the path of what the browser says: `next` must never lead to another host.
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    inside = "/" + path.lstrip("/") if path else reverse("admin:index")
    return f"{reverse('admin:login')}?next={quote(inside)}"


def at_inbox(view: View) -> View:
    """A view of no thread in particular: GET only. It asks for its rights itself."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return view(request)

    return inner


def by_post(view: View) -> View:
    """An act on no thread in particular, by POST, for those who may answer customers."""

    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        require(viewer_of(signed_in(request)), VIEW, REPLY)
        return view(request)

    return inner


def at_thread(needs: str = VIEW, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[..., View]:
    """The view of one thread, for those with the right `needs`; it is called with a `Visit`.

    Raises: PermissionDenied before it is told whether there is such a thread.
    """

    def wrap(view: Callable[[HttpRequest, Visit], HttpResponse]) -> View:
        @wraps(view)
        def inner(request: HttpRequest, pk: int) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(list(methods))
            return view(request, visit(request, pk, needs=needs))

        return inner

    return wrap


def visit(request: HttpRequest, pk: int, *, needs: str = VIEW) -> Visit:
    """The person of the request at this thread, with the drafts they have there: one query.

    Raises: PermissionDenied, Http404.
    """
    user = signed_in(request)
    viewer = viewer_of(user)
    require(viewer, VIEW, needs)
    rows = Thread.objects.select_related("contact", "phone_number", "assigned_to", "assigned_group")
    rows = rows.annotate(
        last_sign_at=takeover.LAST_SIGN,
        own_draft=columns.own_draft(user),
        own_note=columns.own_draft(user, Draft.Kind.NOTE),
    )
    thread = consent.with_newest(rows).filter(pk=pk).first()
    if thread is None:
        raise Http404("There is no such conversation.")
    return Visit(user, viewer, thread, clock.now())


def signed_in(request: HttpRequest) -> User:
    """The person of the request. Raises: PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def require(viewer: Viewer, *rights: str) -> None:
    """Nothing, or PermissionDenied where one of the rights is missing."""
    if not all(viewer.may(right) for right in rights):
        raise PermissionDenied


def viewer_of(user: User) -> Viewer:
    """What the person may do; it came with the person, so it costs no query."""
    return Viewer(frozenset(user.get_all_permissions()))

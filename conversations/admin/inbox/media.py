"""Files that came with messages, for staff alone: the bubbles and their links come in here.

A file is known by the key of its row; where it lies in the storage is told to nobody.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from conversations import media as files
from conversations.admin.inbox import access
from conversations.models import MediaFile

READ = "conversations.view_message"


def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The stored file, or a stretch of it.

    Raises: PermissionDenied before it is told whether there is such a file; Http404.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    access.require(access.viewer_of(access.signed_in(request)), access.VIEW, READ)
    rows = MediaFile.objects.select_related("message").filter(state=MediaFile.State.HERE)
    return files.serve(request, rows.filter(pk=pk).first())

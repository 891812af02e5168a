"""Files that came with messages, for staff alone: the bubbles and their links come in here.

A file is known by the key of its row; where it lies in the storage is told to nobody.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
)

from conversations.admin.inbox import access
from conversations.models import MediaFile

READ = "conversations.view_message"
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
SOUNDS = frozenset({"audio/aac", "audio/amr", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/opus"})
FILMS = frozenset({"video/mp4", "video/3gpp", "video/webm"})
SHOWN = IMAGES | SOUNDS | FILMS
NAME_LENGTH = 120
# A file is a stranger's work: even opened by itself it runs nothing and fetches nothing.
POLICY = "sandbox; default-src 'none'"


def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The stored file: pictures, sound and films of safe types as such, all others to save.

    Raises: PermissionDenied before it is told whether there is such a file; Http404.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    access.require(access.viewer_of(access.signed_in(request)), access.VIEW, READ)
    media = MediaFile.objects.filter(pk=pk, state=MediaFile.State.HERE).first()
    if media is None:
        raise Http404("There is no such file.")
    return _answer(media)


def _answer(media: MediaFile) -> FileResponse:
    try:
        file = media.file.open("rb")
    except OSError:
        raise Http404("The file is no longer in the storage.") from None
    kind = type_of(media)
    response = FileResponse(
        file,
        as_attachment=kind not in SHOWN,
        filename=name_of(media),
        content_type=kind if kind in SHOWN else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = POLICY
    return response


def type_of(media: MediaFile) -> str:
    """The type that the content showed, without parameters: what the sender claims is no rule."""
    return media.mime_type.partition(";")[0].strip().lower()


def name_of(media: MediaFile) -> str:
    """The sender's file name without folders and signs that hide what it is, else a plain one."""
    last = PurePosixPath(media.filename.replace("\\", "/")).name
    # Control and format characters go: the latter turn "gpj.exe" into what reads as "exe.jpg".
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    name = seen.strip(" .")
    if len(name) > NAME_LENGTH:
        end = PurePosixPath(name).suffix[:10]
        name = name[: NAME_LENGTH - len(end)] + end
    return name or f"file-{media.pk}"

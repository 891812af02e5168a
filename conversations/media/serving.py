"""Giving a file to a browser or a program: all of it, or the stretch it asks for, so that sound and
films can be scrubbed. Who may have it is decided by the door that calls."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.responders import SlicedFile

from conversations.media.showing import OpenFile, open_file
from conversations.models import MediaFile

# A file is a stranger's work: even opened by itself it runs nothing and fetches nothing.
POLICY = "sandbox; default-src 'none'"
# One stretch, as players ask for it. Source: RFC 9110, 14.1.2; several at once may be ignored.
STRETCH = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Stretch:
    """Bytes of a file, the last one included; a stretch that is not there ends before it starts."""

    start: int
    end: int


def serve(request: HttpRequest, media_file: MediaFile | None) -> HttpResponseBase:
    """The stored file, or the stretch of it that `Range` asks for: pictures, sound and films of
    safe types as such, all others to save.

    Raises: Http404 where it is not here.
    """
    opened = open_file(media_file) if media_file else None
    if media_file is None or opened is None:
        raise Http404("There is no such file, or it is no longer in the storage.")
    response = _answer(request, opened, _etag(media_file))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = POLICY
    response["Accept-Ranges"] = "bytes"
    return response


def _etag(media_file: MediaFile) -> str:
    return f'"{media_file.sha256 or media_file.pk}"'


def _answer(request: HttpRequest, opened: OpenFile, etag: str) -> HttpResponseBase:
    size = opened.file.size
    stretch = _asked(request, size, etag)
    if stretch and stretch.start > stretch.end:
        opened.file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = FileResponse(
        SlicedFile(opened.file, stretch.start, stretch.end) if stretch else opened.file,
        as_attachment=opened.as_attachment,
        filename=opened.filename,
        content_type=opened.content_type,
        status=206 if stretch else 200,
    )
    response["ETag"] = etag
    if stretch:
        response["Content-Range"] = f"bytes {stretch.start}-{stretch.end}/{size}"
        response["Content-Length"] = str(stretch.end - stretch.start + 1)
    return response


def _asked(request: HttpRequest, size: int, etag: str) -> Stretch | None:
    """The stretch that is asked for; None for all of it, which answers what cannot be read, too."""
    found = STRETCH.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.method != "GET":
        return None
    if request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if first:
        return Stretch(int(first), min(int(last), size - 1) if last else size - 1)
    # "-500" means the last 500; "-0" and "-" mean nothing that could be given.
    return Stretch(max(size - int(last), 0), size - 1) if last.strip("0") else Stretch(size, -1)

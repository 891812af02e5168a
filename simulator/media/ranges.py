"""Parts of a file: players ask for the end of a sound to learn how long it is."""

import re

from django.http import HttpRequest, HttpResponse

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def answer(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """The bytes asked for with 206, or all of them with 200; 416 beyond the end.

    Source: RFC 9110, section 14. Several ranges at once are answered with the whole.
    """
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        response = HttpResponse(content, content_type=content_type)
        response["Accept-Ranges"] = "bytes"
        return response
    first, last = _bounds(asked.group(1), asked.group(2), len(content))
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    response = HttpResponse(content[first : last + 1], status=206, content_type=content_type)
    response["Accept-Ranges"] = "bytes"
    response["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1

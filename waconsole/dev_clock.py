"""Door in development: moves the business clock. The simulator's "jump" comes in here.

`urls` knows it only while DEBUG is on.
"""

import hmac
import json

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from conversations import clock

FARTHEST_SECONDS = 10 * 366 * 24 * 3600


@csrf_exempt
@require_POST
def set_clock(request: HttpRequest) -> JsonResponse:
    """The clock is `offset_seconds` ahead of real time, for every process.

    Shapes: `{"offset_seconds": 90000}` with `Authorization: Bearer <DEV_CLOCK_TOKEN>`; answers the
    same. 401 for a wrong token, 400 for anything but a number within ten years.
    """
    if not _may(request.headers.get("Authorization", "")):
        return JsonResponse({"error": "The token is missing or wrong."}, status=401)
    seconds = _offset_seconds(request.body)
    if seconds is None:
        return JsonResponse({"error": "offset_seconds must be a number."}, status=400)
    clock.set_offset(seconds)
    return JsonResponse({"offset_seconds": seconds})


def _may(authorization: str) -> bool:
    token = settings.DEV_CLOCK_TOKEN
    return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


def _offset_seconds(body: bytes) -> int | None:
    try:
        seconds = json.loads(body)["offset_seconds"]
    except (ValueError, TypeError, KeyError):
        return None
    # A bool is an int to Python, and a distance beyond the calendar breaks every later look.
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return round(seconds) if abs(seconds) <= FARTHEST_SECONDS else None

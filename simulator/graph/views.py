"""The one door of the Graph API: find the object, find the edge, answer or refuse, keep a log."""

import logging
import time
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from simulator import journal
from simulator.graph import call as calls
from simulator.graph import errors, routes
from simulator.graph.call import Call

logger = logging.getLogger(__name__)
HOLD = "simulator.hold"


@csrf_exempt
def graph(request: HttpRequest, version: str, path: str) -> HttpResponse:
    """Answer one call as Meta would. What it was asked and answered stands in the log."""
    began, at = time.perf_counter(), timezone.now()
    call = calls.read(request, version, path)
    status, answer = _answer(call)
    journal.record(
        method=call.method,
        path=f"/{version}/{call.path}",
        body={name: value for name, value in call.body.items() if name != "access_token"} or None,
        status=status,
        answer=answer,
        at=at,
        milliseconds=(time.perf_counter() - began) * 1000,
    )
    if call.hold is not None:
        request.META[HOLD] = call.hold
    return JsonResponse(answer, status=status, headers=call.headers)


def _answer(call: Call) -> tuple[int, dict[str, Any]]:
    try:
        for check in calls.BEFORE_ALL:
            check(call)
        return 200, routes.answer(call)
    except errors.GraphError as refusal:
        return refusal.status, refusal.as_json()
    except DatabaseError:
        # Nothing was accepted: Meta's word for it is "temporarily unavailable".
        logger.exception("The database did not answer")
        return 503, errors.known(2).as_json()

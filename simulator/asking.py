"""JSON in and out for the pages and /control/: one way to read a body and to say what is wrong.

A body must come as application/json: a page of another site cannot send that without asking first.
"""

import json
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import world
from simulator.models import Chat, Customer, Number
from simulator.people import chat_with
from simulator.storable import storable

P = ParamSpec("P")
Answer = dict[str, Any] | list[Any]


class Refused(Exception):
    """The request cannot be done; `status` and the text are the answer."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


def json_view(
    **methods: Callable[Concatenate[HttpRequest, P], Answer],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """One URL from `get=`, `post=`, ... functions; 405 for others, `{"error": ...}` for Refused."""

    @csrf_exempt
    def view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        act = methods.get((request.method or "").lower())
        if act is None:
            return JsonResponse({"error": "This method is not served here."}, status=405)
        try:
            return JsonResponse(act(request, *args, **kwargs), safe=False)
        except Refused as refusal:
            return JsonResponse({"error": str(refusal)}, status=refusal.status)

    first = next(iter(methods.values()))
    view.__name__, view.__doc__ = first.__name__, first.__doc__
    return view


def body_of(request: HttpRequest) -> Any:
    """The JSON of the request; `{}` where there is none. Raises: Refused."""
    if not request.body:
        return {}
    if request.content_type != "application/json":
        raise Refused("Send application/json.", 415)
    try:
        return storable(json.loads(request.body))
    except ValueError as problem:
        raise Refused("This is no JSON.") from problem


def object_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the request. Raises: Refused."""
    given = body_of(request)
    if not isinstance(given, dict):
        raise Refused("Send a JSON object.")
    return given


def number_of(request: HttpRequest) -> Number:
    """The business number asked for with `?number=`, else the first. Raises: Refused."""
    numbers = world.current().numbers
    asked = request.GET.get("number")
    if asked and asked not in numbers:
        raise Refused(f"There is no number {asked}.", 404)
    return numbers[asked] if asked else next(iter(numbers.values()))


def chat_of(request: HttpRequest, wa_id: str) -> Chat:
    """The chat of this customer with the number asked for. Raises: Refused."""
    customer = Customer.objects.filter(wa_id=wa_id).first()
    if customer is None:
        raise Refused(f"There is no customer {wa_id}.", 404)
    return chat_with(number_of(request), customer)

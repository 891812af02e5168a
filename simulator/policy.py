"""The one middleware of the simulator: no foreign host name comes in, no foreign script runs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'"


def guard(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Every answer forbids inline scripts and styles; a name that is not ours gets a 400."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.get_host()  # asked by nobody else here; raises what Django answers with 400
        response = get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return middleware

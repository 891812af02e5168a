"""What a browser may load on our pages. Settings name the middleware; it calls nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# 'unsafe-eval' is for Alpine.js, which django-unfold's own pages run on; inline scripts stay shut.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
)

# Of what a browser could lend, voice messages need the microphone; nothing else is asked for.
PERMISSIONS = ", ".join(
    ("microphone=(self)", "camera=()", "geolocation=()", "payment=()", "usb=()")
)


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every HTML answer carries both policies, unless its view gave one of its own."""

    def with_policy(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", POLICY)
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return with_policy

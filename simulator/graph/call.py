"""One call of the Graph API: what every call has, and the checks that come before its subject."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from simulator import clock, configuration, world
from simulator.graph import errors
from simulator.storable import storable
from simulator.switches import Switches

OLDEST_VERSION = 21  # v20.0 ended on 2026-09-24
NO_VERSION = 0  # v21.5: there are whole ones only
JSON_TYPE = "application/json"


@dataclass
class Call:
    """`path` is what stands after the version, without slashes at its ends."""

    request: HttpRequest
    version: int
    path: str
    switches: Switches
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)  # of the answer
    # Set by a send that must hang or wait before its answer leaves; see simulator.door.
    hold: Callable[[], object] | None = None

    @property
    def method(self) -> str:
        """GET, POST or DELETE."""
        return self.request.method or "GET"

    @property
    def root(self) -> str:
        """`http://host:port` as the caller wrote it, for addresses in answers."""
        return f"{self.request.scheme}://{self.request.get_host()}"


def read(request: HttpRequest, version: str, path: str) -> Call:
    """The call with its parameters, from JSON or form, else from the query. Never raises."""
    major, _, minor = version.removeprefix("v").partition(".")
    number = int(major) if minor == "0" else NO_VERSION
    call = Call(request, number, storable(path.strip("/")), world.switches())
    call.body = storable(_parameters(request))
    return call


def check_version(call: Call) -> None:
    """Dead versions and such as never were are refused; newer ones than we know are served."""
    if call.version < OLDEST_VERSION:
        written = call.request.path.split("/")[1]
        raise errors.parameter(f"Version {written} of the Graph API is not available.")


def check_bearer(call: Call) -> None:
    """The token is the one that the simulator was given, and alive."""
    if token_of(call.request) != configuration.current().token:
        raise errors.bad_token()
    if call.switches.token_is_dead:
        raise errors.dead_token(clock.now())


def check_proof(call: Call) -> None:
    """Where the app demands it, a signature of the token by the app secret comes along."""
    if not call.switches.require_appsecret_proof:
        return
    told = configuration.current()
    proof = hmac.new(told.app_secret.encode(), told.token.encode(), hashlib.sha256).hexdigest()
    given = call.request.GET.get("appsecret_proof") or call.body.get("appsecret_proof") or ""
    if not hmac.compare_digest(str(given), proof):
        raise errors.GraphError(
            "API calls from the server require an appsecret_proof argument",
            code=100,
            type_="GraphMethodException",
        )


BEFORE_ALL = (check_version, check_bearer, check_proof)


def token_of(request: HttpRequest) -> str:
    """The bearer, by header or by `access_token`; "" where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth"):
        return token.strip()
    return request.GET.get("access_token", "")


def _parameters(request: HttpRequest) -> dict[str, Any]:
    query: dict[str, Any] = dict(request.GET.items())
    if request.content_type == JSON_TYPE and request.body:
        try:
            given = json.loads(request.body)
        except ValueError:
            # Meta takes what it cannot read for nothing and then misses the first parameter.
            return query
        return {**query, **given} if isinstance(given, dict) else query
    form = {name: _perhaps_json(str(value)) for name, value in request.POST.items()}
    return {**query, **form}


def _perhaps_json(value: str) -> Any:
    if not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value

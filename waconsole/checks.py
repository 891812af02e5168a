"""System checks: each setting that is missing or contradicts another, with what to do about it.

`manage.py check` comes in, and `doctor`. No message ever shows a secret's value. A checkout with
nothing set is meant to run, so that what only production needs is asked of production only.
"""

import re
from collections.abc import Iterator
from datetime import date
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.http.request import validate_host

# Meta's list of Graph API versions: when each stops to answer.
END_OF_VERSION = {"v21.0": date(2027, 1, 21)}
CLOUD_API = ("WHATSAPP_TOKEN", "PHONE_NUMBER_ID", "WHATSAPP_BUSINESS_ACCOUNT_ID")


@register("waconsole")
def whatsapp_is_set_up(**_kwargs: Any) -> list[CheckMessage]:
    """All of the Cloud API's settings, or in development none."""
    return [*_cloud_api(), *_graph_version()]


@register("waconsole")
def business_is_set_up(**_kwargs: Any) -> list[CheckMessage]:
    """Times that mean something."""
    return [*_time_zone(), *_quiet_period()]


@register(Tags.security)
def addresses_fit_together(**_kwargs: Any) -> list[CheckMessage]:
    """The public address, the proxy, and what Django is told of them."""
    if settings.DEBUG:
        return [*_redirect(), *_outgoing_networks()]
    return [*_public_url(), *_redirect(), *_graph_url(), *_outgoing_networks()]


@register("waconsole", deploy=True)
def graph_version_ends(**_kwargs: Any) -> list[CheckMessage]:
    """A note while there is time, a warning afterwards; on request only, not at every command."""
    return list(end_of_graph_version(date.today()))


def end_of_graph_version(today: date) -> Iterator[CheckMessage]:
    """What is known about the end of the version in use."""
    end = END_OF_VERSION.get(settings.GRAPH_API_VERSION)
    if end is None:
        return
    kind, verb = (Info, "ends") if today < end else (Warning, "ended")
    yield kind(
        f"Meta {verb} {settings.GRAPH_API_VERSION} of the Graph API on {end}.",
        hint="Set GRAPH_API_VERSION to a newer one, and send a message of each kind with it.",
        id="waconsole.I001" if kind is Info else "waconsole.W005",
    )


def _cloud_api() -> Iterator[CheckMessage]:
    missing = [name for name in CLOUD_API if not getattr(settings, name)]
    if settings.DEBUG and len(missing) == len(CLOUD_API):
        return
    for name in missing:
        yield Warning(
            f"{name} is not set: messages are received and stored, and none can be sent.",
            hint="It stands in Meta's app dashboard under WhatsApp, API setup; see .env.example.",
            id="waconsole.W001",
        )
    for name in ("WHATSAPP_APP_SECRET", "WEBHOOK_VERIFY_TOKEN"):
        if not getattr(settings, name):
            yield Warning(
                f"{name} is not set: every webhook of Meta will be refused.",
                hint="Set it, or in development none of the WhatsApp settings; see .env.example.",
                id="waconsole.W002",
            )


def _graph_version() -> Iterator[CheckMessage]:
    if not re.fullmatch(r"v[1-9]\d*\.\d+", settings.GRAPH_API_VERSION):
        yield Error(
            f"GRAPH_API_VERSION is {settings.GRAPH_API_VERSION!r}.",
            hint="Write it like v21.0.",
            id="waconsole.E001",
        )


def _graph_url() -> Iterator[CheckMessage]:
    if not settings.GRAPH_API_URL.startswith("https://"):
        yield Warning(
            "GRAPH_API_URL is not https: the access token travels unprotected.",
            hint="Leave it unset for https://graph.facebook.com.",
            id="waconsole.W003",
        )


def _time_zone() -> Iterator[CheckMessage]:
    try:
        ZoneInfo(settings.BUSINESS_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        yield Error(
            f"BUSINESS_TIME_ZONE {settings.BUSINESS_TIME_ZONE!r} is not known here.",
            hint="Write it like Africa/Johannesburg; on a bare system install tzdata.",
            id="waconsole.E002",
        )


def _quiet_period() -> Iterator[CheckMessage]:
    if not 0 <= settings.QUIET_SECONDS <= settings.QUIET_AT_MOST_SECONDS:
        yield Error(
            "QUIET_SECONDS is negative or longer than QUIET_AT_MOST_SECONDS.",
            hint="The first is how long a customer must be quiet, the second ends the waiting.",
            id="waconsole.E003",
        )


def _redirect() -> Iterator[CheckMessage]:
    if settings.SECURE_SSL_REDIRECT and not settings.BEHIND_PROXY:
        yield Error(
            "SSL_REDIRECT is on without BEHIND_PROXY: every page redirects to itself for ever.",
            hint="`serve` speaks plain HTTP. Set BEHIND_PROXY=1 behind a proxy that does TLS and "
            "writes X-Forwarded-Proto, or SSL_REDIRECT=0.",
            id="waconsole.E004",
        )


def _outgoing_networks() -> Iterator[CheckMessage]:
    for network in settings.OUTGOING_WEBHOOK_ALLOWED_NETWORKS:
        try:
            ip_network(network)
        except ValueError:
            yield Error(
                f"OUTGOING_WEBHOOK_ALLOWED_NETWORKS holds {network!r}, which is no network.",
                hint="Write it like 10.20.0.0/16, or 10.20.1.2/32 for one address.",
                id="waconsole.E007",
            )


def _public_url() -> Iterator[CheckMessage]:
    address = urlsplit(settings.PUBLIC_URL)
    origin = f"{address.scheme}://{address.netloc}"
    if address.scheme != "https":
        yield Warning(
            "PUBLIC_URL is not https: logins travel unprotected, and Meta calls https only.",
            hint="Set it to the address that people and Meta use, like https://console.example.com",
            id="waconsole.W004",
        )
    if not validate_host(address.hostname or "", settings.ALLOWED_HOSTS):
        yield Error(
            "PUBLIC_URL's host is not in ALLOWED_HOSTS: every request to it is answered with 400.",
            hint=f"Add {address.hostname} to ALLOWED_HOSTS.",
            id="waconsole.E005",
        )
    is_seen = settings.BEHIND_PROXY or address.scheme == "http"
    if origin not in settings.CSRF_TRUSTED_ORIGINS and not is_seen:
        yield Error(
            "PUBLIC_URL is https and nothing tells Django so: every form is refused with 403.",
            hint=f"Set BEHIND_PROXY=1, or CSRF_TRUSTED_ORIGINS={origin}.",
            id="waconsole.E006",
        )
    elif settings.CSRF_TRUSTED_ORIGINS and origin not in settings.CSRF_TRUSTED_ORIGINS:
        yield Warning(
            "CSRF_TRUSTED_ORIGINS is set and does not have the origin of PUBLIC_URL.",
            hint=f"Add {origin}, or leave CSRF_TRUSTED_ORIGINS unset.",
            id="waconsole.W006",
        )

"""What `doctor` looks into, one finding after the other. Nothing found ever shows a secret."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.management.base import CommandError
from django.db import connection
from django_q.brokers import get_broker
from django_q.models import Failure

from conversations.connection import api
from conversations.whatsapp.errors import WhatsAppError
from waconsole import health, readiness
from waconsole.checks import CLOUD_API

POSTGRESQL_OLDEST = 140000  # as the server counts: 14.0
MEMORY_OF_FAILURES = 100


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `is_well` None means that it is not set up, which may be meant."""

    subject: str
    what: str
    is_well: bool | None = True
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Every finding, from the ground up; without a database only what needs none."""
    yield from _settings()
    database = _database()
    yield database
    if database.is_well:
        yield from _running()
    yield _whatsapp_number()
    yield _webhooks()
    yield _assistant()


def _settings() -> Iterator[Finding]:
    # Django's own checks of production mean nothing to a development machine; ours do.
    tags = ["waconsole"] if settings.DEBUG else None
    found = checks.run_checks() + checks.run_checks(tags=tags, include_deployment_checks=True)
    messages = {str(message): message for message in found}.values()
    for message in messages:
        is_well = message.level < checks.WARNING
        yield Finding("Settings", message.msg, is_well, message.hint or "")
    if all(message.level < checks.WARNING for message in messages):
        yield Finding("Settings", "None is missing, and none contradicts another.")


def _database() -> Finding:
    began = time.monotonic()
    try:
        readiness.refuse_unapplied_migrations()
        version = _server_version()
    except CommandError as error:
        return Finding("Database", str(error), False)
    took = (time.monotonic() - began) * 1000
    what = f"PostgreSQL {version // 10000} answers, its tables are up to date ({took:.0f} ms)."
    if version < POSTGRESQL_OLDEST:
        return Finding("Database", what, False, "PostgreSQL 14 or newer is needed.")
    return Finding("Database", what)


def _server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        version: int = cursor.fetchone()[0]
    return version


def _running() -> Iterator[Finding]:
    yield _queue()
    troubles = health.troubles()
    for trouble in troubles:
        remedy = "Is `manage.py serve` running? What it says tells more."
        yield Finding(trouble.part.capitalize(), trouble.reason, False, remedy)
    if not troubles:
        yield Finding("Dispatch and cluster", "They are at work, and nothing due waits too long.")


def _queue() -> Finding:
    try:
        waiting = get_broker().queue_size()
        failed = Failure.objects.count()
    except Exception as error:  # the broker may be Redis, with errors of its own
        return Finding(
            "Queue", f"It does not answer: {type(error).__name__}", False, "See REDIS_URL."
        )
    what = f"{waiting} jobs wait, {failed} have failed."
    if failed > MEMORY_OF_FAILURES:
        return Finding("Queue", what, False, "Look at Background jobs, Failed tasks, in the admin.")
    return Finding("Queue", what)


def _whatsapp_number() -> Finding:
    if not all(getattr(settings, name) for name in CLOUD_API):
        return Finding("WhatsApp number", f"Not set up: {', '.join(CLOUD_API)}.", None)
    number = _ask(lambda: api(settings.PHONE_NUMBER_ID).phone_number())
    if isinstance(number, Finding):
        return number
    shown = ("display_phone_number", "verified_name", "status", "quality_rating", "account_mode")
    what = ", ".join(str(number[field]) for field in shown if number.get(field))
    sends = (number.get("health_status") or {}).get("can_send_message", "AVAILABLE")
    if sends == "BLOCKED":
        return Finding("WhatsApp number", f"{what}: blocked", False, "See Meta's WhatsApp Manager.")
    return Finding("WhatsApp number", f"{what}; sending is {sends.lower()}.")


def _webhooks() -> Finding:
    if not all(getattr(settings, name) for name in CLOUD_API):
        return Finding("Webhooks", "Not set up.", None)
    waba = settings.WHATSAPP_BUSINESS_ACCOUNT_ID
    apps = _ask(lambda: api(settings.PHONE_NUMBER_ID).subscribed_apps(waba))
    if isinstance(apps, Finding):
        return apps
    if not apps:
        remedy = f"POST to /{waba}/subscribed_apps with the token; without it no message arrives."
        return Finding("Webhooks", "No app is subscribed to the business account.", False, remedy)
    return Finding("Webhooks", "An app is subscribed to the business account.")


def _ask(question: Callable[[], Any]) -> Any:
    """What Graph answers, or what is wrong, as a finding."""
    try:
        return question()
    except WhatsAppError as error:
        return Finding("Graph API", str(error), False, error.explanation.what_to_do)


def _assistant() -> Finding:
    if not settings.ANTHROPIC_API_KEY:
        return Finding("Assistant", "No ANTHROPIC_API_KEY: it answers from menus and data.", None)
    way = "through the gateway" if settings.AI_GATEWAY_URL else "directly"
    return Finding("Assistant", f"{settings.ASSISTANT_MODEL}, {way}; it is not asked anything now.")

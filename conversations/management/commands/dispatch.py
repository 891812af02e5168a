"""`manage.py dispatch`: look at the tables for due work until stopped."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from conversations.dispatch import Dispatch


class Command(BaseCommand):
    help = "Look at the tables for due work: webhook events, due replies, messages to send."

    def handle(self, *args: Any, **options: Any) -> None:
        dispatch = Dispatch()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: dispatch.stop())
        dispatch.run()

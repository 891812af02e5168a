"""`manage.py dispatch`: look at the tables for due work until stopped."""

import gc
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand

from conversations.dispatch import Dispatch

# While intake computes, the pump and its posts get Python's lock after so long at most. With the
# usual 5 ms for each of their many short steps a flood of webhooks let 51 of 80 a second leave.
SWITCH_SECONDS = 0.0005


class Command(BaseCommand):
    help = "Look at the tables for due work: webhook events, due replies, messages to send."

    def handle(self, *args: Any, **options: Any) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        # A batch of events makes so much garbage that all of Django would be looked through with
        # it, time and again, and nothing leaves meanwhile.
        gc.freeze()
        dispatch = Dispatch()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: dispatch.stop())
        dispatch.run()

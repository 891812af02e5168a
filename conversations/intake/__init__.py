"""Stored webhook events become rows: contacts, threads, messages, statuses.

Dispatch calls `drain`. A batch is applied set-wise; where it fails it is halved until the one bad
item stands alone, so that one never holds up its neighbours and every order gives the same rows.
"""

from conversations.intake.early import match_early_statuses
from conversations.intake.events import drain, process_again

__all__ = ["drain", "match_early_statuses", "process_again"]

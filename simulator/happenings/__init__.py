"""Things that happen at Meta's by themselves, to be made to happen: reviews, warnings, odd ones.

Each is a webhook with the shape of Meta's own samples, about a real row where there is one.
Source: Cloud API, webhooks reference, one page a field.
"""

from simulator.happenings.made import NothingToHappenTo
from simulator.happenings.table import HAPPENINGS

__all__ = ["HAPPENINGS", "NothingToHappenTo"]

"""What happened on a day, counted once and stored; and what there is to do now.

The job `count_lately` comes in every few minutes, and the dashboard reads the rows.
"""

from conversations.totals.counting import count, count_lately
from conversations.totals.glance import Glance, today_at_a_glance

__all__ = ["Glance", "count", "count_lately", "today_at_a_glance"]

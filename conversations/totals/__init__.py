"""What happened on a day, counted once and stored.

The job `count_lately` comes in every few minutes, and the dashboard reads the rows.
"""

from conversations.totals.counting import count, count_lately

__all__ = ["count", "count_lately"]

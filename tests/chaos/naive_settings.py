"""The console with the control's door instead of dispatch, and a queue that repeats soon."""

from waconsole.settings import *  # noqa: F403 -- the project's own, but for the following
from waconsole.settings import Q_CLUSTER

ROOT_URLCONF = "tests.chaos.naive"
# What a worker had in hand is given out again after this long; in the project it is minutes.
RETRY_SECONDS = 8
Q_CLUSTER = {**Q_CLUSTER, "timeout": 4, "retry": RETRY_SECONDS}
# That this is short of the rule for `retry` is meant: a test has no time for a better one.
SILENCED_SYSTEM_CHECKS = ["waconsole.E102"]

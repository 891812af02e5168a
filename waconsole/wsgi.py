"""The WSGI application: granian comes in here (`manage.py serve`)."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")

django = get_wsgi_application()

# These need the apps: they can only be imported now.
from django.conf import settings  # noqa: E402

from conversations import event_store  # noqa: E402
from waconsole.fast_lane import Application, FastLane  # noqa: E402

event_store.write_in_batches()
application: Application = FastLane(django) if settings.FAST_LANE else django

# What is loaded by now stays. To look through it for garbage takes a tenth of a second, in which
# nobody is answered.
gc.collect()
gc.freeze()

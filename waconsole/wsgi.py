"""The WSGI application: granian comes in here (`manage.py serve`)."""

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

"""The simulator's process: Django with the simulator's own addresses, and the pump beside it.

The settings module is the console's, for the database and the static files. Its addresses and its
middleware are not wanted here: Meta has no login, no session and no CSRF check, and each of them
would cost every simulated send.
"""

import logging
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from simulator import configuration

LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


def _arrange() -> None:
    # The console's DEBUG, which the simulator needs to be installed at all, would make Django keep
    # the text of every query, and show its own pages for errors.
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    settings.ROOT_URLCONF = "simulator.urls"
    settings.MIDDLEWARE = [
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "simulator.policy.guard",
    ]
    # Refusals are the simulator's trade, and stand in its own log.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    # The door has read each body whole before Django sees it; photos come in JSON from the page.
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True
    settings.STATIC_ROOT = Path(settings.DATA_DIR) / "simulator-static"
    if configuration.current().host in ("127.0.0.1", "localhost", "::1"):
        # A page elsewhere must not reach this one under a name of its own (DNS rebinding).
        settings.ALLOWED_HOSTS = LOOPBACK_NAMES


_arrange()
django.setup()

# These need the apps: they can only be imported now.
from simulator import demo  # noqa: E402
from simulator.door import Door  # noqa: E402
from simulator.pump import Pump  # noqa: E402

demo.ensure()
pump = Pump()
pump.start()
application = Door(get_wsgi_application())

"""The WSGI application: granian comes in here (`manage.py serve`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")

application = get_wsgi_application()

"""Where Django learns of the simulator. Nothing runs here: the console loads this app, too."""

from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    """The app `simulator`: its tables only. The process is started by `manage.py simulator`."""

    name = "simulator"
    verbose_name = "WhatsApp simulator"

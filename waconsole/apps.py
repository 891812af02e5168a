"""The project as an app of its own: its checks and its commands."""

from django.apps import AppConfig


class WaconsoleConfig(AppConfig):
    name = "waconsole"
    verbose_name = "Console"

    def ready(self) -> None:
        from waconsole import at_work, checks  # noqa: F401 - checks registers them

        at_work.connect()

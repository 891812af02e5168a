"""The project as an app of its own: its checks and its commands."""

from django.apps import AppConfig


class WaconsoleConfig(AppConfig):
    name = "waconsole"
    verbose_name = "Console"

    def ready(self) -> None:
        # Importing a room of checks registers them.
        from waconsole import at_work, checks, queue_checks  # noqa: F401

        at_work.connect()

#!/usr/bin/env python
"""The command line of the console: `python manage.py help`."""

import os
import sys


def main() -> None:
    """Run one management command, with the embedded database started where the command needs it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
    from django.core.management import execute_from_command_line

    from waconsole import embedded

    embedded.hold_for_command(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

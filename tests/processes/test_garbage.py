"""What is loaded once is never looked through for garbage: it would hold everything up."""

import os
import subprocess
import sys

import pytest

from tests.processes.running import ROOT

pytestmark = pytest.mark.usefixtures("embedded_database")

WEB = "import waconsole.wsgi, gc; print(gc.get_freeze_count())"
# The command as it is, with a loop that ends at once.
DISPATCH = """
import gc, django
django.setup()
from django.core.management import call_command
from conversations.dispatch import Dispatch
Dispatch.run = lambda self: print(gc.get_freeze_count())
call_command("dispatch")
"""


@pytest.mark.parametrize("program", [WEB, DISPATCH], ids=["web", "dispatch"])
def test_what_is_loaded_is_left_out_of_the_collections(program: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "waconsole.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 50_000

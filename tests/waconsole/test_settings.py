"""Settings: a checkout runs with none, production refuses to start without its secrets."""

import ast
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "SECRET_KEY": "for-this-test-only-" + "0123456789" * 4,
    "WHATSAPP_APP_SECRET": "only-here",
    "WEBHOOK_VERIFY_TOKEN": "only-here-too",
}
PRODUCTION = {
    **SECRETS,
    "DEBUG": "0",
    "ALLOWED_HOSTS": "console.example.com",
    "PUBLIC_URL": "https://console.example.com",
    "BEHIND_PROXY": "1",
}


def check(**environment: str) -> "subprocess.CompletedProcess[str]":
    return run("check", **environment)


def run(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A command of `manage.py` with these variables alone."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_checkout_needs_no_setting() -> None:
    done = check()

    assert done.returncode == 0
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_the_level_of_the_log_is_that_of_django_too() -> None:
    script = "import logging; print(logging.getLogger('django.request').getEffectiveLevel())"
    done = run("shell", "-v", "0", "-c", script, LOG_LEVEL="ERROR")
    assert done.stdout.strip() == str(logging.ERROR)


@pytest.mark.parametrize(("given", "expected"), [("/shared", "/shared"), ("", "/own/media")])
def test_files_lie_where_several_machines_find_them(given: str, expected: str) -> None:
    """Read only: no command runs that would make the folders, or start a database there."""
    script = "from waconsole import settings; print(settings.MEDIA_ROOT)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": "/own", "MEDIA_DIR": given},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == expected


def test_production_starts_with_its_secrets() -> None:
    assert check(**PRODUCTION).returncode == 0


@pytest.mark.parametrize("name", SECRETS)
def test_production_refuses_to_start_without_a_secret(name: str) -> None:
    done = check(**{**PRODUCTION, name: ""})

    assert done.returncode == 1
    assert f"{name} is not set." in done.stderr
    assert not any(value in done.stderr for value in SECRETS.values())


def test_the_simulator_is_refused_in_production() -> None:
    done = check(**{**PRODUCTION, "SIMULATOR": "1"})

    assert done.returncode == 1
    assert "SIMULATOR is on while DEBUG is off" in done.stderr


def test_the_example_lists_every_setting_and_no_other() -> None:
    listed = re.findall(r"^# ([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(set(listed)) == sorted(_settings_read())


def _settings_read() -> set[str]:
    tree = ast.parse((ROOT / "waconsole" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and re.match(r"(env\.\w+|required_in_production)$", ast.unparse(call.func))
    }

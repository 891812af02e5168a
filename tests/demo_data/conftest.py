"""The demo, loaded as `manage.py demo` loads it: with DEBUG on."""

import pytest
from pytest_django import Settings

from waconsole import demo_data


@pytest.fixture
def development(settings: Settings) -> None:
    """DEBUG is on, and logins cost no second of hashing."""
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def demo(db: None, development: None) -> list[demo_data.Login]:
    """The demo stands in the database; its logins."""
    return demo_data.load()

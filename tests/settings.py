"""The settings of the tests: the project's own, read from an environment of the tests' own.

Nothing of a developer's environment or `.env` may reach them: least of all a real token, or a
database with customers. Processes that tests start inherit the same environment.
"""

import os
from pathlib import Path

data_dir = os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / ".data" / "test"
# Two who share the tests have a PostgreSQL each. Taken out, for whom a test starts inherits both.
worker = os.environ.pop("PYTEST_XDIST_WORKER", "")
os.environ["DATA_DIR"] = str(Path(data_dir) / worker)
os.environ.update(
    DEBUG="1",
    SIMULATOR="1",
    DATABASE_URL="",
    REDIS_URL="",
    SECRET_KEY="for-the-tests-only-" + "0123456789" * 4,
    ALLOWED_HOSTS="*",
    PUBLIC_URL="http://127.0.0.1:8000",
    BUSINESS_NAME="Karoo Office Supplies",
    BUSINESS_TIME_ZONE="Africa/Johannesburg",
    WHATSAPP_TOKEN="demo-token",
    WHATSAPP_APP_SECRET="demo-app-secret",
    WEBHOOK_VERIFY_TOKEN="demo-verify-token",
    PHONE_NUMBER_ID="100000000000001",
    WHATSAPP_BUSINESS_ACCOUNT_ID="200000000000001",
    GRAPH_API_URL="http://127.0.0.1:9",
    GRAPH_API_VERSION="v21.0",
    TEMPLATE_LANGUAGE="en_ZA",
    ANTHROPIC_API_KEY="",
    AI_GATEWAY_URL="",
    DEV_CLOCK_TOKEN="demo-clock-token",
)
for name in ("CSRF_TRUSTED_ORIGINS", "BEHIND_PROXY", "SSL_REDIRECT", "WORKERS", "BANK_DETAILS"):
    os.environ.pop(name, None)

from waconsole.settings import *  # noqa: E402, F403 -- it reads the environment above

# Hashing passwords slowly is the point elsewhere, and a second a test here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

"""Every setting, read once from the environment and from `.env` where there is one.

A checkout runs with nothing set. With `DEBUG` off the secrets must be given, and Django refuses to
start without them. `.env.example` lists the names; `manage.py check` says what contradicts what.
"""

from pathlib import Path
from typing import Any, Literal

import environ
from django.core.exceptions import ImproperlyConfigured

from waconsole import embedded
from waconsole.shell import unfold_settings

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def required_in_production(name: str, default: str) -> str:
    """The setting, or in development its default; a missing or empty one stops production."""
    value: str = env.str(name, default="")
    if value or DEBUG:
        return value or default
    raise ImproperlyConfigured(f"{name} is not set. With DEBUG off it must be: see .env.example.")


# --- Django -------------------------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=True)
SIMULATOR: bool = env.bool("SIMULATOR", default=DEBUG)
if SIMULATOR and not DEBUG:
    raise ImproperlyConfigured("SIMULATOR is on while DEBUG is off. Switch one of the two.")

SECRET_KEY = required_in_production("SECRET_KEY", "only-for-development-" + "0123456789" * 4)
# Former keys, while logins and secrets of outgoing webhooks that were made from them still hold.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["*"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL: str = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "conversations",
    "billing",
    "waconsole",
    *(["simulator"] if SIMULATOR else []),
]

MIDDLEWARE = [
    "waconsole.health.in_front",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "waconsole.security.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "waconsole.urls"
WSGI_APPLICATION = "waconsole.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# CONN_MAX_AGE is the one big lever of the queue: with 0 it connects twice for every look.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **(env.db_url_config(DATABASE_URL) if DATABASE_URL else embedded.connection(DATA_DIR)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        # A local-memory cache would hide django-q2's own figures from every other process.
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
        }
    )
}

AUTHENTICATION_BACKENDS = ["waconsole.people.PeopleWithRights"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language and time --------------------------------------------------------------------------

BUSINESS_NAME: str = env.str("BUSINESS_NAME", default="Our business")
BUSINESS_TIME_ZONE: str = env.str("BUSINESS_TIME_ZONE", default="Africa/Johannesburg")
LANGUAGE_CODE, FORMAT_MODULE_PATH = "en-gb", "waconsole.formats"
# Unfold would look up the names of all hundred that Django knows, on every page.
LANGUAGES = [(LANGUAGE_CODE, "English")]
TIME_ZONE = BUSINESS_TIME_ZONE
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_DIR", default="") or DATA_DIR / "media").resolve()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# --- Transport security: TLS ends at the proxy, so nothing here is on unless it is asked for ------

BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=False)
# Meta posts to the address it was given and follows no redirect.
SECURE_REDIRECT_EXEMPT = [r"^webhooks/"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:conversations_thread_inbox"

# Meta states 3 MB for one webhook; the view itself answers 413 above that.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# --- WhatsApp -----------------------------------------------------------------------------------

WHATSAPP_TOKEN: str = env.str("WHATSAPP_TOKEN", default="")
PHONE_NUMBER_ID: str = env.str("PHONE_NUMBER_ID", default="")
WHATSAPP_BUSINESS_ACCOUNT_ID: str = env.str("WHATSAPP_BUSINESS_ACCOUNT_ID", default="")
WHATSAPP_APP_SECRET = required_in_production("WHATSAPP_APP_SECRET", "")
WEBHOOK_VERIFY_TOKEN = required_in_production("WEBHOOK_VERIFY_TOKEN", "")
# The webhook's plain POST is answered in front of Django; switched off, the view does it.
FAST_LANE: bool = env.bool("FAST_LANE", default=True)
GRAPH_API_URL: str = env.str("GRAPH_API_URL", default="https://graph.facebook.com").rstrip("/")
GRAPH_API_VERSION: str = env.str("GRAPH_API_VERSION", default="v21.0")
TEMPLATE_LANGUAGE: str = env.str("TEMPLATE_LANGUAGE", default="en_ZA")

# --- The assistant ------------------------------------------------------------------------------

ANTHROPIC_API_KEY: str = env.str("ANTHROPIC_API_KEY", default="")
AI_GATEWAY_URL: str = env.str("AI_GATEWAY_URL", default="").rstrip("/")
# A gateway was seen to want the key in X-Api-Key where the SDK sends a bearer.
AI_AUTH_STYLE: Literal["x-api-key", "bearer"] = env.str(
    "AI_AUTH_STYLE", default="x-api-key" if AI_GATEWAY_URL else "bearer"
)
ASSISTANT_MODEL: str = env.str("ASSISTANT_MODEL", default="claude-sonnet-4-6")
ASSISTANT_MAX_TOKENS: int = env.int("ASSISTANT_MAX_TOKENS", default=300)

# --- The console --------------------------------------------------------------------------------

# Which business domains plug into the conversations, by dotted name.
BUSINESS_DOMAINS = {"billing": "billing.domain.Billing"}
# What their own jobs look after, and every how many seconds.
BUSINESS_JOBS = {"billing.jobs.tend_imports": 60.0}
BANK_DETAILS: str = env.str("BANK_DETAILS", default="")
QUIET_SECONDS: float = env.float("QUIET_SECONDS", default=1.5)
QUIET_AT_MOST_SECONDS: float = env.float("QUIET_AT_MOST_SECONDS", default=10)
# After so long without a word of the person who has a thread the assistant answers; 0: never.
STAFF_SILENCE_HOURS: float = env.float("STAFF_SILENCE_HOURS", default=12)
# How long rows are kept that have done their work; see conversations/pruning.py.
KEEP_WEBHOOK_EVENTS_DAYS: float = env.float("KEEP_WEBHOOK_EVENTS_DAYS", default=30)
KEEP_FAILURES_DAYS: float = env.float("KEEP_FAILURES_DAYS", default=14)
KEEP_CHANGES_DAYS: float = env.float("KEEP_CHANGES_DAYS", default=1)
KEEP_IMPORTS_DAYS: float = env.float("KEEP_IMPORTS_DAYS", default=30)
KEEP_ANNOUNCEMENTS_DAYS: float = env.float("KEEP_ANNOUNCEMENTS_DAYS", default=30)
KEEP_API_CALLS_DAYS: float = env.float("KEEP_API_CALLS_DAYS", default=90)
# Of each API client that has no figure of its own, and of each person.
API_CALLS_PER_MINUTE: int = env.int("API_CALLS_PER_MINUTE", default=600)
KEEP_WEBHOOK_DELIVERIES_DAYS: float = env.float("KEEP_WEBHOOK_DELIVERIES_DAYS", default=14)
# Networks of the company's own that outgoing webhooks may be posted to, like 10.20.0.0/16.
OUTGOING_WEBHOOK_ALLOWED_NETWORKS: list[str] = env.list(
    "OUTGOING_WEBHOOK_ALLOWED_NETWORKS", default=[]
)
# Moves the business clock in development; with DEBUG off its URL does not exist, and beside the
# real Cloud API nobody knows a token by heart.
DEV_CLOCK_TOKEN: str = env.str(
    "DEV_CLOCK_TOKEN", default="demo-clock-token" if "//127.0.0.1" in GRAPH_API_URL else ""
)

# --- Background jobs: waconsole/checks.py says how these figures hang together -------------------

WORKERS: int = env.int("WORKERS", default=2)
Q_CLUSTER: dict[str, Any] = {
    "name": "waconsole",
    "label": "Background jobs",
    "workers": WORKERS,
    "queue_limit": WORKERS,
    "bulk": 1,
    "timeout": 60,
    "retry": 240,
    "max_attempts": 5,
    "poll": 0.1,
    "guard_cycle": 0.5,
    "recycle": 500,
    "save_limit": -1,
    "catch_up": False,
    "cache": "default",
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "waconsole",
    "DESCRIPTION": (
        "Send WhatsApp messages, and read and keep what belongs to them.\n\n"
        "Send `Authorization: Bearer wac_...` with a key that was made in the console; staff who "
        "are signed in may use the same addresses. Times are in UTC. Lists come in pages: follow "
        "`next`. Every error is a problem (RFC 9457) with a `code` that never changes and with "
        "`what_to_do`. With an `Idempotency-Key` a POST that is sent again acts once. A query "
        "parameter or a field that nobody knows is refused, never dropped."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["conversations.api.schema.only_ours"],
    # Without names for choices: they stand where they are used.
    "POSTPROCESSING_HOOKS": ["conversations.api.schema.with_problems"],
}

UNFOLD = unfold_settings(BUSINESS_NAME)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "waconsole.logs.WithoutRows",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Django's own handlers would print its lines twice, and its own level would stand above ours.
    "loggers": {"django": {"handlers": [], "level": "NOTSET"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}

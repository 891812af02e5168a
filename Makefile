# One verb a line; `make help` lists them. Nothing but Python 3.11 or newer is needed to begin.

PYTHON ?= python3
BIND ?= 127.0.0.1:8000
SIMULATOR_BIND ?= 127.0.0.1:8001

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip -qq --disable-pip-version-check install

help:
	@echo 'make run          the console and the simulator, with demo data (BIND=, SIMULATOR_BIND=)'
	@echo 'make test         every test (ARGS= is passed to pytest)'
	@echo 'make lint         ruff, mypy, missing migrations, settings of production'
	@echo 'make screenshots  the pictures of the README, from the demo'
	@echo 'make openapi      the description of the API, written to docs/openapi.yaml'
	@echo 'make bench        how fast it is on this machine, in a quarter of an hour (ARGS= names steps)'
	@echo 'make setup        the virtual environment, with the tools of the tests'

setup: $(VENV)/ready-for-tests

run: $(VENV)/ready
	@exec $(BIN)/python manage.py demo --bind $(BIND) --simulator-bind $(SIMULATOR_BIND)

test: $(VENV)/ready-for-tests
	@exec $(BIN)/python -m pytest --numprocesses 2 $(ARGS)

bench: $(VENV)/ready-for-tests
	@exec $(BIN)/python -m benchmarks $(ARGS)

screenshots: $(VENV)/ready-for-tests
	@exec $(BIN)/python docs/screenshots.py

openapi: $(VENV)/ready-for-tests
	@exec $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

lint: $(VENV)/ready-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/python manage.py makemigrations --check --dry-run
	@echo '$(BIN)/python manage.py check --deploy'
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# A stamp of its own for each list of packages, so that the second time takes no time.
$(VENV)/ready: requirements.txt
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	    echo 'Python 3.11 or newer is needed, and there is no $(PYTHON): make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Python 3.11 or newer is needed, and $(PYTHON) is older: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'The venv module of Python is missing: apt-get install python3-venv' >&2; exit 1; }
	@echo 'Installing the packages ...'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@

# What production would set; the secrets are made up anew each time.
PRODUCTION = env DEBUG=0 SIMULATOR=0 DATABASE_URL=postgresql://console@database/console \
    SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    PUBLIC_URL=https://console.example.com ALLOWED_HOSTS=console.example.com \
    CSRF_TRUSTED_ORIGINS=https://console.example.com BEHIND_PROXY=1 SSL_REDIRECT=1 \
    HSTS_SECONDS=31536000 HSTS_INCLUDE_SUBDOMAINS=1 HSTS_PRELOAD=1 \
    WHATSAPP_TOKEN=none WHATSAPP_APP_SECRET=none WEBHOOK_VERIFY_TOKEN=none PHONE_NUMBER_ID=1 \
    WHATSAPP_BUSINESS_ACCOUNT_ID=2 GRAPH_API_URL=https://graph.facebook.com GRAPH_API_VERSION=v23.0

.PHONY: help setup run test bench openapi lint screenshots

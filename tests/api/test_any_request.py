"""Whatever is sent to the API, it answers as its own description says, and never with 5xx.

schemathesis makes up requests from the description, good ones and bad ones, the same at every run;
every operation meets rows that exist as well as rows that do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from billing import importing
from conversations import clock
from conversations.api.documents import description
from conversations.models import Label, WebhookSubscription
from tests import factories
from tests.api.calling import a_key, everything
from tests.billing.rows import an_account, an_invoice

EXAMPLES = 5  # of each operation
HELD = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CONFIG = schemathesis.Config.from_dict({"seed": 20261128})
SCHEMA = schemathesis.openapi.from_dict(yaml.safe_load(description()), config=CONFIG)
SCHEMA.app = get_wsgi_application()


class There:
    """A row behind every kind of address; every other request is aimed at it."""

    def __init__(self) -> None:
        self._turn = 0
        client, self.key = a_key(*everything(), calls_per_minute=1_000_000)
        thread = factories.a_thread(last_inbound_at=clock.now())
        acme = an_account(thread.contact, external_id="acme")
        an_invoice(acme, external_id="INV/1")
        named = importing.begin([{}], [], all_or_nothing=False, asked_by=client.name)
        subscription = WebhookSubscription.objects.create(
            name="Shop", url="https://shop.example.com/hook", client=client
        )
        self._rows: dict[str, dict[str, Any]] = {
            "accounts": {"external_id": "acme", "contact_id": thread.contact.pk},
            "contacts": {"id": thread.contact.pk},
            "imports": {"id": named.pk, "import_id": named.pk},
            "invoices": {"external_id": "INV/1"},
            "labels": {"id": Label.objects.create(name="VIP").pk},
            "messages": {"id": factories.an_inbound(thread).pk},
            "phone_numbers": {"id": thread.phone_number.pk},
            "templates": {"id": factories.a_template().pk},
            "threads": {"id": thread.pk},
            "webhook_subscriptions": {"id": subscription.pk},
        }

    def aim(self, case: schemathesis.Case[Any]) -> None:
        self._turn += 1
        if self._turn % 2:
            rows = self._rows.get(case.path.split("/")[3], {})
            case.path_parameters.update(
                {name: rows[name] for name in case.path_parameters if name in rows}
            )
            if isinstance(case.body, dict) and "account" in case.body:
                case.body["account"] = "acme"


@pytest.fixture
def there(db: None) -> Iterator[There]:
    # As the client of Django's tests does: the end of a request is not that of the transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield There()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_request_is_answered_as_described(case: schemathesis.Case[Any], there: There) -> None:
    there.aim(case)
    response = case.call(headers={"Authorization": f"Bearer {there.key}"})
    case.validate_response(response, checks=list(HELD))

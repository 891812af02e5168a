"""Any JSON may come in: each part of a good body is replaced by something odd, and no call breaks.

What is odd is refused with an error of Meta's shape, or taken; it is never a 5xx, on which a
program would try again for ever.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from simulator import outcomes
from simulator.models import Template
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, WABA, Control, Graph, switch, text
from tests.simulator.test_customers import BUTTONS, MENU
from tests.simulator.test_interactive import link
from tests.simulator.test_template_sends import a_template, body, template
from tests.simulator.test_templates import BODY, new

ODD = [None, 7, "\\d²" * 900, ["x"], {"x": [float("nan")]}]
LINK = {"link": "https://example.com/x", "caption": "x", "filename": "x"}
URL = {
    "type": "button",
    "sub_type": "url",
    "index": "0",
    "parameters": [{"type": "text", "text": "x"}],
}
CARD = {"name": {"formatted_name": "N K", "first_name": "N"}, "phones": [{"phone": "+27"}]}
FORM = {"name": "flow", "parameters": {"flow_id": "1", "flow_cta": "Book"}}

MESSAGES: list[dict[str, Any]] = [
    {**text("Hi"), "context": {"message_id": "wamid.x"}, "biz_opaque_callback_data": "x"},
    {"recipient": "ZA.1", **text("Hi")},
    {"type": "image", "image": LINK},
    {"type": "audio", "audio": {"id": "1"}},
    {"type": "location", "location": {"latitude": 1, "longitude": 1, "name": "x"}},
    {"type": "contacts", "contacts": [CARD]},
    {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "x"}},
    {"type": "interactive", "interactive": {**BUTTONS, "header": {"type": "image", "image": LINK}}},
    {"type": "interactive", "interactive": {**MENU, "footer": {"text": "x"}}},
    {"type": "interactive", "interactive": link()},
    {"type": "interactive", "interactive": {**BUTTONS, "type": "flow", "action": FORM}},
    template("order_shipped", body("a", "b"), URL),
    template(
        "named",
        {"type": "header", "parameters": [{"type": "image", "image": {"link": LINK["link"]}}]},
        {"type": "body", "parameters": [{"type": "text", "parameter_name": "who", "text": "a"}]},
    ),
    {"status": "read", "message_id": "wamid.x", "typing_indicator": {"type": "text"}},
]


def odd_ones(good: Any) -> Iterator[Any]:
    """The good JSON with one part at a time replaced."""
    for path in list(_places(good)):
        for odd in ODD:
            changed = deepcopy(good)
            part = changed
            for step in path[:-1]:
                part = part[step]
            part[path[-1]] = odd
            yield changed


def _places(good: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = good.items() if isinstance(good, dict) else enumerate(good)
    for step, part in steps:
        yield (*path, step)
        if isinstance(part, dict | list):
            yield from _places(part, (*path, step))


def answered(graph: Graph, method: str, path: str, sent: Any) -> None:
    """It is answered as Meta would, and nothing of it is kept."""
    with transaction.atomic():
        answer = graph(method, path, sent)
        assert answer.status_code < 500, (sent, answer.content)
        if answer.status_code == 200 and path.endswith("messages"):
            assert outcomes.advance(timezone.now()) <= 1
            assert graph.client.get(f"/control/customers/{THANDI}/messages/").status_code == 200
        transaction.set_rollback(True)
    assert answer.status_code == 200 or "error" in answer.json(), sent


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: one.get("type", "other"))
def test_an_odd_message_is_answered(
    graph: Graph, open_window: None, message: dict[str, Any]
) -> None:
    switch(throughput_per_second=0, pair_limit=False)
    parts = [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hi {{who}}."}]
    a_template("named", parts, parameter_format="NAMED")
    good = {"messaging_product": "whatsapp", "to": "+" + THANDI, **message}
    if "recipient" in message:
        del good["to"]
    for sent in odd_ones(good):
        answered(graph, "POST", f"{NUMBER}/messages", sent)


PROFILE = {"about": "x", "email": "x", "vertical": "RETAIL", "websites": ["https://example.com"]}
BUTTON = {"type": "URL", "text": "Go", "url": "https://x.io/{{1}}", "example": ["https://x.io/1"]}
HEADER = {"type": "HEADER", "format": "TEXT", "text": "{{1}}!", "example": {"header_text": ["x"]}}
OTHERS: list[tuple[str, str, Any]] = [
    ("POST", f"{NUMBER}/block_users", {"block_users": [{"user": SIPHO}]}),
    ("POST", f"{NUMBER}/whatsapp_business_profile", PROFILE),
    ("POST", f"{NUMBER}/register", {"pin": "123456"}),
    ("POST", f"{NUMBER}/request_code", {"code_method": "SMS", "language": "en"}),
    ("POST", f"{NUMBER}/verify_code", {"code": "123456"}),
    ("POST", f"{NUMBER}/settings", {"user_identity_change": {"enable_identity_key_check": True}}),
    ("POST", f"{NUMBER}/marketing_messages", template("spring_special", body("a"))),
    ("POST", NUMBER, {"webhook_configuration": {"override_callback_uri": "", "verify_token": "x"}}),
    ("GET", NUMBER, {"fields": "status"}),
    (
        "GET",
        f"{WABA}/message_templates",
        {"fields": "name", "name": "x", "limit": "1", "after": "1"},
    ),
    ("POST", f"{WABA}/subscribed_apps", {"verify_token": "x"}),
    ("DELETE", f"{WABA}/message_templates", {"name": "order_shipped", "hsm_id": "1"}),
    (
        "POST",
        f"{WABA}/message_templates",
        new(components=[HEADER, BODY, {"type": "BUTTONS", "buttons": [BUTTON]}]),
    ),
    ("POST", "app/uploads", {"file_length": 1, "file_type": "image/png"}),
]


@pytest.mark.parametrize(("method", "path", "good"), OTHERS)
def test_any_other_odd_call_is_answered(graph: Graph, method: str, path: str, good: Any) -> None:
    switch(throughput_per_second=0, pair_limit=False)
    for sent in odd_ones({"messaging_product": "whatsapp", **good}):
        answered(graph, method, path, sent)


def test_an_odd_change_of_a_template_is_answered(graph: Graph) -> None:
    path = Template.objects.get(name="invoice_overdue").template_id
    for sent in odd_ones({"components": [BODY], "category": "UTILITY"}):
        answered(graph, "POST", path, sent)


SAYINGS: list[dict[str, Any]] = [
    {
        "type": "text",
        "text": "Hi",
        "context": {"id": "wamid.x"},
        "timestamp": 1,
        "wamid": "wamid.y",
    },
    {"type": "button_reply", "id": "yes", "title": "Yes"},
    {"type": "tap", "id": "yes", "title": "Yes"},
    {"type": "reaction", "message_id": "wamid.x", "emoji": "x"},
    {"type": "contacts", "name": "N", "phone": "+27"},
    {"type": "location", "latitude": 1, "longitude": 1},
    {
        "type": "document",
        "file": "aGk=",
        "mime_type": "text/plain",
        "filename": "x",
        "caption": "x",
    },
    {"type": "order", "order": {"product_items": [{"quantity": 1}]}, "referral": {"a": 1}},
]


@pytest.mark.parametrize("saying", SAYINGS, ids=lambda one: one["type"])
def test_an_odd_saying_is_answered(control: Control, saying: dict[str, Any]) -> None:
    for said in odd_ones(saying):
        with transaction.atomic():
            answer = control.answer("POST", f"customers/{THANDI}/messages/", said)
            assert answer.status_code < 500, (said, answer.content)
            page = control.client.get("/phone/changes/", {"chat": THANDI})
            transaction.set_rollback(True)
        assert page.status_code == 200, said

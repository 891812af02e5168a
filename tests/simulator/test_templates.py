"""Template management: listing by cursor, creation with its rules, review, edits, deletion.

Cloud API, message_templates edge and template error subcodes.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from simulator import clock
from simulator.models import Template
from tests.simulator.conftest import WABA, Control, Graph, switch
from tests.simulator.receiver import Receiver

Settle = Callable[[], None]
EDGE = f"{WABA}/message_templates"
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your order is ready.",
    "example": {"body_text": [["A"]]},
}


def new(**change: Any) -> dict[str, Any]:
    """The body of a creation."""
    return {
        "name": "order_ready",
        "language": "en_ZA",
        "category": "UTILITY",
        "components": [BODY],
        **change,
    }


def test_the_demo_has_its_templates(graph: Graph) -> None:
    rows = graph("GET", f"{EDGE}?fields=name,status,language,category").json()["data"]
    assert {row["name"]: row["status"] for row in rows} == {
        "invoice_overdue": "APPROVED",
        "order_shipped": "APPROVED",
        "payment_received": "APPROVED",
        "spring_special": "APPROVED",
        "delivery_delayed": "PAUSED",
        "win_a_prize": "REJECTED",
    }
    assert {row["language"] for row in rows} == {"en_ZA"}
    assert rows[0].keys() == {"id", "name", "status", "language", "category"}


def test_invoice_overdue_says_what_it_should(graph: Graph) -> None:
    [row] = graph("GET", f"{EDGE}?name=invoice_overdue").json()["data"]
    assert row["components"][0]["text"] == "Hi {{1}}, your invoice for {{2}} is overdue."


def test_paging_by_cursor_reaches_every_template_once(graph: Graph) -> None:
    seen: list[str] = []
    page = graph("GET", f"{EDGE}?limit=4").json()
    while True:
        seen += [row["name"] for row in page["data"]]
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
        assert f"after={after}" in page["paging"]["next"]
        page = graph("GET", f"{EDGE}?limit=4&after={after}").json()
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(("version", "code"), [("v24.0", 131059), ("v21.0", 100)])
def test_a_bad_cursor_is_refused(graph: Graph, version: str, code: int) -> None:
    graph.version = version
    assert graph.error(graph("GET", f"{EDGE}?after=zzz"))["code"] == code


@pytest.mark.parametrize(
    ("query", "count"),
    [("status=PAUSED", 1), ("category=MARKETING", 2), ("language=xx", 0), ("name=order", 1)],
)
def test_the_list_can_be_filtered(graph: Graph, query: str, count: int) -> None:
    assert len(graph("GET", f"{EDGE}?{query}").json()["data"]) == count


def test_a_new_template_is_pending_and_then_approved(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    switch(review_seconds=3600)
    made = graph("POST", EDGE, new()).json()
    assert (made["status"], made["category"]) == ("PENDING", "UTILITY")
    settle()
    assert graph("GET", made["id"]).json()["status"] == "PENDING"
    Template.objects.filter(template_id=made["id"]).update(verdict_at=clock.now())
    settle()
    assert graph("GET", f"{made['id']}?fields=status").json()["status"] == "APPROVED"
    assert receiver.values("message_template_status_update") == [
        {
            "event": "APPROVED",
            "reason": "NONE",
            "message_template_category": "UTILITY",
            "message_template_id": int(made["id"]),
            "message_template_name": "order_ready",
            "message_template_language": "en_ZA",
        }
    ]


def test_metas_verdict_can_be_given_by_hand(
    graph: Graph, control: Control, settle: Settle, receiver: Receiver
) -> None:
    verdict = {"status": "REJECTED", "reason": "PROMOTIONAL"}
    assert control("POST", "templates/order_shipped/", verdict) == {"decided": 1}
    settle()
    [value] = receiver.values("message_template_status_update")
    assert (value["event"], value["reason"]) == ("REJECTED", "PROMOTIONAL")


def component(kind: str, text: str, **more: Any) -> list[dict[str, Any]]:
    """The components of a template with this one."""
    part = {"type": kind, "text": text, **more}
    return [part] if kind == "BODY" else [part, BODY]


def button(kind: str, number: int | str = 1, **more: Any) -> dict[str, Any]:
    """A button of a template."""
    return {"type": kind, "text": f"B{number}", **more}


def with_buttons(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    """The components of a template with these buttons."""
    return [BODY, {"type": "BUTTONS", "buttons": list(buttons)}]


TWO = {"example": {"body_text": [["a", "b"]]}}
RULES: list[tuple[dict[str, Any], int | None]] = [
    ({"name": "Order Ready"}, None),
    ({"name": "x" * 513}, None),
    ({"language": "english"}, None),
    ({"category": "NEWS"}, None),
    ({"components": None}, None),
    ({"components": []}, 2388072),
    ({"components": component("BODY", "")}, 2388072),
    ({"components": component("BODY", "x" * 1025)}, 2388040),
    ({"components": component("HEADER", "x" * 61, format="TEXT")}, 2388040),
    ({"components": component("FOOTER", "x" * 61)}, 2388040),
    ({"components": component("FOOTER", "For {{1}} only")}, 2388073),
    ({"components": component("HEADER", "{{1}} {{2}}", format="TEXT")}, 2388047),
    ({"components": component("BODY", "{{1}}, your order is ready.", **TWO)}, 2388299),
    ({"components": component("BODY", "We all say hello {{1}} {{2}} today.", **TWO)}, 2388072),
    (
        {
            "components": component(
                "BODY", "Your order is ready, {{1}}", example={"body_text": [["a"]]}
            )
        },
        2388299,
    ),
    ({"components": component("BODY", "Hello {{1}} and {{3}} of us.", **TWO)}, 2388072),
    ({"components": component("BODY", "Hello {{1}}, it is ready.")}, 2388072),
    ({"components": component("BODY", "A {{1}} b {{2}} c.", **TWO)}, 2388293),
    (
        {
            "parameter_format": "named",
            "components": component(
                "BODY",
                "Hi {{Name}}, all is well.",
                example={"body_text_named_params": [{"param_name": "Name", "example": "A"}]},
            ),
        },
        2388072,
    ),
    ({"components": with_buttons(*(button("QUICK_REPLY", n) for n in range(11)))}, None),
    ({"components": with_buttons(*(button("URL", n, url="https://x.io") for n in range(3)))}, None),
    (
        {
            "components": with_buttons(
                button("QUICK_REPLY"), button("URL", url="https://x.io"), button("QUICK_REPLY", 2)
            )
        },
        None,
    ),
    ({"components": with_buttons(button("QUICK_REPLY", "x" * 26))}, 2388040),
    ({"components": with_buttons(button("PHONE_NUMBER", phone_number="1" * 21))}, 2388040),
    ({"components": with_buttons(button("URL", url="https://" + "x" * 2000))}, 2388040),
    ({"components": with_buttons(button("COPY_CODE", example="x" * 16))}, 2388040),
    ({"components": with_buttons(button("URL", url="https://x.io/{{1}}/a"))}, None),
    ({"components": with_buttons(*(button("PHONE_NUMBER", n) for n in range(2)))}, None),
    ({"components": with_buttons(*(button("COPY_CODE", n) for n in range(2)))}, None),
]


@pytest.mark.parametrize(("change", "subcode"), RULES)
def test_it_refuses_a_template_that_breaks_a_rule(
    graph: Graph, change: dict[str, Any], subcode: int | None
) -> None:
    answer = graph("POST", EDGE, new(**change))
    error = graph.error(answer)
    assert (answer.status_code, error["code"]) == (400, 100)
    if subcode:
        assert error["error_subcode"] == subcode
        assert error["error_user_title"]
        assert error["error_user_msg"]
        assert error["is_transient"] is False
    assert not Template.objects.filter(status="PENDING").exists()


GOOD = [
    {
        "components": component(
            "HEADER", "Order {{1}}", format="TEXT", example={"header_text": ["7"]}
        )
    },
    {
        "parameter_format": "named",
        "components": component(
            "BODY",
            "Hello {{name}}, it is ready.",
            example={"body_text_named_params": [{"param_name": "name", "example": "A"}]},
        ),
    },
    {"components": [{"type": "HEADER", "format": "IMAGE"}, BODY]},
    {
        "components": with_buttons(
            button("URL", url="https://x.io/{{1}}"), button("PHONE_NUMBER", 2)
        )
    },
    {"category": "marketing"},
]


@pytest.mark.parametrize("change", GOOD)
def test_it_accepts_a_template_that_keeps_the_rules(graph: Graph, change: dict[str, Any]) -> None:
    assert graph("POST", EDGE, new(**change)).status_code == 200


def test_the_same_name_and_language_exists_already(graph: Graph) -> None:
    graph("POST", EDGE, new())
    assert graph.error(graph("POST", EDGE, new()))["error_subcode"] == 2388024
    assert graph("POST", EDGE, new(language="af")).status_code == 200


def test_the_name_of_a_deleted_one_is_held_for_30_days(graph: Graph) -> None:
    assert graph("DELETE", f"{EDGE}?name=order_shipped").json() == {"success": True}
    held = new(name="order_shipped")
    assert graph.error(graph("POST", EDGE, held))["error_subcode"] == 2388023
    clock.jump(seconds=29 * 86_400)
    assert graph("POST", EDGE, held).status_code == 400
    clock.jump(seconds=2 * 86_400)
    assert graph("POST", EDGE, held).status_code == 200


def test_deleting_by_name_takes_all_languages_and_by_id_one(graph: Graph) -> None:
    first = graph("POST", EDGE, new()).json()["id"]
    graph("POST", EDGE, new(language="af"))
    graph("DELETE", f"{EDGE}?name=order_ready&hsm_id={first}")
    assert [t.language for t in Template.objects.filter(name="order_ready")] == ["af"]
    graph("DELETE", f"{EDGE}?name=order_ready")
    assert not Template.objects.filter(name="order_ready").exists()
    assert graph("DELETE", f"{EDGE}?name=order_ready").status_code == 400


def test_a_hundred_templates_an_hour_are_enough(graph: Graph) -> None:
    many = [{"template_id": str(n), "name": f"t{n}", "created_at": clock.now()} for n in range(100)]
    Template.objects.bulk_create(Template(waba_id=WABA, components=[], **one) for one in many)
    assert graph.error(graph("POST", EDGE, new()))["code"] == 80007
    clock.jump(seconds=3700)
    assert graph("POST", EDGE, new()).status_code == 200


def test_an_account_has_room_for_250_templates(graph: Graph) -> None:
    long_ago = clock.now() - timedelta(days=2)
    Template.objects.bulk_create(
        Template(waba_id=WABA, components=[], template_id=str(n), name=f"t{n}", created_at=long_ago)
        for n in range(244)
    )
    assert graph.error(graph("POST", EDGE, new()))["error_subcode"] == 2388019


def test_a_sample_is_uploaded_in_two_steps(graph: Graph) -> None:
    begun = graph("POST", "app/uploads?file_length=3&file_type=image/png").json()
    headers = {"Authorization": "OAuth demo-token", "file_offset": "0"}
    url = f"/v23.0/{begun['id']}"
    answer = graph.client.post(url, b"abc", content_type="image/png", headers=headers)
    assert answer.json()["h"].startswith("4::")
    assert graph("POST", "app/uploads").status_code == 400

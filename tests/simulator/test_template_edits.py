"""Changing templates: how often, which, and out of a pause. Cloud API, message_templates edge."""

from collections.abc import Callable

import pytest

from simulator import clock
from simulator.models import Template
from tests.simulator.conftest import Graph
from tests.simulator.receiver import Receiver
from tests.simulator.test_templates import BODY, EDGE, new

Settle = Callable[[], None]


def test_an_approved_template_is_edited_once_a_day(graph: Graph, settle: Settle) -> None:
    template = Template.objects.get(name="invoice_overdue").template_id
    assert graph("POST", template, {"components": [BODY]}).json() == {"success": True}
    settle()
    again = graph("POST", template, {"components": [BODY]})
    assert graph.error(again)["error_subcode"] == 2388039
    clock.jump(seconds=86_401)
    assert graph("POST", template, {"components": [BODY]}).status_code == 200


def test_an_approved_template_is_edited_ten_times_a_month(graph: Graph) -> None:
    template = Template.objects.get(name="invoice_overdue")
    edits = [int(clock.now().timestamp()) - day * 86_400 for day in range(2, 12)]
    Template.objects.update(edits=edits)
    again = graph("POST", template.template_id, {"components": [BODY]})
    assert graph.error(again)["error_subcode"] == 2388039
    clock.jump(seconds=20 * 86_400)
    assert graph("POST", template.template_id, {"components": [BODY]}).status_code == 200


@pytest.mark.parametrize("name", ["win_a_prize", "delivery_delayed"])
def test_a_rejected_or_paused_template_is_edited_at_will(
    graph: Graph, settle: Settle, name: str
) -> None:
    template = Template.objects.get(name=name)
    for _ in range(2):
        Template.objects.filter(name=name).update(status=template.status)
        assert graph("POST", template.template_id, {"components": [BODY]}).status_code == 200


def test_a_pending_template_cannot_be_edited_nor_an_approved_one_change_category(
    graph: Graph,
) -> None:
    pending = graph("POST", EDGE, new()).json()["id"]
    assert graph.error(graph("POST", pending, {"components": [BODY]}))["error_subcode"] == 2388039
    approved = Template.objects.get(name="invoice_overdue").template_id
    answer = graph("POST", approved, {"category": "MARKETING"})
    assert graph.error(answer)["error_subcode"] == 2388039


def test_a_paused_template_can_be_unpaused(
    graph: Graph, settle: Settle, receiver: Receiver
) -> None:
    paused = Template.objects.get(name="delivery_delayed").template_id
    assert graph("POST", f"{paused}/unpause").json() == {"success": True}
    settle()
    [value] = receiver.values("message_template_status_update")
    assert (value["event"], value["other_info"]) == ("APPROVED", {"title": "UNPAUSE"})
    assert graph("POST", f"{paused}/unpause").json()["success"] is False

"""Read receipts and typing, as the business sends them. Cloud API, mark messages as read."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.simulator.conftest import NUMBER, THANDI, Control, Graph, thandis_chat


def test_reading_marks_this_and_all_earlier_ones(graph: Graph, control: Control) -> None:
    first = control.say(type="text", text="1", webhook=False)
    second = control.say(type="text", text="2", webhook=False)
    third = control.say(type="text", text="3", webhook=False)
    answer = graph("POST", f"{NUMBER}/messages", read(second["wamid"]))
    assert answer.json() == {"success": True}
    status = {one["wamid"]: one["status"] for one in control.chat()}
    assert [status[one["wamid"]] for one in (first, second, third)] == ["read", "read", "sent"]


def read(wamid: str, **more: Any) -> dict[str, Any]:
    """The body of a read receipt."""
    return {"messaging_product": "whatsapp", "status": "read", "message_id": wamid, **more}


def test_typing_is_shown_until_the_answer(graph: Graph, control: Control) -> None:
    said = control.say(type="text", text="1", webhook=False)
    graph("POST", f"{NUMBER}/messages", read(said["wamid"], typing_indicator={"type": "text"}))
    assert control("GET", f"customers/{THANDI}/")["typing"] is True
    graph.send()
    assert control("GET", f"customers/{THANDI}/")["typing"] is False


def test_typing_ends_by_itself_after_25_seconds(graph: Graph, control: Control) -> None:
    said = control.say(type="text", text="1", webhook=False)
    began = timezone.now()
    graph("POST", f"{NUMBER}/messages", read(said["wamid"], typing_indicator={"type": "text"}))
    until = thandis_chat().typing_until
    assert until is not None
    assert began <= until - timedelta(seconds=25) <= timezone.now()


def test_typing_has_one_form(graph: Graph, control: Control) -> None:
    said = control.say(type="text", text="1", webhook=False)
    answer = graph("POST", f"{NUMBER}/messages", read(said["wamid"], typing_indicator={}))
    assert graph.error(answer)["code"] == 100


@pytest.mark.parametrize("wamid", ["wamid.nothing", ""])
def test_only_a_customers_own_message_can_be_read(graph: Graph, wamid: str) -> None:
    answer = graph("POST", f"{NUMBER}/messages", read(wamid))
    assert graph.error(answer)["code"] in (100, 131009)


def test_an_outbound_message_cannot_be_marked_as_read(graph: Graph, open_window: None) -> None:
    wamid = graph.send().json()["messages"][0]["id"]
    assert graph.error(graph("POST", f"{NUMBER}/messages", read(wamid)))["code"] == 131009

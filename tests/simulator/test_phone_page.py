"""The JSON behind the phone page: list, chat, cursor, and what a phone does not show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from simulator.models import Chat, Message
from tests.simulator.conftest import NUMBER, SIPHO, THANDI, Control, Graph, switch
from tests.simulator.test_customers import BUTTONS

Settle = Callable[[], None]


def look(control: Control, **asked: str) -> Any:
    """What the page gets once a second."""
    return control.client.get("/phone/changes/", asked).json()


def row(control: Control, who: str = THANDI) -> Any:
    """A customer's row in the list."""
    [found] = [one for one in look(control)["chats"] if one["wa_id"] == who]
    return found


def test_the_page_runs_no_inline_script_and_names_no_other_host(control: Control) -> None:
    for path in ("/", "/faults/"):
        answer = control.client.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "<style" not in page
        assert " style=" not in page
        assert "onclick" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')
        assert "//" not in page.replace("http://www.w3.org/2000/svg", "")


def test_the_page_names_the_number_as_whatsapp_does(control: Control) -> None:
    shop = {"phone_number_id": "100000000000002", "verified_name": "Shop <2>"}
    control("POST", "numbers/", shop)
    page = control.client.get("/?number=100000000000002").content.decode()
    assert "<span>Shop &lt;2&gt;</span>" in page
    assert "Shop &lt;2&gt;" not in control.client.get("/").content.decode()


def test_whoever_spoke_last_stands_first(control: Control) -> None:
    control.say(SIPHO, type="text", text="Hi", webhook=False)
    control.say(THANDI, type="text", text="Hello", webhook=False)
    rows = look(control)["chats"]
    assert [one["wa_id"] for one in rows][:2] == [THANDI, SIPHO]
    assert rows[0]["preview"] == "Hello"
    assert len(rows) == 12


def test_a_message_is_unread_until_the_chat_is_seen(
    graph: Graph, control: Control, open_window: None, settle: Settle
) -> None:
    graph.send()
    graph.send()
    assert row(control)["unread"] == 0
    settle()
    assert row(control)["unread"] == 2
    url = f"/phone/{THANDI}/seen/"
    seen = control.client.post(url, {}, content_type="application/json")
    assert seen.json() == {"read": 2}
    settle()
    assert row(control)["unread"] == 0


def test_the_phone_does_not_show_what_has_not_arrived_or_failed(
    graph: Graph, control: Control, settle: Settle
) -> None:
    graph.send()
    settle()
    control.say(type="text", text="Hi", webhook=False)
    graph.send()
    shown = look(control, chat=THANDI)["chat"]["messages"]
    assert [one["direction"] for one in shown] == ["in"]
    settle()
    shown = look(control, chat=THANDI)["chat"]["messages"]
    assert [one["direction"] for one in shown] == ["in", "out"]


def test_a_cursor_brings_only_what_changed_since(
    graph: Graph, control: Control, open_window: None, settle: Settle
) -> None:
    Message.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    cursor = look(control, chat=THANDI)["chat"]["cursor"]
    graph.send()
    settle()
    changed = look(control, chat=THANDI, after=cursor)["chat"]["messages"]
    assert [one["direction"] for one in changed] == ["out"]


def test_a_new_day_is_another_chat_for_the_page(control: Control) -> None:
    before = look(control, chat=THANDI)["chat"]["id"]
    control("POST", "reset/")
    assert look(control, chat=THANDI)["chat"]["id"] != before


def test_typing_shows_in_the_list_and_in_the_chat(graph: Graph, control: Control) -> None:
    said = control.say(type="text", text="Hi", webhook=False)
    read = {"messaging_product": "whatsapp", "status": "read", "message_id": said["wamid"]}
    graph("POST", f"{NUMBER}/messages", {**read, "typing_indicator": {"type": "text"}})
    assert row(control)["typing"] is True
    assert look(control, chat=THANDI)["chat"]["typing"] is True
    Chat.objects.update(typing_until=timezone.now())
    assert row(control)["typing"] is False


def test_buttons_are_drawn_and_can_be_tapped(
    graph: Graph, control: Control, open_window: None, settle: Settle
) -> None:
    graph.send(type="interactive", interactive=BUTTONS)
    settle()
    shown = look(control, chat=THANDI)["chat"]["messages"][-1]
    assert [one["text"] for one in shown["shape"]["buttons"]] == ["View invoices", "Pay now"]
    tap = {"type": "button_reply", "id": "pay_now", "title": "Pay now", "context": shown["wamid"]}
    url = f"/phone/{THANDI}/say/"
    said = control.client.post(url, tap, content_type="application/json").json()
    assert said["text"] == "Pay now"
    assert said["context"]["id"] == shown["wamid"]


def test_a_reply_shows_what_it_quotes(graph: Graph, control: Control, settle: Settle) -> None:
    said = control.say(type="text", text="Which one?", webhook=False)
    graph.send(type="text", text={"body": "The red one"}, context={"message_id": said["wamid"]})
    settle()
    shown = look(control, chat=THANDI)["chat"]["messages"][-1]
    assert shown["shape"]["quote"] == {
        "wamid": said["wamid"],
        "direction": "in",
        "text": "Which one?",
    }


def test_the_drawer_shows_the_newest_first(graph: Graph, control: Control, settle: Settle) -> None:
    graph.send()
    graph("GET", NUMBER)
    control.say(type="text", text="Hi")
    settle()
    log = look(control, log="1")["log"]
    assert [one["method"] for one in log["calls"]] == ["GET", "POST"]
    assert log["webhooks"][0]["status"] == 200
    assert "log" not in look(control)


def test_switches_and_clock_stand_in_the_world(control: Control) -> None:
    control("POST", "jump/", {"seconds": 3600})
    switch(duplicates=1)
    world = look(control)["world"]
    assert world["offset_seconds"] == 3600
    assert world["switched"]["duplicates"] == 1


def test_the_list_comes_also_where_the_open_phone_has_another_number(control: Control) -> None:
    control("POST", f"customers/{THANDI}/number/", {"wa_id": "27829990001"})
    shown = look(control, chat=THANDI)
    assert "chat" not in shown
    assert "27829990001" in [one["wa_id"] for one in shown["chats"]]


@pytest.mark.parametrize("path", ["phone/27000/say/", "phone/27000/seen/"])
def test_a_phone_that_there_is_not_is_refused(control: Control, path: str) -> None:
    answer = control.client.post(f"/{path}", {}, content_type="application/json")
    assert answer.status_code == 404


def test_a_file_that_a_browser_should_not_show_is_saved(control: Control) -> None:
    said = control.say(type="document", file="PGI+", mime_type="text/html", filename="a.html")
    answer = control.client.get(said["shape"]["media"]["url"])
    assert answer["Content-Disposition"] == 'attachment; filename="a.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_gone_is_not_found(control: Control) -> None:
    assert control.client.get("/phone/media/1/").status_code == 404

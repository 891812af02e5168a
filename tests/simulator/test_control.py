"""/control/ beyond customers: clock, log, messages, switches, happenings, reset."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from simulator import clock, journal, world
from simulator.happenings import HAPPENINGS
from simulator.models import Customer, Message, Template
from simulator.switches import FIELDS
from tests.simulator.conftest import NUMBER, THANDI, Control, Graph, switch, text
from tests.simulator.receiver import Receiver

Settle = Callable[[], None]


def test_a_jump_moves_this_clock_and_the_consoles(control: Control, receiver: Receiver) -> None:
    before = clock.now()
    answer = control("POST", "jump/", {"seconds": 90_000})
    assert answer["offset_seconds"] == 90_000
    assert answer["console"] == "ok"
    assert (clock.now() - before).total_seconds() >= 90_000
    [post] = receiver.posted
    assert post.path == "/clock/"
    assert json.loads(post.body) == {"offset_seconds": 90_000}
    assert post.headers["Authorization"] == "Bearer demo-clock-token"


def test_jumps_add_up_and_can_be_taken_back(control: Control, receiver: Receiver) -> None:
    control("POST", "jump/", {"seconds": 60})
    assert control("POST", "jump/", {"seconds": 60})["offset_seconds"] == 120
    assert control("POST", "jump/", {"offset_seconds": 0})["offset_seconds"] == 0
    assert json.loads(receiver.posted[-1].body) == {"offset_seconds": 0}


def test_a_console_without_a_clock_does_not_stop_the_jump(
    control: Control, receiver: Receiver
) -> None:
    receiver.answers = [404]
    answer = control("POST", "jump/", {"seconds": 60})
    assert (answer["offset_seconds"], answer["console"]) == (60, "refused with HTTP 404")


@pytest.mark.parametrize("given", [{"seconds": "1"}, {"offset_seconds": "x"}, []])
def test_a_jump_without_a_number_is_refused(control: Control, given: object) -> None:
    assert control.answer("POST", "jump/", given).status_code == 400


def test_the_log_has_every_call_with_its_answer(graph: Graph, control: Control) -> None:
    graph.send(**text("Hi"), biz_opaque_callback_data="m:1")
    graph("GET", NUMBER)
    first, second = control("GET", "log/")["calls"]
    assert (first["method"], first["path"]) == ("POST", f"/v23.0/{NUMBER}/messages")
    assert first["body"]["biz_opaque_callback_data"] == "m:1"
    assert first["answer"]["messages"][0]["id"].startswith("wamid.")
    assert (first["status"], second["status"]) == (200, 200)


def test_the_log_goes_on_after_its_cursor(graph: Graph, control: Control) -> None:
    graph.send()
    cursor = control("GET", "log/")["cursor"]
    graph("GET", NUMBER)
    later = control("GET", f"log/?after={cursor}")
    assert [one["path"] for one in later["calls"]] == [f"/v23.0/{NUMBER}"]
    assert control("GET", f"log/?after={later['cursor']}")["calls"] == []
    assert control.answer("GET", "log/?after=x").status_code == 400


def test_calls_wait_while_the_database_takes_nothing(graph: Graph, control: Control) -> None:
    graph.send()
    with transaction.atomic(), connection.cursor() as cursor:
        with suppress(DatabaseError):
            cursor.execute("this aborts the transaction")
        with pytest.raises(DatabaseError):
            journal.flush()
        transaction.set_rollback(True)
    assert len(control("GET", "log/")["calls"]) == 1


def test_all_messages_are_listed_with_their_customer(graph: Graph, control: Control) -> None:
    control.say(type="text", text="Hi", webhook=False)
    graph.send(**text("Hello"), biz_opaque_callback_data="m:1")
    graph.send(to="+27609999999")
    sent = control("GET", "messages/?direction=out")
    assert [one["wa_id"] for one in sent] == [THANDI, "27609999999"]
    assert sent[0]["biz_opaque_callback_data"] == "m:1"
    assert control("GET", f"messages/?after={sent[-1]['id']}") == []


def test_switches_are_shown_changed_and_taken_back(control: Control) -> None:
    assert control("GET", "faults/")["duplicates"] == 0
    assert control("PATCH", "faults/", {"duplicates": 3})["duplicates"] == 3
    assert control("GET", "faults/")["duplicates"] == 3
    assert control("DELETE", "faults/") == control("GET", "faults/usual/")


@pytest.mark.parametrize(
    "wanted",
    [
        {"nonsense": 1},
        {"duplicates": -1},
        {"duplicates": "3"},
        {"duplicates": True},
        {"duplicates": 1.5},
        {"batch": 1001},
        {"token_is_dead": 1},
        {"user_id_only": "perhaps"},
        {"duplicates": 5, "nonsense": 1},
    ],
)
def test_a_switch_that_does_not_fit_changes_nothing(
    control: Control, wanted: dict[str, object]
) -> None:
    answer = control.answer("PATCH", "faults/", wanted)
    assert answer.status_code == 400
    assert world.switches().duplicates == 0


def test_every_switch_stands_on_its_page_and_under_control(control: Control) -> None:
    page = control.client.get("/faults/").content.decode()
    names = control("GET", "faults/").keys()
    assert page.count('class="switch') == len(names) == len(FIELDS)
    for name in names:
        assert f'data-name="{name}"' in page


def test_every_happening_can_happen(control: Control, settle: Settle, receiver: Receiver) -> None:
    who = THANDI
    for name in HAPPENINGS:
        Template.objects.filter(name="invoice_overdue").update(status="APPROVED")
        who = control("POST", f"happenings/{name}/", {"wa_id": who})["wa_id"]
    settle()
    fields = {one["field"] for post in receiver.posted for one in post.changes}
    assert fields == {
        "messages",
        "smb_message_echoes",
        "user_preferences",
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
        "phone_number_quality_update",
        "phone_number_name_update",
        "security",
        "business_capability_update",
        "account_update",
        "account_alerts",
    }


def test_happenings_are_listed(control: Control) -> None:
    assert control("GET", "happenings/").keys() == HAPPENINGS.keys()
    assert control.answer("POST", "happenings/nonsense/", {}).status_code == 404


def test_what_has_nothing_to_happen_to_says_so(control: Control) -> None:
    Template.objects.all().delete()
    answer = control.answer("POST", "happenings/pause/", {})
    assert (answer.status_code, answer.json()) == (
        409,
        {"error": "There is no template that is APPROVED."},
    )


def test_a_category_that_will_change_keeps_the_old_one_as_new(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control("POST", "happenings/category_soon/", {})
    settle()
    [value] = receiver.values("template_category_update")
    assert value["correct_category"] == "MARKETING"
    assert (
        Template.objects.get(template_id=value["message_template_id"]).category
        == (value["new_category"])
    )


def test_the_user_id_changes_and_the_old_one_tells_it(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    old = Customer.objects.get(wa_id=THANDI).bsuid
    control("POST", "happenings/user_id/", {"wa_id": THANDI})
    settle()
    [message] = receiver.messages()
    assert message["from_user_id"] == old
    assert message["system"]["user_id"] == Customer.objects.get(wa_id=THANDI).bsuid != old


def test_an_echo_is_on_the_customers_phone(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control("POST", "happenings/echo/", {"wa_id": THANDI})
    settle()
    [value] = receiver.values("smb_message_echoes")
    [shown] = control.chat()
    assert value["message_echoes"][0]["id"] == shown["wamid"]
    assert shown["direction"] == "out"


def test_a_burst_comes_from_all_customers(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    assert control("POST", "burst/", {"count": 30}) == {"written": 30}
    settle()
    assert len(receiver.messages()) == 30
    assert len({one["from"] for one in receiver.messages()}) == 12
    assert control.answer("POST", "burst/", {"count": "many"}).status_code == 400


def test_a_reset_brings_the_first_day_back(graph: Graph, control: Control) -> None:
    control.say(type="image")
    graph.send()
    switch(duplicates=3)
    control("POST", "jump/", {"seconds": 60})
    control("POST", "customers/", {"wa_id": "27600000001"})
    assert control("POST", "reset/") == {"console": "ok"}
    state = control("GET", "")
    assert (state["offset_seconds"], state["unsent"]) == (0, 0)
    assert Customer.objects.count() == 12
    assert not Message.objects.exists()
    assert world.switches().not_default() == {}
    assert control("GET", "log/")["calls"] == []


def test_the_state_says_when_all_is_quiet(
    control: Control, settle: Settle, receiver: Receiver
) -> None:
    control.say(type="text", text="Hi")
    assert control("GET", "")["unsent"] == 1
    settle()
    assert control("GET", "")["unsent"] == 0


@pytest.mark.parametrize("path", ["reset/", "jump/", "burst/"])
def test_nothing_happens_by_a_get(control: Control, path: str) -> None:
    assert control.answer("GET", path).status_code == 405


def test_an_unknown_number_is_refused(control: Control) -> None:
    answer = control.answer("GET", f"customers/{THANDI}/messages/?number=7")
    assert answer.status_code == 404

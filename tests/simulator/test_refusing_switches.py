"""Sends that are right and refused all the same, because a switch wants it."""

import pytest

from simulator.switches import REFUSALS
from tests.simulator.conftest import NUMBER, SIPHO, Graph, switch
from tests.simulator.test_sending import refused
from tests.simulator.test_template_sends import body, template

pytestmark = pytest.mark.usefixtures("open_window")


@pytest.mark.parametrize("code", REFUSALS[1:])
def test_a_switch_refuses_the_next_few_sends_and_nothing_else(graph: Graph, code: str) -> None:
    switch(refuse_sends_with=code, refuse_sends_count=2)
    assert graph("GET", NUMBER).status_code == 200
    assert [graph.error(graph.send())["code"] for _ in range(2)] == [int(code), int(code)]
    assert graph.send().status_code == 200


def test_a_switch_refuses_sends_until_it_is_taken_back(graph: Graph) -> None:
    switch(refuse_sends_with="131000")
    assert [graph.send().status_code for _ in range(3)] == [500, 500, 500]


def test_a_closed_window_can_be_told_at_once(graph: Graph) -> None:
    switch(window_error_at_once=True)
    assert refused(graph, graph.send(to="+" + SIPHO)) == (
        400,
        "(#131047) Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last "
        "replied to this number.",
    )
    assert graph.send(**template("payment_received", body("a", "b"))).status_code == 200

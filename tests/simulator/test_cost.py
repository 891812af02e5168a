"""A send must stay cheap, for load tests go through it: two queries, and few for many statuses."""

from collections.abc import Callable

from pytest_django import DjangoAssertNumQueries

from simulator.models import Message
from tests.simulator.conftest import Graph, switch

Settle = Callable[[], None]


def test_a_send_costs_two_queries(
    graph: Graph, open_window: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    graph.send()
    with django_assert_num_queries(2):
        graph.send()


def test_hundreds_of_statuses_cost_a_few_queries(
    graph: Graph,
    open_window: None,
    settle: Settle,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    switch(throughput_per_second=0, pair_limit=False)
    for _ in range(200):
        graph.send()
    with django_assert_max_num_queries(120):
        settle()
    assert Message.objects.filter(status="delivered", direction="out").count() == 200

"""How it went lately, on the first page: from stored totals alone, in words, bars and tables."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from billing.models import Invoice
from conversations import clock
from conversations.admin import charts, figures
from conversations.models import DailyTotal
from tests import factories
from tests.billing.rows import an_account, an_invoice
from tests.inbox.pages import signed_in

pytestmark = pytest.mark.django_db

HOME = "/admin/"


def a_day(ago: int, **fields: Any) -> DailyTotal:
    return DailyTotal.objects.create(day=clock.today() - timedelta(days=ago), **fields)


def home(**query: Any) -> str:
    return signed_in(factories.an_agent()).get(HOME, query).content.decode()


def tile(html: str, label: str) -> list[str]:
    """The figure of a tile, what is said under it, and how it was before."""
    (inside,) = re.findall(rf"<dt>{label}</dt><dd>(.*?)</dd>", html)
    return re.findall(r"<(?:b|span|small)>(.*?)</", inside)


def test_a_period_is_added_up_and_compared_with_the_one_before() -> None:
    a_day(0, messages_in=30, messages_out=20, answered_by_assistant=15, first_response_seconds=300)
    a_day(6, messages_in=30, messages_out=20, answered_by_assistant=21, first_response_seconds=60)
    a_day(5, first_response_seconds=120, windows_lost=2)
    a_day(8, messages_in=40, messages_out=80, first_response_seconds=240, windows_lost=1)
    a_day(14, messages_in=9_999)
    html = home(days=7)
    assert tile(html, "Messages in") == ["60", "What customers wrote.", "50 % more than before"]
    assert tile(html, "Messages out")[::2] == ["40", "50 % fewer than before"]
    assert tile(html, "First response")[::2] == ["2 min", "50 % shorter than before"]
    assert tile(html, "By the assistant")[0] == "60 %"
    assert tile(html, "Windows lost")[::2] == ["2", "100 % more than before"]


def test_reasons_and_templates_are_added_up() -> None:
    a_day(0, messages_in=1, handed_over={"Asked for a person": 2}, templates_failed=1)
    a_day(1, handed_over={"Asked for a person": 1, "Something else": 1}, templates_delivered=4)
    a_day(2, templates_delivered=5, templates_read=3)
    html = home()
    bars = re.findall(r"<li><span>(?:<a[^>]*>)?([^<]+).*?<b>(.*?)</b>", html)
    assert ("Asked for a person", "3") in bars
    assert ("Something else", "1") in bars
    assert bars[-3:] == [("Delivered", "9"), ("Read", "3 (33 %)"), ("Failed", "1 (10 %)")]


@pytest.mark.parametrize("days", [7, 30, 90])
def test_each_chart_has_its_table_and_its_sentence(days: int) -> None:
    for ago in range(100):
        a_day(ago, messages_in=10 + ago, messages_out=5, first_response_seconds=65 * ago)
    html = home(days=days)
    drawings = re.findall(r'<svg[^>]*role="img" aria-label="([^"]+)"', html)
    tables = re.findall(r"<tbody>(.*?)</tbody>", html)
    assert len(drawings) == len(tables) == 4
    assert {table.count("<tr>") for table in tables} == {days}
    assert drawings[0].startswith(f"Messages by day. {days * 10 + sum(range(days)):,} in and")
    assert f'href="?days={days}" aria-current="true"' in html


@pytest.mark.parametrize("asked", ["", "x", "1", "365", "-7", "٣٠", "7" * 5000])
def test_a_period_that_is_none_is_the_usual_one(asked: str) -> None:
    assert figures.chosen_period(asked) == 30


def test_on_the_first_day_the_page_says_what_will_stand_here() -> None:
    a_day(0)
    html = home()
    assert "Nothing to count yet" in html
    assert "<svg" not in html[html.index("Nothing to count yet") :]


def test_what_is_overdue_stands_there_by_age_and_leads_to_the_invoices() -> None:
    account = an_account()
    an_invoice(account, "100.00", due_in=-1)
    an_invoice(account, "200.00", due_in=-30)
    an_invoice(account, "400.00", due_in=-31)
    an_invoice(account, "800.00", due_in=-200, currency="USD")
    an_invoice(account, "1600.00", due_in=0)
    Invoice.objects.filter(amount=400).update(status=Invoice.Status.PAID)
    agent = signed_in(factories.an_agent())
    html = agent.get(HOME).content.decode()
    assert "USD 800.00 and R 300.00" in html
    bars = re.findall(r'<a href="([^"]+)">([^<]+)</a></span><b>(.*?)</b>', html)
    assert [bar[1:] for bar in bars] == [
        ("over 90 days, USD", "USD 800.00 (1 invoice)"),
        ("1 to 30 days, ZAR", "R 300.00 (2 invoices)"),
    ]
    for address, label, shown in bars:
        rows = agent.get(address).content.decode()
        assert rows.count("INV-") >= int(shown.split("(")[1].split()[0]), label
        assert "1,600.00" not in rows


def test_who_may_not_see_invoices_sees_no_sums() -> None:
    an_invoice(an_account(), "100.00", due_in=-1)
    agent = factories.an_agent()
    agent.groups.get().permissions.filter(codename="view_invoice").delete()
    html = signed_in(agent).get(HOME).content.decode()
    assert "Overdue invoices" not in html


def test_who_may_not_see_totals_sees_the_work_alone() -> None:
    a_day(0, messages_in=1)
    agent = factories.an_agent()
    agent.groups.get().permissions.filter(codename="view_dailytotal").delete()
    html = signed_in(agent).get(HOME).content.decode()
    assert "Needs a person" in html
    assert "Messages by day" not in html


def test_it_works_without_any_business_domain(settings: Any) -> None:
    settings.BUSINESS_DOMAINS = {}
    a_day(0, messages_in=1)
    assert "Messages by day" in home()


def test_the_page_costs_the_same_for_a_week_and_for_a_quarter(
    django_assert_num_queries: Any,
) -> None:
    client = signed_in(factories.an_agent())
    client.get(HOME)
    with django_assert_num_queries(7):
        client.get(HOME, {"days": 7})
    for ago in range(200):
        a_day(ago, messages_in=10, handed_over={"Asked for a person": 1})
        an_invoice(an_account(name=str(ago)), due_in=-ago)
    with django_assert_num_queries(7):
        client.get(HOME, {"days": 90})


# --- drawing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 2), (1, 2), (3, 4), (9, 10), (10, 10), (11, 20), (26, 30), (65, 80), (101, 200)],
)
def test_an_axis_ends_at_a_round_number(highest: float, top: float) -> None:
    assert charts.rounded_up(highest) == top


def test_bars_stand_in_their_day_and_reach_as_high_as_their_value() -> None:
    days = [date(2026, 11, 1), date(2026, 11, 2)]
    chart = charts.by_day(
        "T",
        "S",
        days,
        charts.Series("in", "blue", [5, None]),
        charts.Series("out", "green", [0, 10]),
    )
    (first,), (second,) = (day.boxes for day in chart.days)
    assert (first.x, first.y, first.height) == ("1.5", "50", "50")
    assert (second.x, second.y, second.height) == ("15", "0", "100")
    assert chart.days[0].words == "1 Nov: 5 in, 0 out"
    assert chart.days[1].cells == ("–", "10")
    assert chart.ticks == ("10", "5", "0")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3570, "1 h 00 min"), (3900, "1 h 05 min")],
)
def test_a_duration_reads_as_people_say_it(seconds: float, words: str) -> None:
    assert figures.duration(seconds) == words

"""The demo is loaded once, by one, and only in development."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from billing.models import Invoice
from conversations import clock, totals
from conversations.models import Contact, DailyTotal, Message, Thread
from tests.factories import a_contact, an_agent
from waconsole import demo_data
from waconsole.demo_data import Login, past

HOME = ZoneInfo("Africa/Johannesburg")


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables that the demo fills."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("auth", "conversations", "billing")
    ]
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=str) for model in models
    }


def test_it_prints_one_login_for_each_group_and_one_for_everything(demo: list[Login]) -> None:
    assert demo == [
        Login("sam", "demo-sam", "Agent"),
        Login("kim", "demo-kim", "Supervisor"),
        Login("priya", "demo-priya", "Billing"),
        Login("admin", "demo-admin", "Superuser"),
    ]


def test_a_second_load_changes_nothing(demo: list[Login]) -> None:
    before = everything()
    assert demo_data.load() == demo
    assert everything() == before


def test_it_is_refused_with_debug_off(db: None, settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(demo_data.DemoRefused):
        demo_data.load()
    assert not User.objects.exists()


def test_a_database_with_contacts_of_its_own_is_left_alone(db: None, development: None) -> None:
    a_contact("A real customer")
    before = everything()
    assert demo_data.load() == []
    assert everything() == before


def test_a_login_that_stands_already_keeps_its_password(db: None, development: None) -> None:
    sam = an_agent("sam")
    demo_data.load()
    sam.refresh_from_db()
    assert not sam.check_password("demo-sam")


@pytest.mark.parametrize(
    ("username", "may", "may_not"),
    [
        ("sam", "conversations.reply_thread", "conversations.supervise_thread"),
        ("kim", "conversations.supervise_thread", "billing.change_invoice"),
        ("priya", "billing.change_invoice", "conversations.supervise_thread"),
    ],
)
def test_each_may_what_the_group_may(
    demo: list[Login], username: str, may: str, may_not: str
) -> None:
    user = User.objects.get(username=username)
    assert user.is_staff
    assert user.has_perm(may)
    assert not user.has_perm(may_not)


def test_everybody_can_log_in(demo: list[Login]) -> None:
    for login in demo:
        assert Client().login(username=login.username, password=login.password)
    assert User.objects.get(username="admin").is_superuser


def test_the_passwords_are_made_for_the_demo_alone(demo: list[Login]) -> None:
    assert all(login.password == f"demo-{login.username}" for login in demo)


@pytest.fixture
def local_hour(request: pytest.FixtureRequest, db: None, development: None) -> None:
    """The business clock stands at the next such time of day."""
    hour, minute = request.param
    now = clock.now().astimezone(HOME)
    wanted: datetime = now.replace(hour=hour, minute=minute)
    wanted += timedelta(days=1) if wanted < now else timedelta()
    clock.set_offset(int((wanted - now).total_seconds()))


@pytest.mark.parametrize(
    "local_hour",
    [(0, 1), (3, 30), (7, 40), (8, 25), (9, 31), (10, 1), (11, 25), (12, 40), (16, 43), (23, 58)],
    indirect=True,
)
def test_it_loads_at_any_time_of_day(local_hour: None) -> None:
    demo_data.load()
    assert not Message.objects.filter(sent_at__gt=clock.now()).exists()
    assert Thread.objects.count() == 12


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_leave_one_demo(development: None) -> None:
    def load() -> None:
        try:
            demo_data.load()
        finally:
            connection.close()

    an_agent()  # brings the groups back that other tests with real transactions have wiped
    with ThreadPoolExecutor(2) as pool:
        for outcome in [pool.submit(load), pool.submit(load)]:
            outcome.result()
    assert Contact.objects.count() == 12
    assert Invoice.objects.filter(number="INV-0847").count() == 1


@pytest.mark.django_db
def test_the_past_replaces_what_a_running_console_has_counted(settings: Settings) -> None:
    settings.DEBUG = True
    totals.count_lately()
    demo_data.load()
    today = clock.today()
    rows = DailyTotal.objects.in_bulk()
    assert len(rows) >= past.DAYS
    assert sum(rows[today - timedelta(days=ago)].messages_in for ago in range(2, 9)) > 20

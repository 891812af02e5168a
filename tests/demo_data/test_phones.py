"""The simulated phones get the demo's past over HTTP, as the simulator's own process serves it."""

from collections.abc import Iterator

import pytest
import requests
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from conversations.models import Contact, Message
from simulator import demo as simulated
from simulator import world
from tests.factories import a_thread, an_agent, an_inbound
from waconsole import demo_data
from waconsole.demo_data import phones

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("simulator.urls")]


@pytest.fixture
def simulator(live_server: LiveServer, settings: Settings) -> Iterator[str]:
    """The address of a simulator with its twelve customers, beside a console with the demo."""
    settings.DEBUG = True
    an_agent()  # brings the groups back that other tests with real transactions have wiped
    simulated.ensure()
    demo_data.load()
    yield live_server.url
    world.forget()


def phone(simulator: str, name: str) -> list[dict[str, str]]:
    wa_id = Contact.objects.get(name=name).wa_id
    answer = requests.get(f"{simulator}/control/customers/{wa_id}/messages/", timeout=10)
    shown: list[dict[str, str]] = answer.json()
    return shown


def test_every_phone_shows_what_the_console_shows(simulator: str) -> None:
    assert demo_data.tell_phones(simulator) == 12
    sent = Message.objects.filter(thread__contact__name="Thandi Mokoena").order_by("pk")
    shown = phone(simulator, "Thandi Mokoena")
    assert [line["wamid"] for line in shown] == [message.wamid for message in sent]
    assert [line["text"] for line in shown] == [message.text for message in sent]


def test_what_did_not_arrive_is_not_on_the_phone(simulator: str) -> None:
    demo_data.tell_phones(simulator)
    assert not any("Goeie nuus" in line["text"] for line in phone(simulator, "Pieter Botha"))
    assert not any("Dorper Bank" in line["text"] for line in phone(simulator, "Bongani Nkosi"))


def test_pictures_and_templates_are_on_the_phone_too(simulator: str) -> None:
    demo_data.tell_phones(simulator)
    assert phone(simulator, "Chantal Adams")[0]["type"] == "image"
    (template,) = phone(simulator, "Fatima Essop")
    assert template["text"].startswith("Hi Fatima, your order SO-1181")


def test_a_second_time_changes_nothing_and_alarms_nobody(
    simulator: str, caplog: pytest.LogCaptureFixture
) -> None:
    demo_data.tell_phones(simulator)
    before = phone(simulator, "Sipho Ndlovu")
    assert demo_data.tell_phones(simulator) == 0
    assert phone(simulator, "Sipho Ndlovu") == before
    assert [line for line in caplog.records if line.levelname == "WARNING"] == []


def test_only_the_demos_own_messages_are_told(simulator: str) -> None:
    stranger = an_inbound(a_thread(), "A real customer's secret")
    told = phones.histories()
    assert stranger.thread.contact.wa_id not in told


def test_a_simulator_that_is_away_is_an_error(simulator: str) -> None:
    with pytest.raises(requests.RequestException):
        demo_data.tell_phones("http://127.0.0.1:9")

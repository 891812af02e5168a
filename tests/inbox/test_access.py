"""Who comes in: every view of the inbox for nobody, for Bob, and for each group."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from conversations.models import Contact, Message, Thread
from tests import factories
from tests.inbox.pages import INBOX, SCRIPT, act, at, signed_in

pytestmark = pytest.mark.django_db

LOOKS = ["", "list/", "changes/", "{}/", "{}/older/", "{}/panel/"]
ACTS = ["{}/send/", "{}/read/", "{}/mode/", "{}/again/", "{}/arrived/", "{}/template/"]


@pytest.fixture
def thread() -> Thread:
    thread = factories.a_thread()
    factories.an_inbound(thread)
    return thread


def call(client: Client, path: str, thread: Thread, **headers: str) -> int:
    address = INBOX + path.format(thread.pk)
    method = client.post if path in ACTS else client.get
    return method(address, headers=headers or None).status_code


def only_looking() -> User:
    """May see conversations and nothing else."""
    user = factories.bob()
    user.user_permissions.add(Permission.objects.get(codename="view_thread"))
    return user


@pytest.mark.parametrize("path", LOOKS + ACTS)
def test_nobody_is_sent_to_the_login(path: str, thread: Thread) -> None:
    assert call(Client(), path, thread) == 302


@pytest.mark.parametrize("path", LOOKS + ACTS)
def test_bob_may_not(path: str, thread: Thread) -> None:
    assert call(signed_in(factories.bob()), path, thread) == 403


@pytest.mark.parametrize("path", LOOKS)
def test_who_may_look_may_look(path: str, thread: Thread) -> None:
    assert call(signed_in(only_looking()), path, thread) in (200, 204)


@pytest.mark.parametrize("path", ACTS)
def test_who_may_only_look_may_not_act(path: str, thread: Thread) -> None:
    assert call(signed_in(only_looking()), path, thread) == 403


@pytest.mark.parametrize("path", ACTS)
def test_an_act_is_never_a_get(path: str, thread: Thread) -> None:
    client = signed_in(factories.an_agent())
    expected = 409 if "template" in path else 405
    assert client.get(INBOX + path.format(thread.pk)).status_code == expected


@pytest.mark.parametrize("path", LOOKS)
def test_a_look_is_never_a_post(path: str, thread: Thread) -> None:
    client = signed_in(factories.an_agent())
    assert client.post(INBOX + path.format(thread.pk)).status_code == 405


@pytest.mark.parametrize("make", [factories.an_agent, factories.a_supervisor, factories.a_clerk])
def test_every_group_may_take_over_and_answer(make: object, thread: Thread) -> None:
    client = signed_in(make())  # type: ignore[operator]
    assert act(client, at(thread, "mode/"), to="staff").status_code == 200
    assert act(client, at(thread, "send/"), text="Hello").status_code == 200
    assert Message.objects.filter(text="Hello", origin="staff").count() == 1


def test_a_customer_login_without_staff_rights_is_sent_to_the_login(thread: Thread) -> None:
    user = User.objects.create_user("visitor", password=factories.PASSWORD)
    assert signed_in(user).get(INBOX).status_code == 302


@pytest.mark.parametrize("path", LOOKS + ACTS)
def test_a_script_without_a_session_is_sent_to_the_login_as_a_page(
    path: str, thread: Thread
) -> None:
    """A redirect would be followed, and the login form would stand inside the pane."""
    address = INBOX + path.format(thread.pk)
    shown = f"http://testserver{at(thread)}?f=mine"
    method = Client().post if path in ACTS else Client().get
    response = method(address, headers={**SCRIPT, "HX-Current-URL": shown})
    assert response.status_code == 401
    assert response["HX-Redirect"] == f"/admin/login/?next={at(thread)}"


def test_the_way_back_never_leads_to_another_host(thread: Thread) -> None:
    response = Client().get(
        INBOX, headers={**SCRIPT, "HX-Current-URL": "https://evil.test//evil.test/"}
    )
    assert response["HX-Redirect"] == "/admin/login/?next=/evil.test/"


def test_a_missing_conversation_tells_nothing_to_who_may_not_see(thread: Thread) -> None:
    assert signed_in(factories.bob()).get(f"{INBOX}999999/").status_code == 403
    assert signed_in(factories.an_agent()).get(f"{INBOX}999999/").status_code == 404


def test_parts_and_pages_are_kept_apart_by_caches(thread: Thread) -> None:
    response = signed_in(factories.an_agent()).get(at(thread), headers=SCRIPT)
    assert "HX-Request" in response["Vary"]
    assert "no-store" in response["Cache-Control"]


def test_going_back_in_the_history_gets_the_whole_page(thread: Thread) -> None:
    headers = {**SCRIPT, "HX-History-Restore-Request": "true"}
    response = signed_in(factories.an_agent()).get(at(thread), headers=headers)
    assert b"<html" in response.content


def test_an_agent_sees_masked_numbers_and_a_supervisor_full_ones(thread: Thread) -> None:
    Contact.objects.update(wa_id="27821234567")
    for user, shown in ((factories.an_agent(), "+27••••••567"), (factories.a_supervisor(), "")):
        for path in (at(thread), at(thread, "panel/")):
            body = signed_in(user).get(path).content.decode()
            assert (shown or "+27 82 123 4567") in body
            assert ("1234567" in body.replace(" ", "")) is (not shown)


def test_a_contact_without_a_name_is_called_by_what_one_may_see(thread: Thread) -> None:
    Contact.objects.update(wa_id="27821234567", name="")
    body = signed_in(factories.an_agent()).get(INBOX).content.decode()
    assert "+27••••••567" in body
    assert "1234567" not in body

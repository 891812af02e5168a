"""Staff make keys in the console, and read there who called what."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from conversations import scopes
from conversations.models import ApiCall, ApiClient
from tests import factories
from tests.api.calling import Caller, a_key
from tests.inbox.pages import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/admin/conversations/apiclient/"
WANTED = {"name": "ERP", "scopes": ["labels:read", "invoices:read"], "calls_per_minute": "30"}


@pytest.fixture
def root() -> Client:
    return signed_in(User.objects.create_superuser("root", "", factories.PASSWORD))


def key_on(page: Any) -> str:
    found = re.search(r"wac_[a-z0-9]+_[\w-]+", page.content.decode())
    assert found
    return found[0]


def test_the_key_is_shown_once_and_opens_what_was_ticked(root: Client) -> None:
    page = root.post(f"{PAGE}add/", WANTED)
    key = key_on(page)
    client = ApiClient.objects.get()
    assert "no-store" in page["Cache-Control"]
    assert (client.scopes, client.calls_per_minute) == (["invoices:read", "labels:read"], 30)
    assert Caller(key).get("labels").status_code == 200
    for path in (PAGE, f"{PAGE}{client.pk}/change/"):
        shown = root.get(path).content.decode()
        assert client.prefix in shown
        assert key.split("_", 2)[2] not in shown
        assert client.secret_hash not in shown


def test_the_scopes_of_every_domain_can_be_ticked(root: Client) -> None:
    form = root.get(f"{PAGE}add/").content.decode()
    assert all(f'value="{name}"' in form for name in scopes.known())
    assert "invoices:write" in scopes.known()


def test_a_scope_that_nobody_knows_is_not_kept(root: Client) -> None:
    page = root.post(f"{PAGE}add/", WANTED | {"scopes": ["everything"]})
    assert "Select a valid choice" in page.content.decode()
    assert not ApiClient.objects.exists()


def test_a_client_gets_another_name_and_less(root: Client) -> None:
    client, key = a_key(scopes.LABELS_READ)
    root.post(f"{PAGE}{client.pk}/change/", {"name": "Shop", "scopes": []})
    client = ApiClient.objects.get()
    assert (client.name, client.scopes, client.user.get_full_name()) == ("Shop", [], "Shop")
    assert Caller(key).get("labels").status_code == 403


def act(root: Client, action: str, *clients: ApiClient) -> Any:
    chosen = [client.pk for client in clients]
    return root.post(PAGE, {"action": action, "_selected_action": chosen}, follow=True)


def test_a_new_key_is_made_for_one_client_at_a_time(root: Client) -> None:
    (client, old), (other, _) = a_key(scopes.LABELS_READ), a_key()
    assert "Choose one client" in act(root, "make_new_key", client, other).content.decode()
    assert Caller(old).get("labels").status_code == 200
    new = key_on(act(root, "make_new_key", client))
    assert Caller(old).get("labels").status_code == 401
    assert Caller(new).get("labels").status_code == 200


def test_a_key_is_revoked(root: Client) -> None:
    client, key = a_key(scopes.LABELS_READ)
    act(root, "revoke", client)
    assert Caller(key).get("labels").status_code == 401
    assert "Revoked" in root.get(PAGE).content.decode()


def test_who_may_only_look_makes_no_keys() -> None:
    client, key = a_key(scopes.LABELS_READ)
    user = factories.bob()
    user.user_permissions.add(Permission.objects.get(codename="view_apiclient"))
    browser = signed_in(user)
    assert browser.get(PAGE).status_code == 200
    assert browser.post(f"{PAGE}add/", WANTED).status_code == 403
    act(browser, "revoke", client)
    act(browser, "make_new_key", client)
    assert Caller(key).get("labels").status_code == 200


@pytest.mark.parametrize("make", [factories.an_agent, factories.a_supervisor, factories.a_clerk])
def test_no_group_of_staff_sees_keys_or_calls(make: Any) -> None:
    browser = signed_in(make())
    assert browser.get(PAGE).status_code == 403
    assert browser.get("/admin/conversations/apicall/").status_code == 403


def test_a_call_is_found_by_its_request_id(root: Client) -> None:
    client, key = a_key(scopes.LABELS_READ)
    response = Caller(key).get("labels")
    Caller(key).get("nothing")
    found = root.get("/admin/conversations/apicall/", {"q": response["X-Request-Id"]})
    assert client.name in found.content.decode()
    assert found.context["cl"].result_count == 1
    page = root.get(f"/admin/conversations/apicall/{ApiCall.objects.latest('pk').pk}/change/")
    assert "not_found" in page.content.decode()

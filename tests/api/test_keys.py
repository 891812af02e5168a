"""Who comes in: keys, their end, their traces, and staff who are signed in."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from conversations import api_clients, scopes
from conversations.models import ApiCall, ApiClient, Label
from tests import factories
from tests.api.calling import Caller, a_client, a_key

pytestmark = pytest.mark.django_db


def code_of(key: str) -> tuple[int, str]:
    response = Caller(key).get("labels")
    return response.status_code, response.json()["code"]


def test_a_key_is_kept_as_a_hash_alone() -> None:
    client, key = a_key(scopes.LABELS_READ)
    secret = key.split("_", 2)[2]
    kept = str(ApiClient.objects.values().get(pk=client.pk))
    assert key.startswith(f"wac_{client.prefix}_")
    assert len(secret) >= 43
    assert secret not in kept


def test_a_key_opens_what_its_scopes_name() -> None:
    assert a_client(scopes.LABELS_READ).get("labels").status_code == 200


def test_a_key_without_scopes_opens_nothing_and_says_what_it_needs() -> None:
    response = a_client().get("labels")
    assert response.status_code == 403
    assert response.json()["code"] == "not_allowed"
    assert response.json()["needs"] == "labels:read"


@pytest.mark.parametrize(
    "key",
    ["", "wac", "wac_", "wac_abc", "wac_abcdefgh_", "wac_ä_b", "xyz_abcdefgh_x", "wac_a_b" * 99],
)
def test_what_is_no_key_opens_nothing(key: str) -> None:
    response = Caller().get("labels", Authorization=f"Bearer {key}")
    assert response.status_code == 401
    assert response.json()["code"] == "key_refused"
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_secret_and_an_unknown_prefix_read_the_same() -> None:
    client, _ = a_key(scopes.LABELS_READ)
    wrong = Caller(f"wac_{client.prefix}_nonsense").get("labels").json()
    unknown = Caller("wac_zzzzzzzz_nonsense").get("labels").json()
    assert wrong["detail"] == unknown["detail"]
    assert wrong["code"] == unknown["code"] == "key_refused"


def test_a_revoked_key_opens_nothing_and_staff_see_who_still_uses_it() -> None:
    client, key = a_key(scopes.LABELS_READ)
    assert api_clients.revoke(client) is True
    assert api_clients.revoke(client) is False
    assert code_of(key) == (401, "key_refused")
    assert ApiCall.objects.get().client == client


def test_somebody_who_knows_a_prefix_alone_leaves_no_trace_in_its_name() -> None:
    client, _ = a_key(scopes.LABELS_READ)
    Caller(f"wac_{client.prefix}_nonsense").get("labels")
    assert ApiCall.objects.get().client is None


def test_an_expired_key_opens_nothing() -> None:
    now = timezone.now()
    assert code_of(a_key(scopes.LABELS_READ, expires_at=now)[1]) == (401, "key_refused")
    fresh = a_client(scopes.LABELS_READ, expires_at=now + timedelta(hours=1))
    assert fresh.get("labels").status_code == 200


def test_a_new_key_ends_the_old_one() -> None:
    client, old = a_key(scopes.LABELS_READ)
    new = api_clients.renew(client)
    assert code_of(old) == (401, "key_refused")
    assert Caller(new).get("labels").status_code == 200


def test_the_last_use_is_written_once_a_minute() -> None:
    client, key = a_key(scopes.LABELS_READ)
    Caller(key).get("labels")
    first = ApiClient.objects.get(pk=client.pk).last_used_at
    assert first is not None
    Caller(key).get("labels")
    assert ApiClient.objects.get(pk=client.pk).last_used_at == first
    ApiClient.objects.filter(pk=client.pk).update(last_used_at=first - timedelta(minutes=2))
    Caller(key).get("labels")
    later = ApiClient.objects.get(pk=client.pk).last_used_at
    assert later is not None
    assert later > first


def test_the_user_of_a_client_can_log_in_nowhere() -> None:
    client, _ = a_key(*scopes.OURS)
    assert not client.user.is_active
    assert not client.user.is_staff
    assert not client.user.has_usable_password()
    assert client.user.get_full_name() == client.name


def test_staff_who_are_signed_in_come_in_with_their_rights() -> None:
    Label.objects.create(name="VIP")
    assert Caller(user=factories.an_agent()).get("labels").json()["results"][0]["name"] == "VIP"
    refused = Caller(user=factories.bob()).get("labels")
    assert refused.status_code == 403
    assert refused.json()["needs"] == "labels:read"


def test_who_is_signed_in_and_no_staff_is_nobody() -> None:
    user = User.objects.create_user("visitor", password=factories.PASSWORD)
    user.user_permissions.add(Permission.objects.get(codename="view_thread"))
    assert Caller(user=user).get("labels").json()["code"] == "not_authenticated"


def test_a_key_never_rides_on_a_login() -> None:
    caller = Caller(user=factories.an_agent())
    response = caller.get("labels", Authorization="Bearer wac_abcdefgh_x")
    assert response.status_code == 401


def test_another_scheme_is_refused() -> None:
    response = Caller().get("labels", Authorization="Basic YTpi")
    assert response.json()["detail"] == "Only the scheme Bearer is known here."

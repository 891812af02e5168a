"""A signed-in person comes with their rights: the same that Django would tell, in one query."""

from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User

from tests import factories
from waconsole.people import PeopleWithRights

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> User:
    found = PeopleWithRights().get_user(user.pk)
    assert found is not None
    return found


def test_rights_of_person_and_groups_are_those_that_django_tells() -> None:
    alice = factories.an_agent()
    alice.user_permissions.add(Permission.objects.get(codename="add_invoice"))
    django_says = ModelBackend().get_all_permissions(User.objects.get(pk=alice.pk))
    assert signed_in(alice).get_all_permissions() == django_says
    assert {"conversations.reply_thread", "billing.add_invoice"} <= django_says


def test_they_cost_no_query_of_their_own(django_assert_num_queries: Any) -> None:
    alice = factories.an_agent()
    with django_assert_num_queries(1):
        person = signed_in(alice)
        assert person.has_perm("conversations.reply_thread")
        assert not person.has_perm("conversations.supervise_thread")
        assert person.has_module_perms("conversations")


def test_a_superuser_has_every_right() -> None:
    root = User.objects.create_superuser("root")
    rights = signed_in(root).get_all_permissions()
    assert len(rights) == Permission.objects.count()


def test_who_was_dismissed_is_nobody_and_has_nothing() -> None:
    alice = factories.an_agent()
    person = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert PeopleWithRights().get_user(alice.pk) is None
    person.is_active = False
    assert person.get_all_permissions() == set()


def test_rights_of_a_person_who_just_logged_in_are_djangos_own() -> None:
    alice = factories.an_agent()
    assert alice.has_perm("conversations.reply_thread")
    assert PeopleWithRights().get_user(0) is None

"""Who is signed in: a person comes from the database together with what they may do.

Settings name the backend. Django's own asks twice more in every request that looks at a right.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model

# In SQL, for every request asks it, and to put it together would take longer than to answer it.
PERSON = """
    SELECT person.*, ARRAY(
        SELECT kind.app_label || '.' || permission.codename
        FROM auth_permission AS permission
        JOIN django_content_type AS kind ON kind.id = permission.content_type_id
        WHERE person.is_superuser OR permission.id IN (
            SELECT own.permission_id FROM auth_user_user_permissions AS own
            WHERE own.user_id = person.id
            UNION ALL
            SELECT held.permission_id FROM auth_group_permissions AS held
            JOIN auth_user_groups AS member ON member.group_id = held.group_id
            WHERE member.user_id = person.id
        )
    ) AS rights
    FROM auth_user AS person WHERE person.id = %s
"""


class PeopleWithRights(ModelBackend):
    """Django's own rights of users and groups, read with the person in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, with `rights`: "conversations.reply_thread" and the like."""
        user = next(iter(User.objects.raw(PERSON, [user_id])), None)
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        rights = getattr(user_obj, "rights", None)
        if rights is None or obj is not None or not user_obj.is_active:
            return super().get_all_permissions(user_obj, obj)
        return set(rights)

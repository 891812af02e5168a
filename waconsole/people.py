"""Who is signed in: a person comes from the database together with what they may do.

Settings name the backend. Django's own asks twice more in every request that looks at a right.
"""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat


class PeopleWithRights(ModelBackend):
    """Django's own rights of users and groups, read with the person in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, with `rights`: "conversations.reply_thread" and the like."""
        user = User.objects.annotate(rights=ArraySubquery(_rights())).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(
        self, user_obj: User | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        rights = getattr(user_obj, "rights", None)
        if rights is None or obj is not None or not user_obj.is_active:
            return super().get_all_permissions(user_obj, obj)
        return set(rights)


def _rights() -> QuerySet[Permission, str]:
    own = User.user_permissions.through.objects.filter(user=OuterRef(OuterRef("pk")))
    by_group = Permission.objects.filter(group__user=OuterRef(OuterRef("pk"))).order_by()
    is_superuser = ExpressionWrapper(OuterRef("is_superuser"), output_field=BooleanField())
    held = Q(pk__in=own.values("permission")) | Q(pk__in=by_group.values("pk")) | Q(is_superuser)
    name = Concat(F("content_type__app_label"), Value("."), F("codename"))
    return (
        Permission.objects.order_by()
        .filter(held)
        .annotate(full_name=name)
        .values_list("full_name", flat=True)
    )

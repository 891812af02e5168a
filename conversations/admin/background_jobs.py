"""The queue's own pages, in the look of the console and for superusers only.

A job can be submitted again from here, and its arguments are code to the worker: that is more
than any group of staff may hold.
"""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django_q import admin as queue_admin
from django_q.models import Failure, OrmQ, Schedule, Success

from conversations.admin.read_only import ConsoleAdmin


class _ForSuperusers(ConsoleAdmin):
    when_empty = "No job stands here."

    def _is_root(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_root(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_root(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_root(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_root(request)


class SuccessAdmin(queue_admin.TaskAdmin, _ForSuperusers):  # type: ignore[misc]  # untyped
    """Jobs that ended well."""


class FailureAdmin(queue_admin.FailAdmin, _ForSuperusers):  # type: ignore[misc]  # untyped
    """Jobs that raised."""


class ScheduleAdmin(queue_admin.ScheduleAdmin, _ForSuperusers):  # type: ignore[misc]  # untyped
    """Jobs that come again."""


class QueuedAdmin(queue_admin.QueueAdmin, _ForSuperusers):  # type: ignore[misc]  # untyped
    """Jobs that wait, where the database is the broker."""


for model, model_admin in (
    (Success, SuccessAdmin),
    (Failure, FailureAdmin),
    (Schedule, ScheduleAdmin),
    (OrmQ, QueuedAdmin),
):
    # The queue registers its pages without our look; which ones depends on its broker.
    if admin.site.is_registered(model):
        admin.site.unregister(model)
        admin.site.register(model, model_admin)

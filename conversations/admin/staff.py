"""Users and groups in the look of the console; what they may do is Django's own business."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User

from conversations.admin.frame import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from conversations.admin.read_only import ConsoleAdmin

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ConsoleAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Who works here."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_filter = ["is_active", "is_staff", "groups"]
    list_filter_submit = True


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ConsoleAdmin):
    """Agent, Supervisor and Billing come with the migrations; others may be made."""

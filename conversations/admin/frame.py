"""The one place that imports django-unfold: its classes, with the types of Django's own.

Unfold ships no types, and what it builds on has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.contrib.admin import ModelAdmin as _ModelAdmin
    from django.contrib.admin import TabularInline as _TabularInline
    from django.contrib.auth.forms import (
        AdminPasswordChangeForm as AdminPasswordChangeForm,
    )
    from django.contrib.auth.forms import UserChangeForm as UserChangeForm
    from django.contrib.auth.forms import UserCreationForm as UserCreationForm

    Shown = Callable[[Any, Any], object]
    ModelAdmin = _ModelAdmin[Any]
    TabularInline = _TabularInline[Any, Any]

    def display(
        *, description: str, ordering: str = "", label: Mapping[Any, str] | None = None
    ) -> Callable[[Shown], Shown]:
        """A column: its head, what it sorts by, and the tone of each of its values."""
        raise NotImplementedError
else:
    from unfold.admin import ModelAdmin, TabularInline
    from unfold.decorators import display
    from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

__all__ = [
    "AdminPasswordChangeForm",
    "ModelAdmin",
    "TabularInline",
    "UserChangeForm",
    "UserCreationForm",
    "display",
]

"""A key or a secret is shown once, on a page that no browser and no proxy keeps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from conversations.admin.frame import ModelAdmin


def page(
    request: HttpRequest, admin: ModelAdmin, template: str, *, title: str, **shown: Any
) -> HttpResponse:
    """The template in the frame of the admin, with `shown` in its context."""
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "opts": admin.model._meta,
        **shown,
    }
    response = TemplateResponse(request, template, context)
    response["Cache-Control"] = "no-store"
    return response

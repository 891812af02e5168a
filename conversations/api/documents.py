"""The API's description and its page: made from the code, served from our own origin.

`make openapi` writes the description to docs/openapi.yaml; a test holds the two together.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request

from conversations.api import access
from conversations.api.resource import Door
from conversations.api.schema import OURS


@cache
def description() -> bytes:
    """The description as YAML, made once in a process."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    rendered: bytes = OpenApiYamlRenderer().render(schema, renderer_context={})  # type: ignore[no-untyped-call]  # untyped
    return rendered


class Description(Door):
    """This description, for whoever is known here."""

    schema = None
    access: ClassVar = {"get": access.ANYBODY}

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(description(), content_type="application/yaml")


urlpatterns = [
    path(
        "reference/",
        staff_member_required(SpectacularSwaggerSplitView.as_view(url=f"{OURS}openapi.yaml")),
        name="api-reference",
    ),
]

"""The addresses of this app's part of the API, below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from conversations.api.documents import Description
from conversations.api.labels import Labels

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("labels", Labels, basename="label")

app_name = "api"
urlpatterns = [
    path("openapi.yaml", Description.as_view(), name="description"),
    path("", include(router.urls)),
]

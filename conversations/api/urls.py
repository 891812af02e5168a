"""The addresses of this app's part of the API, below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from conversations.api.announcements import Announcements
from conversations.api.contacts import Contacts
from conversations.api.documents import Description
from conversations.api.labels import Labels
from conversations.api.media import File, Uploads
from conversations.api.messages import Messages
from conversations.api.phone_numbers import PhoneNumbers
from conversations.api.templates import Templates
from conversations.api.threads import Threads
from conversations.api.webhook_subscriptions import WebhookSubscriptions

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
for plural, resource in (
    ("phone_numbers", PhoneNumbers),
    ("contacts", Contacts),
    ("threads", Threads),
    ("messages", Messages),
    ("templates", Templates),
    ("labels", Labels),
    ("webhook_subscriptions", WebhookSubscriptions),
):
    router.register(plural, resource, basename=plural)

app_name = "api"
urlpatterns = [
    path("media", Uploads.as_view(), name="uploads"),
    path("media/<int:pk>", File.as_view(), name="media"),
    path("announcements", Announcements.as_view(), name="announcements"),
    path("openapi.yaml", Description.as_view(), name="description"),
    path("", include(router.urls)),
]

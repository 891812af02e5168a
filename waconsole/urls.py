"""Every address of the console and the door behind it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from conversations.api import documents, guide
from conversations.api.nowhere import Nowhere
from conversations.webhook import WhatsAppWebhook
from waconsole import dev_clock

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:conversations_thread_inbox")),
    path("admin/", admin.site.urls),
    path("webhooks/whatsapp/", WhatsAppWebhook.as_view(), name="whatsapp-webhook"),
    path("api/docs/", include(documents.urlpatterns)),
    path("api/docs/", include(guide.urlpatterns)),
    path("api/v1/", include("conversations.api.urls")),
    path("api/v1/", include("billing.api.urls")),
    # After every other address of the API. A path of Django's would end before a line break.
    re_path("^api/", Nowhere.as_view()),
]

if settings.DEBUG:
    urlpatterns.append(path("dev/clock/", dev_clock.set_clock, name="dev-clock"))

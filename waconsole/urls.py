"""Every address of the console and the door behind it."""

from django.conf import settings
from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from conversations.webhook import WhatsAppWebhook
from waconsole import dev_clock

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:conversations_thread_inbox")),
    path("admin/", admin.site.urls),
    path("webhooks/whatsapp/", WhatsAppWebhook.as_view(), name="whatsapp-webhook"),
]

if settings.DEBUG:
    urlpatterns.append(path("dev/clock/", dev_clock.set_clock, name="dev-clock"))

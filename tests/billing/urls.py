"""An admin with invoices and nothing else: the card's links need one to point at."""

from django.contrib.admin import AdminSite
from django.urls import path

from billing.models import Invoice

site = AdminSite("admin")
site.register(Invoice)

urlpatterns = [path("admin/", site.urls)]

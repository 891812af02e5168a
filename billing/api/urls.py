"""The addresses of billing's part of the API, below /api/v1/."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from billing.api.accounts import Accounts, Speaker
from billing.api.imports import ImportRows, Imports
from billing.api.invoices import Invoices

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("accounts", Accounts, basename="account")
router.register("invoices", Invoices, basename="invoice")
router.register("imports", Imports, basename="import")

ACCOUNT = "accounts/<path:external_id>"

app_name = "billing-api"
urlpatterns = [
    # Before the accounts themselves, whose keys may hold slashes.
    path(f"{ACCOUNT}/contacts/<int:contact_id>", Speaker.as_view(), name="speaker"),
    path("imports/<int:import_id>/rows", ImportRows.as_view({"get": "list"}), name="import-rows"),
    path("", include(router.urls)),
]

"""Addresses below /api/ that lead nowhere: the last of the API's addresses, told as a problem."""

from django.http import Http404
from rest_framework.request import Request

from conversations.api.resource import Door


class Nowhere(Door):
    """404 for whoever is known here, whatever the method; 401 for others."""

    schema = None

    def check_permissions(self, request: Request) -> None:
        raise Http404

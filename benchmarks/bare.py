"""The project's addresses and one more: the least that Django REST framework can answer."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from waconsole.urls import urlpatterns as ours


class Bare(APIView):
    """Asks nobody and no table."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response({"id": 1, "text": "Hello"})


urlpatterns = [path("bare", Bare.as_view()), *ours]

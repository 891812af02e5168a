"""Files: those of messages to download, whole or in stretches, and uploads to send."""

from __future__ import annotations

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from conversations import media, scopes
from conversations.api import bodies
from conversations.api.problems import Problem
from conversations.api.resource import Door
from conversations.media.limits import LARGEST
from conversations.media.uploads import KEPT_FOR
from conversations.models import MediaFile, Upload

# The largest file, and what a form adds to it.
BODY_MAX = max(LARGEST.values()) + 64 * 1024


class NewUpload(bodies.Body):
    file = serializers.FileField(help_text="What it is follows from its content.")


class UploadBody(bodies.Row):
    id = serializers.UUIDField(source="key", help_text="For `media.upload` of a new message.")
    expires_at = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["id", "mime_type", "filename", "size", "expires_at"]

    def get_expires_at(self, upload: Upload) -> str | None:
        return bodies.in_utc(upload.created_at + KEPT_FOR)


class Uploads(Door):
    """Where files are handed over."""

    access = {"post": scopes.MEDIA_WRITE}
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": NewUpload}, responses={201: UploadBody})
    def post(self, request: Request) -> Response:
        """The file is kept for a day, for messages of yours alone."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_MAX:
            raise Problem("too_large", f"A file may have {max(LARGEST.values())} bytes.")
        uploaded = bodies.read(NewUpload, request)["file"]
        upload = media.take_in(uploaded, owner=self.caller.key)
        return Response(UploadBody(upload, context={"request": request}).data, status=201)


class File(Door):
    """The file of a message."""

    access = {"get": scopes.MEDIA_READ}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Its bytes; with `Range` the stretch that is asked for (206)."""
        rows = MediaFile.objects.select_related("message").filter(state=MediaFile.State.HERE)
        media_file = rows.filter(pk=pk).first()
        response = media.serve(request._request, media_file)
        if media_file:
            self.touch(media_file)
        if response.status_code == 416:
            length = {"Content-Range": response["Content-Range"]}
            raise Problem("range_not_satisfiable", "It ends before that.", headers=length)
        return response

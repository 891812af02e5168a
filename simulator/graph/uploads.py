"""Media of the business: upload, look-up, deletion, and the download from the other host.

Source: Cloud API, media reference; wording of the refusals as seen from the API.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from simulator import configuration, world
from simulator.graph import call as calls
from simulator.graph import errors
from simulator.graph.call import Call
from simulator.media import files, kinds
from simulator.models import Media, Number


def upload(call: Call, number: Number) -> dict[str, Any]:
    """Keep the file for 30 days; `{"id": ...}`. The part's own type decides, without parameters."""
    if call.body.get("messaging_product") != "whatsapp":
        raise errors.required("messaging_product")
    file = call.request.FILES.get("file")
    if file is None:
        raise errors.required("file")
    # Django takes the parameters off; the caller's own words are what Meta looks at.
    extra = file.content_type_extra or {}
    received = str(file.content_type or "")
    received += "".join(f"; {name}={value.decode()}" for name, value in extra.items())
    if received not in kinds.UPLOADS:
        raise errors.parameter(
            "Param file must be a file with one of the following types: "
            f"{', '.join(kinds.UPLOADS)}. Received file of type '{received}'."
        )
    largest = kinds.LARGEST[kinds.kind_of(received)]
    if (file.size or 0) > largest:
        raise errors.parameter(f"Param file must be at most {largest} bytes.")
    if not file.size:
        raise errors.parameter("Param file must not be empty.")
    media = files.keep(number, file.read(), mime_type=received, file_name=file.name or "")
    return {"id": media.media_id}


def look_up(call: Call, media: Media) -> dict[str, Any]:
    """Type, digest, size and a download URL for five minutes."""
    _check_owner(call, media)
    return {
        "messaging_product": "whatsapp",
        "url": files.download_url(media, call.root),
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": media.file_size,
        "id": media.media_id,
    }


def delete(call: Call, media: Media) -> dict[str, Any]:
    """The file is gone; a second time there is no such object."""
    _check_owner(call, media)
    files.drop(media)
    return {"success": True}


@csrf_exempt
def download(request: HttpRequest) -> HttpResponse:
    """The bytes, as `lookaside.fbsbx.com` gives them: bearer and a living URL, else HTML."""
    media = files.find(request.GET.get("mid", ""))
    is_known = calls.token_of(request) == configuration.current().token
    if not is_known or world.switches().token_is_dead:
        # Seen in the field: without the bearer a page comes back that programs saved as a "photo".
        return HttpResponse("<!DOCTYPE html><title>Error</title>", status=401)
    ends, seal = request.GET.get("ext", ""), request.GET.get("hash", "")
    if media is None or not files.may_download(media, ends, seal):
        return HttpResponse("<!DOCTYPE html><title>URL signature expired</title>", status=404)
    return HttpResponse(files.content_of(media), content_type=media.mime_type)


def _check_owner(call: Call, media: Media) -> None:
    asked = call.body.get("phone_number_id")
    if asked and asked != media.number.phone_number_id:
        raise errors.unknown_object(media.media_id, call.method)

"""The phone page and the JSON behind it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from simulator import clock, inbound, outcomes, speech
from simulator.asking import Refused, chat_of, json_view, number_of, object_of
from simulator.control.log import latest
from simulator.media import files, ranges
from simulator.models import Customer, Media, Message
from simulator.phone import bubbles, chats

# What a browser may show in the page itself; everything else is saved.
SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/mpeg", "video/mp4")


def page(request: HttpRequest) -> HttpResponse:
    """Customers at the left, a chat at the right; on a narrow screen one at a time."""
    return render(request, "simulator/phone.html", {"business": number_of(request).verified_name})


def _changes(request: HttpRequest) -> dict[str, Any]:
    """All the page needs once a second: world, list, and the open chat's changes."""
    number = number_of(request)
    answer = {"world": chats.about_world(number), "chats": chats.listing(number)}
    wa_id = request.GET.get("chat")
    # Who has changed the number since is in the list, under the new one.
    if wa_id and Customer.objects.filter(wa_id=wa_id).exists():
        answer["chat"] = chats.conversation(chat_of(request, wa_id), request.GET.get("after", ""))
    if request.GET.get("log"):
        answer["log"] = latest()
    return answer


def _say(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """The customer says or taps something; the bubble of it."""
    chat = chat_of(request, wa_id)
    try:
        message = inbound.write(chat, speech.understand(chat, object_of(request)))
    except speech.SpeechError as problem:
        raise Refused(str(problem)) from problem
    return bubbles.bubble(message)


def _seen(request: HttpRequest, wa_id: str) -> dict[str, Any]:
    """The chat is open before the customer's eyes."""
    return {"read": outcomes.seen(chat_of(request, wa_id))}


def _played(request: HttpRequest, message_id: int) -> dict[str, Any]:
    """A voice note or a song of the business was listened to."""
    message = Message.objects.filter(pk=message_id, type="audio", direction="out").first()
    if message is None:
        raise Refused("There is no such sound.", 404)
    outcomes.play(message)
    return {"success": True}


def _jump(request: HttpRequest) -> dict[str, Any]:
    """The simulated clock moves, and the console's with it."""
    given = object_of(request)
    seconds, offset = given.get("seconds", 0), given.get("offset_seconds")
    for value in (seconds, offset):
        if value is not None and not isinstance(value, int | float):
            raise Refused("seconds and offset_seconds are numbers.")
    new = clock.jump(seconds=seconds, to_offset=offset)
    return {"offset_seconds": new, "now": clock.now().isoformat(), "console": clock.tell_console()}


def media(request: HttpRequest, media_id: str) -> HttpResponse:
    """A file in a bubble. Phones keep what they have, so Meta's time limits do not hold here."""
    found = Media.objects.filter(media_id=media_id).first()
    path = files.folder() / found.stored_as if found else None
    if found is None or path is None or not path.exists():
        raise Http404
    plain = found.mime_type.partition(";")[0]
    response = ranges.answer(request, path.read_bytes(), plain)
    # What a browser may not show in the page is saved, under the name it came with.
    is_saved = plain not in SHOWN_INLINE
    response["Content-Disposition"] = str(
        content_disposition_header(is_saved, found.file_name or media_id)
    )
    return response


changes = json_view(get=_changes)
say = json_view(post=_say)
seen = json_view(post=_seen)
played = json_view(post=_played)
jump = json_view(post=_jump)

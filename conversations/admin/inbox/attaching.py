"""Files that staff put into the composer: one a request, looked at again here, then on their way.

Nothing is said to Meta here: the upload is a job's, and the message waits for it in its place.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from conversations import media, sending
from conversations.admin.inbox import acts, composing, states
from conversations.admin.inbox.access import REPLY, Visit, at_thread
from conversations.whatsapp.content import ContentError

POST = ("POST",)


@at_thread(REPLY, POST)
def attach(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The `file` is queued with its `caption`, or `as_voice` as a voice message; once for each
    `reference`.

    Answers: 409 where nothing may be sent now, 422 where WhatsApp would not take the file; the
    `toast` says what is wrong, and nothing is kept.
    """
    composer = states.composer_of(visit)
    if not composer.may_write:
        return acts.refuse(request, visit, 409, composer.text or acts.NOT_YOURS)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        return acts.refuse(request, visit, 422, "No file came with it. Choose it again.")
    try:
        media.attach(
            visit.thread,
            uploaded,
            by=visit.user,
            holder=visit.user,
            caption=request.POST.get("caption", "").replace("\r\n", "\n").strip(),
            as_voice=request.POST.get("as_voice") == "1",
            reference=acts.reference_of(request),
            quotes=composing.quoted(request, visit),
        )
    except ContentError as error:
        return acts.refuse(request, visit, 422, composing.plain_words(error))
    except media.FileRefused as refusal:
        return acts.refuse(request, visit, 422, acts.words_of(refusal))
    except sending.SendRefused as refusal:
        return acts.refuse(request, visit, 409, acts.words_of(refusal))
    return acts.done(request, visit)

"""What staff write in a conversation: a text, an answer to a message, reply buttons under it; the
draft it was before, and the canned reply it began with."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations import canned, drafts, sending
from conversations.admin.inbox import acts, queries, rows, states, views
from conversations.admin.inbox.access import REPLY, Visit, at_thread
from conversations.models import CannedReply, Message, Thread
from conversations.whatsapp.content import Button, Buttons, Content, ContentError, Text

POST = ("POST",)
# What a refusal is about, where it is not the message as a whole.
SUBJECTS = {
    "button.title": "a button",
    "buttons": "the row of buttons",
    "buttons' titles": "the words on the buttons",
    "caption": "the caption",
    "quotes": "the answer",
}


@dataclass(frozen=True)
class Offer:
    """A canned reply for this customer: its text filled in, or why it cannot be."""

    shortcut: str
    text: str
    problem: str = ""


@at_thread(REPLY, POST)
def send(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The text is queued, once for each `reference` of the form, and the draft is gone.

    `quotes` is the key of the message that it answers, each `button` the words of a reply button.
    Answers: 409 where it may not be sent now, 422 where it is no message; nothing is queued then,
    and the text stays with the person.
    """
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    composer = states.composer_of(visit)
    if not composer.may_write:
        return acts.refuse(request, visit, 409, composer.text or acts.NOT_YOURS, draft=text)
    try:
        sending.send(
            visit.thread,
            _content(request, text),
            origin=Message.Origin.STAFF,
            by=visit.user,
            holder=visit.user,
            reference=acts.reference_of(request),
            quotes=quoted(request, visit),
        )
    except ContentError as error:
        return acts.refuse(request, visit, 422, plain_words(error), draft=text)
    except sending.SendRefused as refusal:
        return acts.refuse(request, visit, 409, acts.words_of(refusal), draft=text)
    drafts.keep(visit.thread, by=visit.user, text="")
    return acts.done(request, visit)


def _content(request: HttpRequest, text: str) -> Content:
    titles = [title.strip() for title in request.POST.getlist("button")]
    titles = [title for title in titles if title]
    if not titles:
        return Text(text)
    # Plain words: what comes back is read by a person, and by the assistant as any other words.
    return Buttons(text, tuple(Button(f"staff_{n}", title) for n, title in enumerate(titles, 1)))


def quoted(request: HttpRequest, visit: Visit) -> str:
    """The wamid of the message that the form answers, "" for none.

    Raises: ContentError where it is not of this conversation, or WhatsApp does not know it yet.
    """
    key = request.POST.get("quotes", "")
    if not key:
        return ""
    message = said_here(visit, key)
    if message is None or not message.wamid:
        raise ContentError(
            "quotes",
            "is to a message that cannot be quoted",
            advice="Take the quote away, or choose another message.",
        )
    return message.wamid


def said_here(visit: Visit, key: str) -> Message | None:
    """The message of this conversation with this key."""
    pk = int(key) if key.isdecimal() and len(key) < 19 else 0
    return visit.thread.messages.filter(pk=pk).first()


def plain_words(error: ContentError) -> str:
    """Why content was refused, as a person would say it."""
    subject = SUBJECTS.get(error.field, "the message")
    return f"Not sent: {subject} {error.problem}. {error.advice}".strip()


@at_thread(REPLY, POST)
def draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the person has written so far is kept for all their devices; the answer is the row of
    the list as it reads now, or 204 in a search.

    Late, after the form's `reference` was sent: nothing, or the message would stand there again.
    """
    reference = acts.reference_of(request)
    if reference is None or not Message.objects.filter(reference=reference).exists():
        drafts.keep(visit.thread, by=visit.user, text=request.POST.get("text", ""))
    chosen = views.chosen_of(request)
    if chosen.words:
        return HttpResponse(status=204)  # the row shows what was found, and stays so
    own = list(queries.as_rows(Thread.objects.filter(pk=visit.thread.pk), visit.user))
    row = rows.rows_of(own, visit.user, visit.viewer, visit.now, chosen=chosen)[0]
    context = {"row": row, "chosen": chosen, "selected": visit.thread.pk}
    return render(request, f"{views.TEMPLATES}/row.html", context)


@at_thread(REPLY)
def canned_replies(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the slash offers: replies whose shortcut begins with `q`, filled in for the customer."""
    prefix = request.GET.get("q", "")
    context = {
        "offers": [_offer(reply, visit) for reply in canned.matching(prefix)],
        "prefix": prefix,
    }
    return render(request, f"{views.TEMPLATES}/composer_slash.html", context)


def _offer(reply: CannedReply, visit: Visit) -> Offer:
    try:
        text = canned.fill(reply, contact=visit.thread.contact, by=visit.user)
    except canned.NotFilled as hole:
        return Offer(reply.shortcut, reply.text, str(hole))
    return Offer(reply.shortcut, text)

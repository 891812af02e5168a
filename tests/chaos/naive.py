"""The control: an assistant as one would write it without tables of what is owed.

Its door is the real one and keeps the real rows, but then queues a job for each message, and the
job thinks and POSTs. What the queue loses is lost, and what it gives out twice is sent twice. The
log says what each worker is about to do, so that it can be killed at that very moment.
"""

import logging
import os
import time
import uuid

from django.http import HttpResponse
from django.urls import path
from django_q.tasks import async_task
from rest_framework.request import Request

from conversations import connection, intake
from conversations.models import Message
from conversations.webhook import WhatsAppWebhook
from conversations.whatsapp import events
from conversations.whatsapp.content import Text
from waconsole.urls import urlpatterns as everything_else

logger = logging.getLogger(__name__)

URL = "/naive/webhook/"
THINKING_SECONDS = 1.0
THINKING, POSTING, DONE = "thinking", "posting", "done"


class NaiveWebhook(WhatsAppWebhook):
    """Verified and kept as ever; answered by a job for each message."""

    def post(self, request: Request) -> HttpResponse:
        answer = super().post(request)
        if answer.status_code == 200:
            intake.drain()
            for said in events.parse(request.body):
                if isinstance(said, events.InboundMessage):
                    async_task("tests.chaos.naive.answer", said.wamid)
        return answer


def answer(wamid: str) -> None:
    """Think, then POST. The log says what comes next."""
    asked = Message.objects.select_related("thread__contact", "thread__phone_number")
    thread = asked.get(wamid=wamid).thread
    _say(THINKING, wamid)
    time.sleep(THINKING_SECONDS)
    _say(POSTING, wamid)
    connection.api(thread.phone_number.phone_number_id).send(
        Text("The smaller one, I would say.").to_wire(),
        to=thread.contact.wa_id,
        reference=reference_of(wamid),
    )
    _say(DONE, wamid)


def _say(what: str, wamid: str) -> None:
    logger.info("naive %s pid=%s wamid=%s", what, os.getpid(), wamid)


def reference_of(wamid: str) -> str:
    """The same for the same question, so that a second POST is known for what it is."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, wamid))


urlpatterns = [path(URL.removeprefix("/"), NaiveWebhook.as_view()), *everything_else]

"""One message of a thread, in or out, with everything that happened to it."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q

from conversations.models.thread import Thread


class Message(models.Model):
    """Inbound rows are made by intake, outbound rows by the gate alone.

    An outbound row is QUEUED, then SENDING; with a wamid Meta has accepted it, and the webhook
    moves it on. FAILED is definite. UNCONFIRMED may or may not have arrived: no machine repeats it.
    """

    class Direction(models.TextChoices):
        IN = "in", "In"
        OUT = "out", "Out"

    class Status(models.TextChoices):
        RECEIVED = "received", "Received"
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Read"
        PLAYED = "played", "Played"
        FAILED = "failed", "Failed"
        UNCONFIRMED = "unconfirmed", "Unconfirmed"

    class Origin(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        ASSISTANT = "assistant", "Assistant"
        STAFF = "staff", "Staff"
        SYSTEM = "system", "System"
        API = "api", "Another system"
        PHONE = "phone", "The phone app"

    reference = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Ours; Meta echoes it."
    )
    # No index of its own: `message_of_thread` finds it. Every index costs each status of a message.
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    origin = models.CharField(max_length=9, choices=Origin.choices)
    kind = models.CharField(max_length=32, help_text="text, buttons, list, template, image, ...")
    text = models.TextField(blank=True, help_text="What people read in the bubble.")
    content = models.JSONField(default=dict, help_text="As on the wire.")
    status = models.CharField(max_length=11, choices=Status.choices)
    wamid = models.TextField(  # noqa: DJ001 -- one row's alone, and most wait for theirs
        null=True, blank=True, help_text="Meta's message id."
    )
    in_reply_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers",
        db_index=False,
        help_text="The newest inbound message this answer has seen.",
    )
    part = models.PositiveSmallIntegerField(default=0, help_text="Of an answer in several parts.")
    quotes = models.TextField(
        blank=True,
        help_text="The wamid of the message that is quoted, reacted to, edited or deleted.",
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    intent = models.CharField(max_length=16, blank=True)
    intent_confidence = models.FloatField(null=True, blank=True)
    trace = models.JSONField(
        default=dict, blank=True, help_text="How an automatic answer came about: route and figures."
    )
    is_forwarded = models.BooleanField(default=False)
    is_forwarded_often = models.BooleanField(
        default=False, help_text="More than five times, as WhatsApp says of chain letters."
    )
    referral = models.JSONField(
        null=True, blank=True, help_text="The ad or post the customer came from, as Meta names it."
    )
    edited_at = models.DateTimeField(null=True, blank=True, help_text="The customer changed it.")
    revoked_at = models.DateTimeField(
        null=True, blank=True, help_text="The customer deleted it for everyone."
    )
    pricing = models.JSONField(
        null=True, blank=True, help_text="What WhatsApp says it costs: billable, type, category."
    )
    sent_at = models.DateTimeField(
        help_text="WhatsApp's time; of an outbound message the gate's, until WhatsApp tells."
    )
    queued_at = models.DateTimeField(
        null=True, blank=True, help_text="When the gate let it through."
    )
    window_closes_at = models.DateTimeField(
        null=True, blank=True, help_text="The session window as the gate saw it: the evidence."
    )
    priority = models.PositiveSmallIntegerField(default=0, help_text="0 replies, 5 campaigns.")
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="When Meta answered 200, by our own clock."
    )
    error_code = models.IntegerField(null=True, blank=True)
    error_text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # Not `unique=True`: that brings a second index, for beginnings of it that nobody asks.
            models.UniqueConstraint(fields=["wamid"], name="message_wamid_is_one_rows"),
            models.UniqueConstraint(
                fields=["in_reply_to", "part"],
                condition=Q(direction="out", origin="assistant"),
                name="message_one_automatic_answer_per_part",
            ),
            models.UniqueConstraint(
                fields=["thread"],
                condition=Q(status="sending", wamid__isnull=True),
                name="message_one_in_flight_per_thread",
            ),
            models.CheckConstraint(
                condition=Q(direction="in", origin="customer", status="received")
                | Q(direction="out")
                & ~Q(origin="customer")
                & Q(
                    status__in=[
                        "queued",
                        "sending",
                        "sent",
                        "delivered",
                        "read",
                        "played",
                        "failed",
                        "unconfirmed",
                    ]
                ),
                name="message_status_fits_its_direction",
            ),
            # The 24-hour rule, whatever the code does. What staff sent from the phone app is not
            # ours to refuse: it was sent already.
            models.CheckConstraint(
                condition=Q(direction="in")
                | Q(kind="template")
                | Q(origin="phone")
                | Q(
                    queued_at__isnull=False,  # a comparison with nothing would let it pass
                    window_closes_at__isnull=False,
                    window_closes_at__gt=F("queued_at"),
                ),
                name="message_free_form_needs_an_open_window",
            ),
            models.CheckConstraint(
                condition=~Q(direction="out", origin="assistant") | Q(in_reply_to__isnull=False),
                name="message_automatic_answer_names_its_question",
            ),
            models.CheckConstraint(condition=~Q(wamid=""), name="message_wamid_is_not_empty"),
            models.CheckConstraint(
                condition=~Q(status="queued") | Q(next_at__isnull=False),
                name="message_queued_is_due_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(claimed_at__isnull=False),
                name="message_sending_was_claimed",
            ),
        ]
        indexes = [
            models.Index("thread", F("id").desc(), name="message_of_thread"),
            # For whoever deletes a question or a person; most messages have neither.
            models.Index(
                fields=["in_reply_to"],
                condition=Q(in_reply_to__isnull=False),
                name="message_answers",
            ),
            models.Index(
                fields=["sent_by"], condition=Q(sent_by__isnull=False), name="message_of_person"
            ),
            # Search over all history; in no language of its own, for customers write in many.
            GinIndex(SearchVector("text", config="simple"), name="message_words"),
            # What the pump claims, in its order.
            models.Index(
                fields=["priority", "next_at", "id"],
                condition=Q(status="queued"),
                name="message_to_send",
            ),
            # "Is there anything older still open in this thread?"
            models.Index(
                fields=["thread", "id"],
                condition=Q(status__in=["queued", "sending"]),
                name="message_open_in_thread",
            ),
            # What was done to a message; it may come before the message itself.
            models.Index(
                fields=["quotes"],
                condition=Q(kind__in=["reaction", "edit", "revoke"]),
                name="message_done_to_another",
            ),
            # What staff must look at.
            models.Index(
                fields=["thread", "id"],
                condition=Q(status__in=["failed", "unconfirmed"]),
                name="message_gone_wrong",
            ),
            # What we died over.
            models.Index(
                fields=["claimed_at"],
                condition=Q(status="sending", wamid__isnull=True),
                name="message_in_flight",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"

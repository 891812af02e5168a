"""The conversation of one contact with one of our numbers, and who answers it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations.models.contact import Contact
from conversations.models.label import Label
from conversations.models.phone_number import PhoneNumber


class Thread(models.Model):
    """What is said is in its messages; here stand whose turn it is and what is due."""

    class Mode(models.TextChoices):
        BOT = "bot", "Assistant"
        WAITING = "waiting", "Needs a person"
        STAFF = "staff", "Person"

    # The constraint and the indexes below find what these keys would have indexes for.
    phone_number = models.ForeignKey(
        PhoneNumber, models.PROTECT, related_name="threads", db_index=False
    )
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="threads")
    mode = models.CharField(
        max_length=8, choices=Mode.choices, default=Mode.BOT, help_text="Who answers."
    )
    is_closed = models.BooleanField(default=False, help_text="Done, until the customer writes.")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="threads",
        db_index=False,
    )
    assigned_group = models.ForeignKey(
        "auth.Group",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="threads",
        db_index=False,
        help_text="Whose members should take it, while nobody has it.",
    )
    snoozed_until = models.DateTimeField(
        null=True, blank=True, help_text="Out of the list until then, or until the customer writes."
    )
    labels = models.ManyToManyField(Label, related_name="threads", blank=True)
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="When it was handed over, while nobody has it."
    )
    # A refusal to answer what cannot be read is said once a day, not at every photo.
    unreadable_said_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The newest message from the phone app: what came before it was seen by whoever wrote that.
    answered_on_phone_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_inbound_at = models.DateTimeField(null=True, blank=True)
    window_closes_at = models.DateTimeField(
        null=True, blank=True, help_text="Until then anything may be sent; later only templates."
    )
    unread_count = models.PositiveIntegerField(default=0)
    last_message_at = models.DateTimeField(null=True, blank=True)
    preview = models.CharField(max_length=200, blank=True)

    # The pipeline's own: when an answer is due, until when somebody was woken for it, and who
    # holds the lease. All three by the database's clock, never by the business clock.
    reply_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    reply_due_at_latest = models.DateTimeField(null=True, blank=True, editable=False)
    woken_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    # When the customer is next to be shown that we have read it; nothing: they were, or need not.
    read_mark_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    read_mark_woken_until = models.DateTimeField(null=True, blank=True, editable=False)
    # What Meta allows one number to send to one customer: a bucket that refills, see delivery.
    pair_tokens = models.FloatField(default=45, editable=False)
    pair_refilled_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_number", "contact"], name="thread_one_per_number_and_contact"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["bot", "waiting", "staff"]), name="thread_mode_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mode="staff") | Q(assigned_to__isnull=True),
                name="thread_is_assigned_only_in_staff_mode",
            ),
            models.CheckConstraint(
                condition=Q(mode="bot") | Q(reply_due_at__isnull=True),
                name="thread_owes_an_automatic_reply_only_in_bot_mode",
            ),
            models.CheckConstraint(
                condition=Q(is_closed=False) | Q(mode="bot"), name="thread_closed_is_back_to_bot"
            ),
        ]
        indexes = [
            # The list of the inbox, page by page.
            models.Index(F("last_message_at").desc(), F("id").desc(), name="thread_newest_first"),
            models.Index(
                "assigned_to", F("last_message_at").desc(), name="thread_newest_of_assignee"
            ),
            models.Index(
                fields=["assigned_group"],
                condition=Q(assigned_group__isnull=False),
                name="thread_of_group",
            ),
            # What dispatch asks ten times a second; almost always empty.
            models.Index(
                fields=["reply_due_at"],
                condition=Q(reply_due_at__isnull=False),
                name="thread_reply_due",
            ),
            models.Index(
                fields=["woken_until"],
                condition=Q(woken_until__isnull=False),
                name="thread_woken",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(lease_until__isnull=False),
                name="thread_leased",
            ),
            models.Index(
                fields=["read_mark_due_at"],
                condition=Q(read_mark_due_at__isnull=False),
                name="thread_read_mark_due",
            ),
            # The badge in the sidebar.
            models.Index(fields=["id"], condition=Q(unread_count__gt=0), name="thread_unread"),
            models.Index(
                fields=["snoozed_until"],
                condition=Q(snoozed_until__isnull=False),
                name="thread_snoozed",
            ),
            # "Closing in under two hours", whatever else is asked.
            models.Index(
                fields=["window_closes_at"],
                condition=Q(is_closed=False),
                name="thread_open_window",
            ),
            models.Index(
                fields=["waiting_since"], condition=Q(mode="waiting"), name="thread_needs_a_person"
            ),
            # "Unassigned": a few among all those that the assistant answers.
            models.Index(
                F("last_message_at").desc(),
                F("id").desc(),
                condition=Q(mode__in=["waiting", "staff"], assigned_to__isnull=True),
                name="thread_of_nobody",
            ),
        ]
        permissions = [
            ("reply_thread", "Can reply, take over, hand back and close"),
            ("supervise_thread", "Can take over from another person and assign others"),
        ]

    def __str__(self) -> str:
        return f"Conversation {self.pk}"

"""A customer of the business: who is invoiced."""

from django.db import models

from billing.models.versioned import Versioned
from conversations.models import Contact


class Account(Versioned):
    """A household or a company; several contacts may speak for it, one may speak for several."""

    name = models.CharField(max_length=255)
    external_id = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="The account's key in the accounting system.",
    )
    contacts = models.ManyToManyField(Contact, related_name="accounts", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(external_id=""), name="account_external_id_is_not_empty"
            )
        ]

    def __str__(self) -> str:
        return self.name

"""A person with a phone, and that person's chat with one business number."""

from django.db import models


class Customer(models.Model):
    """Somebody on WhatsApp. Who hides the number has a `wa_id` all the same: we know it."""

    wa_id = models.CharField(max_length=20, unique=True, help_text="Digits, no +")
    bsuid = models.CharField(max_length=140, unique=True)
    name = models.CharField(max_length=100)
    username = models.CharField(max_length=60, blank=True)
    hides_number = models.BooleanField(default=False, help_text="Webhooks carry the user id only")
    is_reachable = models.BooleanField(default=True, help_text="Off: sends fail with 131026")
    phone_is_off = models.BooleanField(default=False, help_text="Nothing is delivered meanwhile")
    sends_read_receipts = models.BooleanField(default=True)
    takes_marketing = models.BooleanField(default=True, help_text="Off: 131050")

    def __str__(self) -> str:
        return self.wa_id


class Chat(models.Model):
    """What one customer and one number have said; the 24-hour window belongs to it."""

    number = models.ForeignKey("simulator.Number", models.CASCADE, related_name="chats")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="chats")
    last_inbound_at = models.DateTimeField(null=True, help_text="By the simulated clock")
    blocked_at = models.DateTimeField(null=True, help_text="The business has blocked the customer")
    seen_message_id = models.BigIntegerField(
        default=0, help_text="The newest the customer has seen"
    )
    typing_until = models.DateTimeField(null=True, help_text="By the real clock")
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "customer"], name="simulator_chat_is_one_per_number_and_customer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number_id}/{self.customer_id}"

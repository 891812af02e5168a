"""A business phone number at Meta, and which business accounts an app has subscribed to."""

from django.db import models


class Number(models.Model):
    """One WhatsApp Business phone number, as `GET /{phone-number-id}` shows it."""

    phone_number_id = models.CharField(max_length=40, unique=True)
    waba_id = models.CharField(max_length=40, db_index=True)
    display_phone_number = models.CharField(max_length=20, help_text="Digits with country code")
    verified_name = models.CharField(max_length=100)
    is_registered = models.BooleanField(default=True)
    pin = models.CharField(max_length=6, blank=True)
    profile = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    fields = models.JSONField(default=dict, help_text="Node fields that differ from a good number")
    webhook_url = models.CharField(max_length=200, blank=True, help_text="Override of this number")

    def __str__(self) -> str:
        return self.phone_number_id


class Subscription(models.Model):
    """The app listens to this account; without the row no webhook of it is ever sent."""

    waba_id = models.CharField(max_length=40, unique=True)
    webhook_url = models.CharField(max_length=200, blank=True, help_text="Override of the account")

    def __str__(self) -> str:
        return self.waba_id

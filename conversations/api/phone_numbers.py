"""Our own WhatsApp numbers, to read: which there are, and whether they send at present."""

from django.utils import timezone
from rest_framework import serializers

from conversations import scopes
from conversations.api import bodies
from conversations.api.resource import Resource
from conversations.models import PhoneNumber


class PhoneNumberBody(bodies.Row):
    is_paused = serializers.SerializerMethodField(help_text="Nothing is sent at present.")

    class Meta:
        model = PhoneNumber
        fields = [
            "id",
            "phone_number_id",
            "waba_id",
            "display_number",
            "name",
            "quality_rating",
            "daily_limit",
            "is_paused",
            "paused_reason",
        ]

    def get_is_paused(self, number: PhoneNumber) -> bool:
        until = number.paused_until
        return bool(number.paused_reason) and (until is None or until > timezone.now())


class PhoneNumbers(Resource):
    """Our own numbers."""

    access = {"list": scopes.NUMBERS_READ, "retrieve": scopes.NUMBERS_READ}
    queryset = PhoneNumber.objects.all()
    serializer_class = PhoneNumberBody
    filterset_fields = ["phone_number_id", "waba_id"]

"""Message templates, to read: what may be sent outside the window, and what goes into its gaps."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from conversations import scopes
from conversations.api import bodies
from conversations.api.resource import Resource
from conversations.models import MessageTemplate
from conversations.whatsapp.content import TemplateShape


class VariableBody(bodies.Body):
    key = serializers.CharField(help_text="How its value is named: 1, first_name, header.image.")
    place = serializers.CharField(help_text="header, body or button.")
    kind = serializers.CharField()
    title = serializers.CharField(source="label")
    example = serializers.CharField()
    is_required = serializers.BooleanField(source="required")


class TemplateBody(bodies.Row):
    reads = serializers.SerializerMethodField(help_text="Its text, with its gaps.")
    variables = serializers.SerializerMethodField(help_text="What goes into its gaps.")
    can_be_sent = serializers.SerializerMethodField(help_text="Approved, and of a kind we send.")

    class Meta:
        model = MessageTemplate
        fields = [
            "id",
            "name",
            "language",
            "category",
            "status",
            "status_reason",
            "quality",
            "waba_id",
            "reads",
            "variables",
            "can_be_sent",
            "updated_at",
        ]

    def to_representation(self, instance: MessageTemplate) -> dict[str, Any]:
        self._shape = TemplateShape.from_components(instance.components)
        return super().to_representation(instance)

    def get_reads(self, template: MessageTemplate) -> str:
        return self._shape.render()

    @extend_schema_field(VariableBody(many=True))
    def get_variables(self, template: MessageTemplate) -> list[dict[str, Any]]:
        return [dict(VariableBody(slot).data) for slot in self._shape.slots]

    def get_can_be_sent(self, template: MessageTemplate) -> bool:
        return template.status == MessageTemplate.APPROVED and not self._shape.obstacle


class Templates(Resource):
    """Message templates."""

    access = {"list": scopes.TEMPLATES_READ, "retrieve": scopes.TEMPLATES_READ}
    queryset = MessageTemplate.objects.all()
    serializer_class = TemplateBody
    filterset_fields = ["name", "language", "category", "status", "waba_id"]

"""Labels: what staff put on conversations. To read; they are made in the console."""

from conversations import scopes
from conversations.api import bodies
from conversations.api.resource import Resource
from conversations.models import Label


class LabelBody(bodies.Row):
    class Meta:
        model = Label
        fields = ["id", "name", "tone"]


class Labels(Resource):
    """Labels."""

    access = {"list": scopes.LABELS_READ, "retrieve": scopes.LABELS_READ}
    queryset = Label.objects.all()
    serializer_class = LabelBody
    filterset_fields = ["name"]

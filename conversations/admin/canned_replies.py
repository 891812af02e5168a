"""Canned replies in the admin: the texts that a slash brings up in the composer."""

from django import forms
from django.contrib import admin

from conversations import canned
from conversations.admin.frame import display
from conversations.admin.read_only import ConsoleAdmin
from conversations.models import CannedReply

SHOWN = 60


class CannedReplyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A placeholder that nobody knows is found here, and not by an agent in front of a customer."""

    class Meta:
        model = CannedReply
        fields = ["shortcut", "text"]

    def clean_shortcut(self) -> str:
        """`/Hours` and `hours` are one shortcut: it is typed in a hurry."""
        return str(self.cleaned_data["shortcut"]).lower()

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        try:
            canned.check(text)
        except canned.NotFilled as problem:
            raise forms.ValidationError(str(problem)) from problem
        return text


@admin.register(CannedReply)
class CannedReplyAdmin(ConsoleAdmin):
    """Agents use them; supervisors write them."""

    when_empty = 'What is typed again and again is written once here; "/" in the inbox offers it.'
    form = CannedReplyForm
    list_display = ["__str__", "beginning"]
    search_fields = ["shortcut", "text"]
    search_help_text = "Shortcut or words of the text"

    @display(description="Text")
    def beginning(self, reply: CannedReply) -> str:
        line = " ".join(reply.text.split())
        return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"

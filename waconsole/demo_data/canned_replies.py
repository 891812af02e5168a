"""The demo's canned replies: what its staff would type ten times a day."""

from conversations.models import CannedReply

REPLIES = {
    "hello": "Hi {{first_name}}, {{my_name}} from {{business}} here. How can I help?",
    "hours": "We are open *Monday to Friday, 8:00 to 17:00*, and on Saturdays until 12:30.",
    "delivery": "Hi {{first_name}}, orders placed before 11:00 leave our warehouse the same day.\n"
    "You will get a message with a tracking link once yours is on its way.",
    "proof": "Thank you, {{first_name}}. Please send the proof of payment here as a photo or PDF, "
    "and we will match it to your invoice today.",
    "look": "One moment please, {{first_name}}, I am looking it up for you.",
    "thanks": "Thank you for your order, {{first_name}}! Is there anything else that I can do?",
}


def add() -> None:
    """All of them."""
    CannedReply.objects.bulk_create(
        CannedReply(shortcut=shortcut, text=text) for shortcut, text in REPLIES.items()
    )

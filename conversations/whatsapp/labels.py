"""What people read in place of a message that is not text, the same for both directions."""

NAMES = {
    "image": "📷 Photo",
    "video": "🎥 Video",
    "audio": "🎵 Audio",
    "voice": "🎤 Voice message",
    "document": "📄 Document",
    "sticker": "Sticker",
    "location": "📍 Location",
    "contacts": "👤 Contact",
    "order": "🛒 Order",
    "flow": "📋 Form",
    "template": "Template",
    "reaction": "Reaction",
    "unsupported": "Unsupported message",
}


def label(kind: str, detail: str = "") -> str:
    """Return "📷 Photo: detail", or the bare name where there is no detail.

    A kind without a name of its own is called an unsupported message and keeps its raw name.
    """
    name = NAMES.get(kind) or f"{NAMES['unsupported']} ({kind})"
    detail = detail.strip()
    return f"{name}: {detail}" if detail else name

"""Which files Meta takes as what, and how large.

Source: Cloud API, media reference, supported media types.
"""

MB = 1024 * 1024

AUDIO = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
IMAGE = ("image/jpeg", "image/png")
VIDEO = ("video/mp4", "video/3gpp")
STICKER = ("image/webp",)
DOCUMENT = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
UPLOADS = (*AUDIO, *IMAGE, *VIDEO, *STICKER, *DOCUMENT)

LARGEST = {
    "audio": 16 * MB,
    "image": 5 * MB,
    "video": 16 * MB,
    "sticker": 500 * 1024,
    "document": 100 * MB,
}
BY_LINK = {"audio": AUDIO, "image": IMAGE, "video": VIDEO, "sticker": STICKER}
MEDIA_TYPES = ("image", "video", "audio", "document", "sticker")


def bare(mime_type: str) -> str:
    """The type without its parameters: `audio/ogg; codecs=opus` -> `audio/ogg`."""
    return mime_type.partition(";")[0].strip().lower()


def kind_of(mime_type: str) -> str:
    """The message type a file of this mime type belongs to; `document` where none other fits."""
    plain = bare(mime_type)
    return next((kind for kind, types in BY_LINK.items() if plain in types), "document")


def largest_in_words(kind: str) -> str:
    """`16MB`, `500KB`."""
    largest = LARGEST[kind]
    return f"{largest // MB}MB" if largest >= MB else f"{largest // 1024}KB"


def fits(kind: str, mime_type: str) -> bool:
    """May a file of this type be sent as this kind? Any type may go as a document."""
    return kind == "document" or bare(mime_type) in BY_LINK[kind]

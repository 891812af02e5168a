"""Templates as Meta's management API describes them."""

from typing import Any

from conversations.whatsapp.content import Document, MediaSource, TemplateShape

# Source: Cloud API, GET /{waba_id}/message_templates, `components`; the texts are ours.
OVERDUE = [
    {
        "type": "BODY",
        "text": "Hi {{1}}, your invoice for {{2}} is overdue.",
        "example": {"body_text": [["Thandi", "R 1 200"]]},
    }
]
NAMED = [
    {
        "type": "HEADER",
        "format": "TEXT",
        "text": "Order {{order_no}}",
        "example": {
            "header_text_named_params": [{"param_name": "order_no", "example": "42"}],
        },
    },
    {
        "type": "BODY",
        "text": "Hello {{first_name}}, {{ first_name }}: it comes on {{day}}.",
        "example": {
            "body_text_named_params": [
                {"param_name": "first_name", "example": "Thandi"},
                {"param_name": "day", "example": "Monday"},
            ]
        },
    },
    {"type": "FOOTER", "text": "Karoo Office Supplies"},
]
FULL = [
    {"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::x"]}},
    {"type": "BODY", "text": "Your invoice {{1}}."},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Paid already"},
            {"type": "URL", "text": "Website", "url": "https://example.com"},
            {
                "type": "URL",
                "text": "Pay",
                "url": "https://example.com/{{1}}",
                "example": ["https://example.com/7"],
            },
            {"type": "COPY_CODE", "text": "Copy", "example": "SAVE10"},
            {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+27821234567"},
        ],
    },
]
INVOICE = Document(MediaSource(id="7"), filename="INV-7.pdf")
FULL_VALUES: dict[str, Any] = {
    "header.document": INVOICE,
    "1": "INV-7",
    "button.2": "p/7",
    "button.3": "SAVE10",
}


def shape(components: Any) -> TemplateShape:
    return TemplateShape.from_components(components)


def with_header(kind: str) -> TemplateShape:
    return shape([{"type": "HEADER", "format": kind}, {"type": "BODY", "text": "Hello."}])


def with_button(**button: Any) -> TemplateShape:
    return shape([{"type": "BODY", "text": "Hi"}, {"type": "BUTTONS", "buttons": [button]}])

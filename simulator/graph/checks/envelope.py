"""The outer keys of a send: is the number registered, the product named, the type one there is?"""

from simulator.graph import errors
from simulator.graph.order import Order

TYPES = (
    "AUDIO, CONTACTS, DOCUMENT, GIF, IMAGE, INTERACTIVE, LINK_PREVIEW, LOCATION, PIN, REACTION, "
    "STICKER, TEMPLATE, TEXT, VIDEO"
)
UNSUPPORTED = ("gif", "link_preview", "pin")
CALLBACK_LONGEST = 512


def check_registered(order: Order) -> None:
    """133010 until the number was registered."""
    if not order.number.is_registered:
        raise errors.known(133010)


def check_product(order: Order) -> None:
    """`messaging_product` is "whatsapp"."""
    product = order.payload.get("messaging_product")
    if not product:
        raise errors.required("messaging_product")
    if product != "whatsapp":
        raise errors.parameter("Param messaging_product must be one of {WHATSAPP}.")


def check_type(order: Order) -> None:
    """`type` is in Meta's list, and its object is there; text where there is none."""
    given = str(order.payload.get("type") or "text")
    if given.upper() not in TYPES.split(", "):
        raise errors.parameter(f'Param type must be one of {{{TYPES}}} - got "{given}".')
    order.type = given.lower()
    if order.type in UNSUPPORTED:
        raise errors.known(131051)
    if len(str(order.payload.get("biz_opaque_callback_data") or "")) > CALLBACK_LONGEST:
        raise errors.parameter(
            f"Param biz_opaque_callback_data must be at most {CALLBACK_LONGEST} characters long."
        )

"""What Meta says a message costs. Source: Cloud API, pricing, per message since 2025-07."""

from typing import Any

from simulator.graph.order import Order


def of(order: Order) -> dict[str, Any]:
    """The `pricing` object of the statuses of this message."""
    category = order.template.category.lower() if order.template else "service"
    is_free = category == "service" or (category == "utility" and order.window_is_open)
    return {
        "billable": not is_free,
        "pricing_model": "PMP",
        "type": "free_customer_service" if is_free else "regular",
        "category": category,
    }

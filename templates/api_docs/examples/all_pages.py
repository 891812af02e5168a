import os
from collections.abc import Iterator
from typing import Any

import requests

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"


def rows(address: str, **filters: str) -> Iterator[dict[str, Any]]:
    """Every row, page by page: `next` is a whole address, and null at the end."""
    answer = console.get(address, params={**filters, "page_size": "200"}, timeout=30)
    while True:
        answer.raise_for_status()
        yield from answer.json()["results"]
        following = answer.json()["next"]
        if following is None:
            return
        answer = console.get(following, timeout=30)


for invoice in rows(f"{os.environ['CONSOLE']}/api/v1/invoices", overdue="true"):
    print(invoice["number"], invoice["due_on"], invoice["total"]["amount"])

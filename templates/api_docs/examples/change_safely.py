import os
from datetime import date, timedelta

import requests

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"
address = f"{os.environ['CONSOLE']}/api/v1/invoices/2026/0042"

while True:
    seen = console.get(address, timeout=30)
    seen.raise_for_status()
    later = date.fromisoformat(seen.json()["due_on"]) + timedelta(days=14)
    changed = console.patch(
        address,
        json={"due_on": later.isoformat()},
        headers={"If-Match": seen.headers["ETag"]},
        timeout=30,
    )
    if changed.status_code == 412:
        continue  # somebody was quicker: look again, and decide anew
    changed.raise_for_status()
    print("due on", changed.json()["due_on"])
    break

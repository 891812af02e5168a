import os
import time

import requests

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"
invoices = [
    {
        "external_id": f"2026/{number:04}",
        "number": f"INV-{number:04}",
        "account": "KOS-1001",
        "total": {"amount": "450.00", "currency": "ZAR"},
        "issued_on": "2026-10-01",
        "due_on": due_on,
    }
    for number, due_on in ((101, "2026-10-31"), (102, "2026-11-30"), (103, "2026-09-01"))
]
body = {
    "accounts": [{"external_id": "KOS-1001", "name": "Mokoena Bookkeeping"}],
    "invoices": invoices,
    "all_or_nothing": False,
}

answer = console.post(f"{os.environ['CONSOLE']}/api/v1/imports", json=body, timeout=60)
answer.raise_for_status()
named = answer.json()
while named["ended_at"] is None:
    time.sleep(2)
    named = console.get(answer.headers["Location"], timeout=30).json()
print(named["status"], named["rows_created"], "created,", named["rows_refused"], "refused")

refused = console.get(named["rows"], params={"outcome": "refused"}, timeout=30).json()
for row in refused["results"]:
    for error in row["errors"]:
        print(row["kind"], "row", row["row"], error["pointer"], error["detail"])

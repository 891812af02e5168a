import os
from pathlib import Path

import requests

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"
address = f"{os.environ['CONSOLE']}/api/v1/announcements"
kept = Path(os.environ["CURSOR_FILE"])  # where this program remembers how far it came

while True:
    after = kept.read_text() if kept.exists() else "0"
    answer = console.get(address, params={"after": after}, timeout=30)
    answer.raise_for_status()
    page = answer.json()
    for event in page["results"]:
        print(event["id"], event["type"], event["data"])
    kept.write_text(page["cursor"])  # only when the events of the page are done
    if not page["has_more"]:
        break  # come again in a second or two

import os

import requests

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"

address = f"{os.environ['CONSOLE']}/api/v1/threads"
answer = console.get(address, params={"page_size": 5}, timeout=30)
answer.raise_for_status()
for thread in answer.json()["results"]:
    print(thread["contact"]["name"], thread["mode"], thread["window_closes_at"])

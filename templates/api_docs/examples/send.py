import os
import time
import uuid

import requests

AGAIN = ("request_in_progress", "too_many_requests", "unavailable", "internal_error")

console = requests.Session()
console.headers["Authorization"] = f"Bearer {os.environ['KEY']}"
console.headers["Idempotency-Key"] = str(uuid.uuid4())  # one for each message, kept for each try
address = f"{os.environ['CONSOLE']}/api/v1/messages"
message = {"phone_number": "+27 82 123 4567", "text": "Your order is on its way."}

for _ in range(10):
    try:
        answer = console.post(address, json=message, timeout=30)
    except requests.ConnectionError:
        time.sleep(5)  # whether it arrived nobody knows: the same key makes it safe to ask again
        continue
    told = answer.json()
    if told.get("code") in AGAIN:
        time.sleep(int(answer.headers.get("Retry-After", 5)))
        continue
    if answer.ok:
        print("message", told["id"], "is", told["status"])
    else:
        print("refused:", told["code"], "-", told["detail"], told["what_to_do"])
    break

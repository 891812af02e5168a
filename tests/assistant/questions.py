"""Questions to put to the assistant, and connections to put them through."""

from __future__ import annotations

from conversations.assistant.replies import Ask, Business, Connection, Turn

KEY = "sk-ant-test-0123456789"


def connection_to(url: str | None, *, model: str = "claude-sonnet-4-6") -> Connection:
    return Connection(api_key=KEY, base_url=url, model=model, max_tokens=300)


def customer_says(*texts: str, first_name: str | None = "Thandi") -> Ask:
    return asking(*(Turn("user", text) for text in texts), first_name=first_name)


def asking(*turns: Turn, first_name: str | None = "Thandi") -> Ask:
    return Ask(
        business=Business("Karoo Office Supplies", "Open on weekdays from 08:00 to 17:00."),
        first_name=first_name,
        turns=turns,
        guess=None,
        today="Sunday 22 November 2026, 18:40",
    )

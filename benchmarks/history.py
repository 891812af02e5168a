"""A year of a busy business, made set-wise: `python -m benchmarks.history THREADS MESSAGES`.

Runs in a process of its own, on the empty and migrated database that `DATABASE_URL` names.
`benchmarks.loader` starts it. Every second message is the customer's; most are answered at once,
one in ten is not. A few customers have thousands of messages, most have some; half of the
conversations are closed. What was said is made of 20,000 words, used as often as words are.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import timedelta
from itertools import accumulate

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waconsole.settings")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 -- they need the apps
from django.db import connection, transaction  # noqa: E402

from benchmarks import setwise  # noqa: E402
from billing.models import Account, Invoice  # noqa: E402
from conversations import clock, window  # noqa: E402
from conversations.models import (  # noqa: E402
    Contact,
    DailyTotal,
    Label,
    Message,
    MessageTemplate,
    PhoneNumber,
    Thread,
    ThreadEvent,
)

DAYS = 365
AGENTS = 10
WORDS, SENTENCES, WORDS_IN_ONE = 20_000, 20_000, (3, 18)
COMMON = ("invoice", "order", "delivery", "tomorrow", "printer", "paper", "please", "thanks")
FIRST = ["Thandi", "Sipho", "Naledi", "Bongani", "Lerato", "Johan", "Priya", "Zanele", "Pieter"]
LAST = ["Nkosi", "Botha", "Dlamini", "Naidoo", "Mokoena", "Smith", "Khumalo", "Adams", "Ndlovu"]

# What is answered, by whom, and what became of it; of the running number of a pair.
PAIR = "((n + 1) / 2)"
TENTH = f"mod({PAIR}, 10)"
IS_OURS = f"(mod(n, 2) = 0 AND {TENTH} <> 0)"
ORIGIN = f"""CASE WHEN NOT {IS_OURS} THEN 'customer' WHEN {TENTH} < 6 THEN 'assistant'
    WHEN {TENTH} = 9 THEN 'system' ELSE 'staff' END"""
STATUS = f"""CASE WHEN NOT {IS_OURS} THEN 'received' WHEN mod({PAIR}, 2003) = 0 THEN 'failed'
    WHEN {TENTH} < 7 THEN 'read' WHEN {TENTH} < 9 THEN 'delivered' ELSE 'sent' END"""
# Both of a pair are of one conversation: each has one, and the rest are spread unevenly.
THREAD = f"""CASE WHEN {PAIR} <= %(threads)s THEN {PAIR}
    ELSE 1 + floor(%(threads)s * power(chance, 2))::int END"""


def make(threads: int, messages: int) -> None:
    """All of it, and the statistics that the planner would have by then."""
    fill(threads, messages)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill(threads: int, messages: int) -> None:
    """All of it in one transaction; at least two messages a thread."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the keys are right
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL synchronous_commit = off")
        number, users = _number(), _users()
        _customers(threads)
        _sentences()
        with setwise.without_indexes(Message):
            _messages(threads, messages, users[0])
        _threads(number, users)
        _asides()
        _bills(threads)
        _totals()


def _number() -> int:
    """The number that customers write to, and a template; the number's key."""
    MessageTemplate.objects.create(
        name="invoice_overdue",
        language="en_ZA",
        status=MessageTemplate.APPROVED,
        category="UTILITY",
        components=[{"type": "BODY", "text": "Your invoice is overdue."}],
    )
    number = PhoneNumber.objects.create(
        phone_number_id="100000000000001", waba_id="200000000000001", name="Karoo Farms"
    )
    return int(number.pk)


def _users() -> list[int]:
    """Who answers: agents with keys one after another."""
    users = [
        User.objects.create(username=f"agent{n}", first_name=f"Agent {n}", is_staff=True)
        for n in range(AGENTS)
    ]
    Group.objects.get(name="Agent").user_set.add(*users)
    return [user.pk for user in users]


def _customers(threads: int) -> None:
    setwise.insert(
        Contact,
        {
            "id": "n",
            "wa_id": "'2782' || lpad(n::text, 7, '0')",
            "bsuid": "'ZA.' || n",
            "name": "(%(first)s::text[])[1 + mod(n, 9)] || ' ' ||"
            " (%(last)s::text[])[1 + mod(n / 9, 9)] || ' ' || n",
        },
        "FROM generate_series(1, %(threads)s) AS n",
        threads=threads,
        first=FIRST,
        last=LAST,
    )


def _sentences() -> None:
    """A table of things that are said: the second word of a language is used half as often."""
    rng = random.Random(1)
    letters = "aeioubdfgklmnprst"
    words = [*COMMON]
    words += ["".join(rng.choices(letters, k=rng.randint(3, 9))) for _ in range(WORDS)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    said = [
        " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(*WORDS_IN_ONE)))
        for _ in range(SENTENCES)
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE sentence (id int, said text) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO sentence SELECT number, said FROM unnest(%s::text[])"
            " WITH ORDINALITY AS given (said, number)",
            [said],
        )


def _messages(threads: int, messages: int, first_agent: int) -> None:
    """In the order of their times; the newest is of this moment."""
    setwise.insert(
        Message,
        {
            "id": "n",
            "reference": "gen_random_uuid()",
            "thread_id": THREAD,
            "direction": f"CASE WHEN {IS_OURS} THEN 'out' ELSE 'in' END",
            "origin": ORIGIN,
            "kind": f"CASE WHEN {ORIGIN} = 'system' THEN 'template' ELSE 'text' END",
            "text": "text",
            "content": "jsonb_build_object('type', 'text', 'text',"
            " jsonb_build_object('body', text))",
            "status": STATUS,
            "wamid": f"CASE WHEN {STATUS} = 'failed' THEN NULL"
            " ELSE 'wamid.HBgLMjc4MjEyMzQ1NjcV' || n END",
            "in_reply_to_id": f"CASE WHEN {ORIGIN} = 'assistant' THEN n - 1 END",
            "sent_by_id": f"CASE WHEN {ORIGIN} = 'staff' THEN"
            f" %(first_agent)s + mod({PAIR}, %(agents)s) END",
            "sent_at": "at",
            "created_at": "at",
            "queued_at": f"CASE WHEN {IS_OURS} THEN at END",
            "window_closes_at": f"CASE WHEN {IS_OURS} THEN at + interval '23 hours' END",
            "accepted_at": f"CASE WHEN {IS_OURS} THEN at END",
        },
        """FROM (
            SELECT n, chance, said || ' KA' || mod(n * 7919, 1000003) AS text,
                now() - interval '1 day' * %(days)s * (1 - n::float8 / %(messages)s) AS at
            FROM (
                SELECT n, ('x' || substr(md5(((n + 1) / 2)::text), 1, 7))::bit(28)::int
                    / 268435456.0 AS chance
                FROM generate_series(1, %(messages)s::bigint) AS n
            ) AS numbered JOIN sentence ON sentence.id = 1 + mod(n * 104729, %(sentences)s)
        ) AS said ORDER BY n""",
        threads=threads,
        messages=messages,
        days=DAYS,
        first_agent=first_agent,
        agents=AGENTS,
        sentences=SENTENCES,
    )


def _threads(number: int, users: list[int]) -> None:
    """As their messages left them. Of those that were active lately some are with people."""
    lately = "last.sent_at > now() - interval '3 days'"
    mode = f"""CASE WHEN {lately} AND mod(thread_id, 20) = 1 THEN 'waiting'
        WHEN {lately} AND mod(thread_id, 20) IN (3, 5, 7) THEN 'staff' ELSE 'bot' END"""
    setwise.insert(
        Thread,
        {
            "id": "thread_id",
            "phone_number_id": "%(number)s",
            "contact_id": "thread_id",
            "mode": mode,
            "is_closed": f"{mode} = 'bot' AND mod(thread_id, 2) = 0",
            "assigned_to_id": f"CASE WHEN {mode} = 'staff' THEN"
            " (%(users)s::int[])[1 + mod(thread_id, %(agents)s)] END",
            "waiting_since": f"CASE WHEN {mode} = 'waiting' THEN last.sent_at END",
            "last_inbound_at": "asked_at",
            "window_closes_at": "asked_at + %(window)s",
            "last_message_at": "last.sent_at",
            "unread_count": f"CASE WHEN last.direction = 'in' AND {lately} THEN 1 ELSE 0 END",
            "preview": "left(last.text, 200)",
            "created_at": "last.sent_at",
        },
        """FROM (
            SELECT thread_id, max(id) AS last_id,
                max(sent_at) FILTER (WHERE direction = 'in') AS asked_at
            FROM conversations_message GROUP BY thread_id
        ) AS newest JOIN LATERAL (
            SELECT * FROM conversations_message WHERE id = last_id
        ) AS last USING (thread_id)""",
        number=number,
        users=users,
        agents=AGENTS,
        window=window.LENGTH,
    )


def _asides() -> None:
    """Labels on a third of the conversations, and what people did with some."""
    for name in ("VIP", "Complaint", "Quote", "Delivery", "Refund", "New"):
        Label.objects.create(name=name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO conversations_thread_labels (thread_id, label_id)"
            " SELECT id, (SELECT min(id) FROM conversations_label) + mod(id / 3, 6)"
            " FROM conversations_thread WHERE mod(id, 3) = 0"
        )
    for kind, part in (("handed_over", 3), ("taken", 4), ("released", 6)):
        setwise.insert(
            ThreadEvent,
            {"thread_id": "id", "kind": "%(kind)s", "reason": "''", "at": "last_message_at"},
            "FROM conversations_thread WHERE mod(id, %(part)s) = 0",
            kind=kind,
            part=part,
        )


def _bills(threads: int) -> None:
    """Every fifth customer has an account with three invoices; some of these are overdue."""
    accounts = threads // 5
    setwise.insert(
        Account,
        {"id": "n", "name": "'Account ' || n", "external_id": "'A-' || n", "created_at": "now()"},
        "FROM generate_series(1, %(accounts)s) AS n",
        accounts=accounts,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_account_contacts (account_id, contact_id)"
            " SELECT n, n * 5 FROM generate_series(1, %s) AS n",
            [accounts],
        )
    setwise.insert(
        Invoice,
        {
            "number": "'INV-' || lpad(n::text, 7, '0')",
            "account_id": "1 + n / 3",
            "amount": "100 + mod(n, 9000)",
            "issued_on": "current_date - mod(n, 200) - 30",
            "due_on": "current_date - mod(n, 200)",
            "status": "CASE WHEN mod(n, 4) = 0 THEN 'open' ELSE 'paid' END",
        },
        "FROM generate_series(0, %(invoices)s - 1) AS n",
        invoices=3 * accounts,
    )


def _totals() -> None:
    """What the dashboard draws: counted day by day in real life."""
    DailyTotal.objects.bulk_create(
        DailyTotal(
            day=clock.today() - timedelta(days=n),
            messages_in=1500 + 10 * n,
            messages_out=1200 + 10 * n,
            answered_by_assistant=800,
            handed_over={"Asked for a person": 40, "The assistant was not sure": 20},
            first_response_seconds=300 + n,
        )
        for n in range(DAYS)
    )


if __name__ == "__main__":
    make(int(sys.argv[1]), int(sys.argv[2]))

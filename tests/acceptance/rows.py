"""What the demo has too little of: a long conversation, a full list, somebody without rights."""

from datetime import timedelta

from django.contrib.auth.models import User

from conversations import clock
from tests import factories

LONG = "Lindiwe Long"
SHORT = 90


def add() -> None:
    """They stand below everything of the demo, for they are older."""
    User.objects.create_user("bob", password="demo-bob", is_staff=True)
    then = clock.now() - timedelta(days=40)
    for n in range(SHORT):
        thread = factories.a_thread(contact=factories.a_contact(f"Old {n}"))
        factories.an_inbound(thread, f"Question {n}", sent_at=then + timedelta(minutes=n))
    long = factories.a_thread(contact=factories.a_contact(LONG))
    for n in range(120):
        words = f"Message {n}. " + "word " * (n % 30)
        factories.an_inbound(long, words, sent_at=then - timedelta(minutes=200 - n))

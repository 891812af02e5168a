"""The people who work here: what they are called, and who of them may do something."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

VIEW = "conversations.view_thread"
REPLY = "conversations.reply_thread"


def name_of(user: User | None) -> str:
    """What colleagues call a person; one whose login is gone has no name any more."""
    if user is None:
        return "Somebody else"
    return user.get_full_name() or user.get_username()


def who_may(right: str) -> QuerySet[User]:
    """Everybody who can log in here and has the right ("conversations.reply_thread")."""
    return User.objects.with_perm(right).filter(is_staff=True)

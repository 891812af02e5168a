"""Which of the numbers that webhooks name are ours."""

from collections.abc import Iterable

from conversations.models import PhoneNumber


def ours(phone_number_ids: Iterable[str]) -> dict[str, int]:
    """Our key of each of Meta's phone number ids that somebody has entered here."""
    rows = PhoneNumber.objects.filter(phone_number_id__in=set(phone_number_ids))
    return dict(rows.values_list("phone_number_id", "pk"))

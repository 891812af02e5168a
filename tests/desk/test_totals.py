"""The figures of a day: what counts, what does not, and what a person is measured by."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from conversations import clock, jobs, takeover, totals
from conversations.models import Contact, DailyTotal, Message
from tests.desk.past import DAY, Past, at
from tests.desk.together import together
from tests.factories import a_thread, an_agent, an_inbound, an_outbound

pytestmark = pytest.mark.django_db


def counted() -> DailyTotal:
    return totals.count(DAY.date())


def test_a_day_on_which_nothing_happened() -> None:
    row = counted()
    assert (row.messages_in, row.messages_out, row.windows_lost) == (0, 0, 0)
    assert (row.handed_over, row.first_response_seconds) == ({}, None)


def test_messages_are_counted_on_the_day_of_the_business_not_of_greenwich() -> None:
    past = Past()
    for when in (at("23:59", days=-1), at("00:00"), at("23:59:59"), at("00:00", days=1)):
        past.asked(when)
        past.answered(when)
    row = counted()
    assert (row.messages_in, row.messages_out) == (2, 2)


def test_what_says_nothing_and_what_did_not_get_through_is_not_counted() -> None:
    past = Past()
    for kind in ("text", "image", "reaction", "system", "edit", "revoke"):
        past.asked(at("10:00"), kind=kind)
    for status in ("sent", "queued", "unconfirmed", "failed"):
        past.answered(at("11:00"), status=status)
    row = counted()
    assert (row.messages_in, row.messages_out) == (2, 3)


def test_templates_are_counted_by_how_far_they_came() -> None:
    past = Past()
    for status in ("sent", "delivered", "read", "played", "failed", "failed"):
        past.answered(at("10:00"), "system", status=status, kind="template")
    past.answered(at("10:00"), status="read")
    row = counted()
    assert (row.templates_delivered, row.templates_read, row.templates_failed) == (3, 2, 2)


def test_all_messages_of_a_burst_are_answered_by_its_one_answer() -> None:
    past = Past()
    for second in ("10:00:01", "10:00:02", "10:00:03"):
        past.asked(at(second))
    past.answered(at("10:00:05"), "assistant")
    past.asked(at("11:00"))
    past.answered(at("11:05"), "staff")
    past.asked(at("12:00"))
    assert counted().answered_by_assistant == 3


def test_a_promise_is_no_answer_of_the_assistant() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.promised(at("10:00:05"))
    assert counted().answered_by_assistant == 0


def test_an_answer_that_failed_answered_nothing_and_the_next_one_counts() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("10:01"), "assistant", status="failed")
    past.answered(at("10:02"), "staff")
    assert counted().answered_by_assistant == 0


def test_what_was_sent_again_answers_nothing() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.asked(at("09:00"))
    past.answered(at("09:01"), trace={"again": 1})
    past.answered(at("09:05"))
    assert counted().first_response_seconds == 300


def test_a_reminder_answers_nothing() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("10:01"), "system", kind="template")
    past.answered(at("10:02"), "assistant")
    assert counted().answered_by_assistant == 1


def test_hand_overs_are_grouped_by_their_reason() -> None:
    past = Past()
    past.asked(at("10:00"))
    for reason in ("Sent image.", "Sent audio.", "A message is in doubt.", "Whatever else"):
        past.happened(at("10:01"), "handed_over", reason)
    past.happened(at("10:02"), "taken", "Sent image.")
    past.happened(at("10:00", days=1), "handed_over", "Sent image.")
    assert counted().handed_over == {
        "Sent what it cannot open": 2,
        "A message did not arrive": 1,
        "Something else": 1,
    }


# --- the first response of people ------------------------------------------------------------


def response() -> int | None:
    return counted().first_response_seconds


def test_who_was_handed_over_waits_from_the_hand_over() -> None:
    past = Past()
    past.asked(at("09:00"))
    past.promised(at("09:30"))
    past.answered(at("09:34"))
    assert response() == 240


def test_what_the_customer_adds_while_waiting_does_not_shorten_the_wait() -> None:
    past = Past()
    past.asked(at("09:00"))
    past.promised(at("09:30"))
    past.happened(at("09:32"), "taken")
    past.asked(at("09:33"))
    past.answered(at("09:34"))
    assert response() == 240


def test_while_a_person_has_it_the_first_unanswered_message_counts() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.answered(at("08:10"))
    past.asked(at("09:00"))
    past.asked(at("09:05"))
    past.answered(at("09:10"))
    assert response() == 600


def test_who_goes_on_talking_answers_once() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.asked(at("09:00"))
    past.answered(at("09:01"))
    past.answered(at("10:00"))
    past.answered(at("11:00"))
    assert response() == 60


def test_the_assistants_time_is_left_out() -> None:
    past = Past()
    past.asked(at("09:00"))
    past.happened(at("10:00"), "taken")
    past.answered(at("10:02"))
    assert response() == 120


def test_who_takes_over_what_the_assistant_answered_responds_to_nothing() -> None:
    past = Past()
    past.asked(at("09:00"))
    past.answered(at("09:01"), "assistant")
    past.happened(at("10:00"), "taken")
    past.answered(at("10:02"))
    assert response() is None


def test_what_staff_write_while_the_assistant_has_it_is_no_response() -> None:
    past = Past()
    past.asked(at("09:00"))
    past.answered(at("10:02"), kind="template")
    assert response() is None


def test_after_a_hand_back_the_count_begins_anew() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.happened(at("08:30"), "released")
    past.asked(at("09:00"))
    past.promised(at("09:10"))
    past.answered(at("09:15"))
    assert response() == 300


def test_reactions_are_no_questions_and_failures_no_answers() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.asked(at("08:30"), kind="reaction")
    past.asked(at("09:00"))
    past.answered(at("09:01"), status="failed")
    past.answered(at("09:03"))
    assert response() == 180


def test_what_was_taken_back_before_the_answer_is_no_question() -> None:
    past = Past()
    past.happened(at("08:00"), "taken")
    past.asked(at("08:30"), revoked_at=at("08:31"))
    past.asked(at("09:00"), revoked_at=at("09:05"))
    past.answered(at("09:03"))
    assert response() == 180


def test_the_phone_app_answers_for_people_too() -> None:
    past = Past()
    past.happened(at("08:00"), "on_phone")
    past.asked(at("09:00"))
    past.answered(at("09:01"), "phone")
    assert response() == 60


def test_the_median_is_over_all_threads_and_only_the_day_of_the_answer() -> None:
    for minutes in (1, 2, 30):
        past = Past()
        past.happened(at("08:00"), "taken")
        past.asked(at("09:00"))
        past.answered(at("09:00") + timedelta(minutes=minutes))
    night = Past()
    night.happened(at("08:00"), "taken")
    night.asked(at("23:00"))
    night.answered(at("08:00", days=1))
    assert response() == 120
    assert totals.count(at("00:00", days=1).date()).first_response_seconds == 9 * 3600


# --- windows ---------------------------------------------------------------------------------


def lost(days: int = 1) -> int:
    """Windows of what was asked on the day shut on the next."""
    return totals.count(at("00:00", days=days).date()).windows_lost


def test_a_window_that_shut_unanswered_is_lost_on_the_day_it_shut() -> None:
    Past().asked(at("10:00"))
    assert (lost(days=0), lost(), lost(days=2)) == (0, 1, 0)


@pytest.mark.parametrize("origin", ["assistant", "staff", "phone"])
def test_an_answer_of_anybody_in_time_saves_it(origin: str) -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("09:59", days=1), origin)
    assert lost() == 0


def test_an_answer_that_came_after_it_saves_nothing() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("10:01", days=1), kind="template")
    assert lost() == 1


def test_a_promise_saves_nothing_until_a_person_answers() -> None:
    past, kept = Past(), Past()
    for one in (past, kept):
        one.asked(at("10:00"))
        one.promised(at("10:01"))
    kept.answered(at("11:00"))
    assert lost() == 1


@pytest.mark.parametrize(
    "fields",
    [{"origin": "system", "kind": "template"}, {"status": "failed"}, {"trace": {"again": 1}}],
)
def test_a_reminder_a_failure_and_a_repetition_save_nothing(fields: dict[str, Any]) -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("11:00"), **fields)
    assert lost() == 1


def test_what_kept_the_window_open_is_the_one_that_counts() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.asked(at("09:00", days=1))
    assert (lost(), lost(days=2)) == (0, 1)


def test_a_reaction_keeps_no_window_open() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.asked(at("11:00"), kind="reaction")
    assert (lost(), lost(days=2)) == (1, 0)


def test_a_sticker_wants_no_answer() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.answered(at("10:01"))
    past.asked(at("10:02"), kind="sticker")
    assert lost() == 0


def test_what_somebody_closed_needed_no_answer() -> None:
    past = Past()
    past.asked(at("10:00"))
    past.happened(at("11:00"), "closed")
    assert lost() == 0


def test_who_is_blocked_waits_for_nothing() -> None:
    Past().asked(at("10:00"))
    Contact.objects.update(is_blocked=True)
    assert lost() == 0


@pytest.mark.parametrize(("hours", "expected"), [(1, 0), (25, 1)])
def test_what_the_customer_took_back_in_time_waits_for_nothing(hours: int, expected: int) -> None:
    Past().asked(at("10:00"))
    Message.objects.update(revoked_at=at("10:00") + timedelta(hours=hours))
    assert lost() == expected


def test_a_window_that_is_still_open_is_not_lost_yet() -> None:
    now = clock.now()
    Past().asked(now - timedelta(hours=23, minutes=59))
    Past().asked(now - timedelta(hours=24, minutes=1))
    totals.count_lately()
    assert sum(DailyTotal.objects.values_list("windows_lost", flat=True)) == 1


# --- the row ---------------------------------------------------------------------------------


def test_counting_again_replaces_the_figures() -> None:
    past = Past()
    past.asked(at("10:00"))
    first = counted()
    past.asked(at("11:00"))
    counted()
    row = DailyTotal.objects.get()
    assert row.messages_in == 2
    assert row.counted_at > first.counted_at


def test_it_costs_the_same_however_much_was_said(django_assert_num_queries: Any) -> None:
    for _ in range(5):
        past = Past()
        past.asked(at("10:00"))
        past.promised(at("10:01"))
        past.answered(at("10:02"))
    with django_assert_num_queries(6):
        counted()


@pytest.mark.django_db(transaction=True)
def test_two_who_count_at_once_leave_one_row() -> None:
    Past().asked(at("10:00"))
    results = together(*[partial(counted)] * 3)
    assert [one.messages_in for one in results if isinstance(one, DailyTotal)] == [1, 1, 1]
    assert DailyTotal.objects.count() == 1


def test_the_job_counts_today_and_yesterday() -> None:
    thread = a_thread()
    an_inbound(thread)
    an_outbound(thread, sent_at=clock.now() - timedelta(days=1))
    jobs.count_lately()
    today = clock.today()
    rows = DailyTotal.objects.in_bulk()
    assert set(rows) >= {today, today - timedelta(days=1)}
    assert rows[today].messages_in == 1


def test_what_the_assistant_really_does_is_counted_as_it_is_meant() -> None:
    """The acts write the history; the figures read it."""
    thread, alice = a_thread(), an_agent()
    question = an_inbound(thread)
    an_outbound(thread, origin="assistant", in_reply_to=question)
    takeover.hand_over(thread, reason="Asked for a person.")
    takeover.take(thread, by=alice)
    an_outbound(thread)
    row = totals.count(clock.today())
    assert (row.answered_by_assistant, row.handed_over) == (0, {"Asked for a person": 1})
    assert row.first_response_seconds == 0


def test_days_of_the_last_week_that_nobody_counted_are_counted_late() -> None:
    today = clock.today()
    thread = a_thread()
    an_outbound(thread, sent_at=clock.now() - timedelta(days=4))
    DailyTotal.objects.create(day=today - timedelta(days=5), messages_in=77)
    totals.count_lately()
    rows = DailyTotal.objects.in_bulk()
    assert set(rows) == {today - timedelta(days=ago) for ago in range(7)}
    assert rows[today - timedelta(days=4)].messages_out == 1
    assert rows[today - timedelta(days=5)].messages_in == 77  # it stands

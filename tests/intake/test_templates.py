"""News about templates: the row says what Meta says, and staff hear where they must act."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.models import MessageTemplate, Notice, TemplateSync
from tests.factories import a_template
from tests.intake.samples import ACCOUNT, arrive, changed

META_ID = "1689556908129832"


@pytest.fixture
def template() -> MessageTemplate:
    return a_template(waba_id=ACCOUNT, template_id=META_ID)


def now(template: MessageTemplate) -> MessageTemplate:
    return MessageTemplate.objects.get(pk=template.pk)


def the_notice() -> Notice:
    return Notice.objects.get(ended_at=None)


def status(event: str, **more: Any) -> Any:
    return changed("message_template_status_update__approved", event=event, **more)


@pytest.mark.parametrize(
    ("name", "expected", "reason"),
    [
        ("approved", "APPROVED", ""),
        ("rejected", "REJECTED", "invalid format: Put words between them."),
        ("paused", "PAUSED", "Paused for 3 hours for low quality."),
        ("disabled", "DISABLED", ""),
    ],
)
def test_its_state_and_the_reason_are_kept(
    template: MessageTemplate, name: str, expected: str, reason: str
) -> None:
    arrive(f"message_template_status_update__{name}")
    assert (now(template).status, now(template).status_reason) == (expected, reason)


@pytest.mark.parametrize(
    ("name", "level"), [("rejected", "warning"), ("paused", "warning"), ("disabled", "alarm")]
)
def test_what_can_be_sent_no_more_is_before_staff(
    template: MessageTemplate, name: str, level: str
) -> None:
    arrive(f"message_template_status_update__{name}")
    notice = the_notice()
    assert (notice.level, f"invoice_overdue (en_ZA) is {name}" in notice.text) == (level, True)
    assert notice.what_to_do


@pytest.mark.parametrize("event", ["APPROVED", "REINSTATED", "UNPAUSED", "UNARCHIVED"])
def test_one_that_is_well_again_can_be_sent_and_is_over_for_staff(
    template: MessageTemplate, event: str
) -> None:
    arrive("message_template_status_update__paused", status(event))
    assert (now(template).status, now(template).status_reason) == ("APPROVED", "")
    assert not Notice.objects.filter(ended_at=None).exists()


def test_one_that_is_flagged_can_still_be_sent(template: MessageTemplate) -> None:
    arrive(status("FLAGGED"))
    assert now(template).status == "APPROVED"
    assert "flagged" in the_notice().text


@pytest.mark.parametrize("event", ["PENDING_DELETION", "IN_APPEAL", "A_STATE_OF_TOMORROW"])
def test_every_other_state_is_kept_as_it_is(template: MessageTemplate, event: str) -> None:
    arrive(status(event))
    assert now(template).status == event
    assert not Notice.objects.exists()


def test_one_without_metas_id_is_found_by_its_name() -> None:
    template = a_template(waba_id="", template_id="")
    arrive("message_template_status_update__paused")
    assert now(template).status == "PAUSED"


def test_another_of_the_same_name_in_another_account_is_left_alone() -> None:
    other = a_template(waba_id="another", template_id="5")
    arrive("message_template_status_update__paused")
    assert now(other).status == "APPROVED"


def test_a_red_quality_is_before_staff_until_it_is_better(template: MessageTemplate) -> None:
    arrive("message_template_quality_update__red")
    assert now(template).quality == "RED"
    assert "RED" in the_notice().text
    arrive(changed("message_template_quality_update__red", new_quality_score="GREEN"))
    assert now(template).quality == "GREEN"
    assert not Notice.objects.filter(ended_at=None).exists()


def test_a_quality_under_the_name_of_a_status_is_a_quality(template: MessageTemplate) -> None:
    arrive("message_template_status_update__quality_in_disguise")
    assert (now(template).quality, now(template).status) == ("YELLOW", "APPROVED")


def test_a_category_to_come_is_announced_and_not_done(template: MessageTemplate) -> None:
    arrive("template_category_update__impending")
    assert (now(template).category, now(template).next_category) == ("UTILITY", "MARKETING")
    assert "becomes marketing on 13 February 2025" in the_notice().text


def test_a_category_that_was_changed_is_changed(template: MessageTemplate) -> None:
    arrive("template_category_update__impending", "template_category_update__done")
    assert (now(template).category, now(template).next_category) == ("MARKETING", "")
    assert "has made the template" in the_notice().text


@pytest.mark.parametrize(
    "name",
    [
        "message_template_status_update__approved",
        "message_template_components_update__edited",
        "template_category_update__done",
    ],
)
def test_the_accounts_templates_are_read_anew_in_a_moment(name: str) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    TemplateSync.objects.create(waba_id=ACCOUNT, due_at=tomorrow)
    TemplateSync.objects.create(waba_id="another", due_at=tomorrow)
    arrive(name)
    assert TemplateSync.objects.get(pk=ACCOUNT).due_at < timezone.now() + timedelta(seconds=10)
    assert TemplateSync.objects.get(pk="another").due_at == tomorrow


def test_the_same_trouble_twice_is_one_notice(template: MessageTemplate) -> None:
    arrive("message_template_status_update__paused")
    arrive(changed("message_template_status_update__paused", reason="LOW_QUALITY"))
    assert Notice.objects.count() == 1

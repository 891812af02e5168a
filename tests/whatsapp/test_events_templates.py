"""News about templates. Source: Cloud API, webhooks reference, `message_template_*` fields."""

from datetime import UTC, datetime

import pytest

from conversations.whatsapp import events
from conversations.whatsapp.events import (
    Broken,
    TemplateCategory,
    TemplateComponents,
    TemplateQuality,
    TemplateUpdate,
)
from tests.whatsapp.samples import NAMES, WABA, data, only

STATUS = "message_template_status_update"
ALL = [name for name in NAMES if name.startswith(("message_template", "template_category"))]


@pytest.mark.parametrize("name", ALL)
def test_every_piece_of_news_names_its_template(name: str) -> None:
    news = only(name, events.TemplateNews)
    assert (news.name, news.language) == ("invoice_overdue", "en_ZA")
    assert news.template_id == "1689556908129832"
    assert news.waba_id == WABA
    assert news.at == datetime(2025, 2, 12, 0, 43, 44, tzinfo=UTC)
    assert news.raw["message_template_name"] == "invoice_overdue"


@pytest.mark.parametrize(
    ("name", "event", "reason", "detail"),
    [
        ("approved", "APPROVED", "", ""),
        ("rejected", "REJECTED", "INVALID_FORMAT", "Put words between them."),
        ("paused", "PAUSED", "", "Paused for 3 hours for low quality."),
        ("disabled", "DISABLED", "", ""),
    ],
)
def test_a_change_of_status_says_why(name: str, event: str, reason: str, detail: str) -> None:
    news = only(f"{STATUS}__{name}", TemplateUpdate)
    assert (news.event, news.reason, news.detail) == (event, reason, detail)


def test_a_change_of_quality_is_read() -> None:
    news = only("message_template_quality_update__red", TemplateQuality)
    assert (news.previous, news.new) == ("YELLOW", "RED")


def test_a_change_of_quality_is_known_under_the_wrong_field_name() -> None:
    """Source: Cloud API, sample of message_template_quality_update, as it stands in the docs."""
    news = only(f"{STATUS}__quality_in_disguise", TemplateQuality)
    assert (news.previous, news.new) == ("GREEN", "YELLOW")


def test_a_category_that_has_changed_is_told_from_one_that_will() -> None:
    done = only("template_category_update__done", TemplateCategory)
    coming = only("template_category_update__impending", TemplateCategory)
    assert (done.is_impending, done.current, done.other) == (False, "MARKETING", "UTILITY")
    assert (coming.is_impending, coming.current, coming.other) == (True, "UTILITY", "MARKETING")
    assert done.takes_effect_at is None
    assert coming.takes_effect_at == datetime(2025, 2, 13, 0, 43, 44, tzinfo=UTC)


def test_a_changed_text_is_told() -> None:
    news = only("message_template_components_update__edited", TemplateComponents)
    assert news.raw["message_template_element"] == "Hi {{1}}, please pay {{2}}."


@pytest.mark.parametrize("key", ["message_template_name", "message_template_language", "event"])
def test_news_of_no_template_is_broken(key: str) -> None:
    sample = data(f"{STATUS}__approved")
    del sample["entry"][0]["changes"][0]["value"][key]
    (event,) = events.parse(sample)
    assert isinstance(event, Broken)
    assert event.reason == f"{key} is missing"


def test_news_may_come_without_a_time() -> None:
    sample = data(f"{STATUS}__approved")
    del sample["entry"][0]["time"]
    (event,) = events.parse(sample)
    assert isinstance(event, TemplateUpdate)
    assert event.at is None

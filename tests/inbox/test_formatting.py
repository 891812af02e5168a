"""How texts, days and times read: WhatsApp's marks, and nothing of a message as HTML."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.admin.inbox.formatting import day_label, list_time, wa_format

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*b*", "<strong>b</strong>"),
        ("_i_ and ~s~", "<em>i</em> and <del>s</del>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("`a*b*`", "<code>a*b*</code>"),
        ("```one\ntwo```", "<code>one\ntwo</code>"),
        ("2*3*4 and a_b_c", "2*3*4 and a_b_c"),
        ("* not bold *", "* not bold *"),
        ("*over\nlines*", "*over\nlines*"),
        ("> said so", "<q>said so</q>"),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_it_marks_up_as_whatsapp_does(text: str, html: str) -> None:
    assert wa_format(text) == html


def test_it_shows_tags_as_text() -> None:
    assert wa_format("<script>alert(1)</script> *b*") == (
        "&lt;script&gt;alert(1)&lt;/script&gt; <strong>b</strong>"
    )


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("see https://x.test/a_b_c.", "https://x.test/a_b_c", "."),
        ("(https://x.test/?a=1&b=2)", "https://x.test/?a=1&amp;b=2", ")"),
        ('"https://x.test/q"', "https://x.test/q", "&quot;"),
        ("https://x.test/<b>", "https://x.test/", "&lt;b&gt;"),
    ],
)
def test_it_links_addresses_without_what_stands_behind(text: str, address: str, rest: str) -> None:
    html = wa_format(text)
    assert f'<a href="{address}" ' in html
    assert html.endswith(f">{address}</a>{rest}")


def test_it_links_no_other_schemes() -> None:
    assert "<a " not in wa_format("javascript:alert(1) data:text/html,x ftp://x.test")


@given(st.text(alphabet="*_~`<>&\"'/ ahtps:.\n\ue000\ue0010123", max_size=60))
def test_it_never_lets_a_tag_of_the_text_through(text: str) -> None:
    """Whatever the text, the only tags are our own."""
    html = str(wa_format(text))
    for tag in ("strong", "em", "del", "code", "q", "a"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    opened = '<a href="http'
    assert html.count("<") == html.count(opened)


@pytest.mark.parametrize("mark", ["*a ", "```", "`a", "https://", "&gt;", "*_~"])
def test_a_long_text_of_marks_takes_no_time(mark: str) -> None:
    assert len(wa_format(mark * (4096 // len(mark)))) >= 4000


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 21), "Yesterday"),
        (date(2026, 11, 16), "Monday"),
        (date(2026, 11, 15), "15 November 2026"),
        (date(2026, 11, 23), "23 November 2026"),
    ],
)
def test_a_day_is_named_as_people_name_it(day: date, label: str) -> None:
    assert day_label(day, SUNDAY) == label


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 11, 22, 16, 53, tzinfo=UTC), "18:53"),
        (datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "00:30"),  # already Sunday in Johannesburg
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "Yesterday"),
        (datetime(2026, 11, 18, 12, 0, tzinfo=UTC), "Wednesday"),
        (datetime(2026, 10, 1, 12, 0, tzinfo=UTC), "01/10/2026"),
        (None, ""),
    ],
)
def test_the_list_shows_the_time_of_today_and_the_day_of_others(
    at: datetime | None, shown: str
) -> None:
    assert list_time(at, SUNDAY) == shown

"""Plain text, and what becomes of a text that is too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp.content import TEXT_MAX, ContentError, Text, split_text, units


def words_of(parts: tuple[Text, ...]) -> list[str]:
    return [word for part in parts for word in part.body.split()]


def test_it_is_written_as_meta_wants_it() -> None:
    assert Text("Hello").to_wire() == {"type": "text", "text": {"body": "Hello"}}


def test_it_asks_for_a_link_preview_only_when_wanted() -> None:
    wire = Text("https://example.com", preview_url=True).to_wire()
    assert wire["text"] == {"body": "https://example.com", "preview_url": True}


@pytest.mark.parametrize("body", ["", "  ", "\n\t\u00a0"])
def test_it_refuses_to_say_nothing(body: str) -> None:
    with pytest.raises(ContentError, match="body: is empty") as refused:
        Text(body)
    assert refused.value.field == "body"


@pytest.mark.parametrize("body", ["a\x00b", "half an emoji \ud83d"])
def test_it_refuses_what_no_message_can_carry(body: str) -> None:
    with pytest.raises(ContentError, match="no message can carry"):
        Text(body)


def test_it_refuses_what_is_no_text() -> None:
    with pytest.raises(ContentError, match="body: is not text"):
        Text(None)  # type: ignore[arg-type]  # what a careless caller may do


def test_it_takes_exactly_the_limit() -> None:
    assert len(Text("x" * TEXT_MAX).body) == TEXT_MAX


def test_it_names_field_limit_and_excess_of_a_long_text() -> None:
    with pytest.raises(ContentError) as refused:
        Text("x" * (TEXT_MAX + 3))
    assert (refused.value.field, refused.value.limit) == ("body", TEXT_MAX)
    assert "4099 characters long, at most 4096" in str(refused.value)
    assert "Shorten it by 3" in str(refused.value)


def test_it_never_quotes_the_text_in_an_error() -> None:
    with pytest.raises(ContentError) as refused:
        Text("secret" * TEXT_MAX)
    assert "secret" not in str(refused.value)


def test_it_counts_most_emoji_as_two() -> None:
    assert units("a😀é") == 4
    with pytest.raises(ContentError):
        Text("😀" * (TEXT_MAX // 2 + 1))


def test_a_short_text_stays_one_message() -> None:
    assert split_text("  Hello there. ") == (Text("Hello there."),)


def test_it_refuses_to_split_nothing() -> None:
    with pytest.raises(ContentError):
        split_text(" \n ")


def test_it_breaks_between_paragraphs_before_anything_else() -> None:
    first, second = "One. Two.\nThree " * 180, "Four. " * 400
    parts = split_text(f"{first}\n\n{second}")
    assert [part.body for part in parts] == [first.strip(), second.strip()]


def test_it_breaks_between_lines_where_there_is_no_paragraph() -> None:
    first, second = "One. Two. " * 300, "Three. " * 400
    assert [part.body for part in split_text(f"{first}\n{second}")] == [
        first.strip(),
        second.strip(),
    ]


def test_it_breaks_after_a_sentence_where_there_is_no_line() -> None:
    parts = split_text("These are words without an end " * 100 + "but here. " + "And more " * 300)
    assert parts[0].body.endswith("but here.")


def test_it_breaks_between_words_where_there_is_no_sentence() -> None:
    parts = split_text("word " * 2000)
    assert {word for part in parts for word in part.body.split()} == {"word"}
    assert len(parts) == 3


def test_it_passes_over_a_paragraph_that_would_leave_a_part_nearly_empty() -> None:
    parts = split_text("Hi!\n\n" + "word " * 1000)
    assert len(parts) == 2
    assert parts[0].body.startswith("Hi!\n\nword word")


def test_it_breaks_a_giant_word_without_losing_a_letter() -> None:
    giant = "x" * (2 * TEXT_MAX + 1)
    parts = split_text(giant)
    assert [len(part.body) for part in parts] == [TEXT_MAX, TEXT_MAX, 1]


def test_it_fills_a_part_to_the_brim() -> None:
    parts = split_text("x" * TEXT_MAX + " y")
    assert [part.body for part in parts] == ["x" * TEXT_MAX, "y"]


@pytest.mark.parametrize("emoji", ["👩‍👩‍👧‍👦", "👍🏽", "❤️", "1️⃣", "e\u0301", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_it_never_breaks_an_emoji_made_of_several_characters(emoji: str) -> None:
    for padding in range(12):
        parts = split_text("x" * (TEXT_MAX - padding) + emoji * 10)
        assert parts[1].body.replace(emoji, "").strip("x") == ""


def test_it_never_breaks_a_flag() -> None:
    for padding in range(8):
        parts = split_text("x" * (TEXT_MAX - padding) + "🇿🇦" * 4)
        assert parts[1].body.replace("🇿🇦", "").strip("x") == ""


@given(st.text(st.sampled_from("ab .!?\n😀é\u200d"), max_size=300), st.integers(1, 40))
def test_nothing_but_white_space_is_ever_lost(piece: str, times: int) -> None:
    body = (piece + " ") * times * 20
    if not body.strip():
        return
    parts = split_text(body)
    assert "".join(words_of(parts)) == "".join(body.split())
    assert all(units(part.body) <= TEXT_MAX for part in parts)

"""Any JSON: nothing raises, neighbours of the broken survive, a database can hold the rest."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp import events
from conversations.whatsapp.events import Broken, InboundMessage, StatusUpdate
from tests.whatsapp.samples import NAMES, data

texts = st.text(st.characters(exclude_categories=()), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
samples = st.sampled_from(NAMES).map(data)


def bent(draw: st.DataObject, value: Any, junk: Any) -> Any:
    """Return the JSON with a value somewhere in it replaced by junk, or with its key gone."""
    if not isinstance(value, dict | list) or not value or draw.draw(st.integers(0, 9)) == 0:
        return junk
    if isinstance(value, list):
        place = draw.draw(st.integers(0, len(value) - 1))
        return [*value[:place], bent(draw, value[place], junk), *value[place + 1 :]]
    key = draw.draw(st.sampled_from(sorted(value)))
    rest = {name: kept for name, kept in value.items() if name != key}
    return rest if draw.draw(st.booleans()) else {**rest, key: bent(draw, value[key], junk)}


def assert_storable(found: list[events.Event]) -> None:
    """PostgreSQL's jsonb takes no NUL, no half surrogate pair, no NaN."""
    written = json.dumps([asdict(event) for event in found], default=str, allow_nan=False)
    assert "\\u0000" not in written
    json.loads(written)
    str(found).encode()
    json.dumps(json.loads(written), ensure_ascii=False).encode()


@given(st.dictionaries(texts, json_values))
def test_any_object_is_read(value: dict[str, Any]) -> None:
    assert_storable(events.parse(value))
    assert_storable(events.parse({**value, "object": "whatsapp_business_account"}))


@given(st.sampled_from(["messages", "calls", "security", "user_preferences"]), json_values)
def test_any_value_of_any_field_is_read(field: str, value: Any) -> None:
    entry = {"id": "1", "changes": [{"field": field, "value": value}]}
    assert events.parse({"object": "whatsapp_business_account", "entry": [entry, value]})


@given(samples, json_values, st.data())
def test_any_bent_sample_is_read(sample: Any, junk: Any, draw: st.DataObject) -> None:
    value = bent(draw, sample, junk)
    if isinstance(value, dict):
        assert_storable(events.parse(value))
        assert_storable(events.parse(json.dumps(value).encode()))


@given(
    st.sampled_from(["messages", "statuses", "errors"]),
    st.lists(json_values, max_size=4),
    st.data(),
)
def test_the_neighbours_of_anything_survive(key: str, junk: list[Any], draw: st.DataObject) -> None:
    sample = data("messages__text")
    value = sample["entry"][0]["changes"][0]["value"]
    good = {"id": "wamid.good", "status": "read", "timestamp": "1"}
    value.setdefault("statuses", [good])
    for item in junk:
        found = value.setdefault(key, [])
        found.insert(draw.draw(st.integers(0, len(found))), item)
    kinds = [type(event) for event in events.parse(json.dumps(sample).encode())]
    assert kinds.count(InboundMessage) == 1
    assert kinds.count(StatusUpdate) == 1
    if key != "errors":
        assert kinds.count(Broken) == len(junk)


def test_json_that_is_nested_deeply_is_cut_off_where_no_database_would_follow() -> None:
    deep: Any = "bottom"
    for _ in range(900):
        deep = [deep]
    sample = data("messages__future_type")
    sample["entry"][0]["changes"][0]["value"]["messages"][0]["hologram"] = {"a": deep}
    (from_bytes,) = events.parse(json.dumps(sample).encode())
    (from_json,) = events.parse(sample)
    assert from_bytes == from_json
    assert isinstance(from_json, InboundMessage)
    assert "[nested too deeply]" in json.dumps(from_json.content)
    assert "bottom" not in json.dumps(from_json.content)


def test_numbers_that_are_none_become_null() -> None:
    for number in ("NaN", "Infinity", "-Infinity", "1e999"):
        body = f'{{"object": "x", "n": {number}, "ok": 1.5}}'
        (event,) = events.parse(body.encode())
        assert isinstance(event, events.Unknown)
        assert event.value == {"object": "x", "n": None, "ok": 1.5}


@pytest.mark.parametrize(
    "said", [b"a\x00b", rb"a\u0000b", rb"a\ud83db", rb"a\uDE00b", b"a\xed\xa0\xbdb", b"a\xffb"]
)
def test_what_no_database_takes_is_replaced_however_it_is_written(said: bytes) -> None:
    (event,) = events.parse(b'{"object": "x", "said": "%s"}' % said)
    assert isinstance(event, events.Unknown)
    assert_storable([event])
    assert event.value["said"].startswith("a\ufffd")
    assert event.value["said"].endswith("b")


def test_an_emoji_and_a_letter_with_an_accent_stay_though_they_are_escaped() -> None:
    (event,) = events.parse(rb'{"object": "x", "said": "caf\u00e9 \ud83d\ude00"}')
    assert isinstance(event, events.Unknown)
    assert event.value["said"] == "caf\u00e9 \U0001f600"

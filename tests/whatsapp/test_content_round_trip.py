"""Content survives its way through the stored wire JSON; JSON of another shape is refused."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.whatsapp import content as c

letters = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))


def text(limit: int) -> st.SearchStrategy[str]:
    """Return texts that count as at most `limit` UTF-16 units."""
    texts = st.text(letters, min_size=1, max_size=limit // 2)
    return texts.map(str.strip).filter(bool)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


ids = text(40)
links = st.sampled_from(["https://example.com/a.pdf", "http://127.0.0.1:8001/x?y=1#z"])
sources = st.builds(c.MediaSource, id=ids) | st.builds(c.MediaSource, link=links)
files = st.one_of(
    st.builds(c.Image, sources), st.builds(c.Video, sources), st.builds(c.Document, sources)
)
headers = maybe(text(60) | files)
bodies, footers = text(1024), maybe(text(60))
buttons = st.lists(
    st.builds(c.Button, ids, text(20)),
    min_size=1,
    max_size=3,
    unique_by=(lambda one: one.id, lambda one: one.title),
).map(tuple)
rows = st.lists(
    st.builds(c.Row, ids, text(24), maybe(text(72))),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row.id,
).map(tuple)
places = st.builds(
    c.Location,
    st.floats(-90, 90),
    st.floats(-180, 180) | st.integers(-180, 180),
    maybe(text(50)),
    maybe(text(50)),
)
entries = st.lists(st.builds(c.Entry, text(30), maybe(text(9)), maybe(ids)), max_size=3).map(tuple)
cards = st.builds(
    c.Card,
    text(50),
    first_name=text(20),
    suffix=maybe(text(9)),
    phones=entries,
    emails=entries,
    urls=entries,
    addresses=st.lists(st.builds(c.Address, street=maybe(text(20)), zip=text(9)), max_size=2).map(
        tuple
    ),
    company=maybe(text(20)),
    birthday=maybe(st.just("1990-02-28")),
)
values = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=30)
bodies_of_templates = st.one_of(
    st.lists(
        st.builds(c.Parameter, values)
        | st.builds(c.Currency, values, st.just("ZAR"), st.integers())
        | st.builds(c.DateTime, values),
        min_size=1,
        max_size=4,
    ),
    st.lists(
        st.builds(c.Parameter, values, values),
        min_size=1,
        max_size=4,
        unique_by=lambda value: value.name,
    ),
).map(lambda parameters: c.Body(tuple(parameters)))
template_headers = st.one_of(
    st.builds(c.HeaderText, st.builds(c.Parameter, values, maybe(values))),
    st.builds(c.HeaderMedia, files),
    st.builds(
        c.HeaderLocation,
        st.builds(c.Location, st.floats(-90, 90), st.floats(-90, 90), text(9), text(9)),
    ),
)
places_of_buttons = st.integers(0, 9)
template_buttons = st.one_of(
    st.builds(c.QuickReplyButton, places_of_buttons, ids),
    st.builds(c.UrlButton, places_of_buttons, values),
    st.builds(c.CopyCodeButton, places_of_buttons, text(20)),
    st.builds(c.FlowButton, places_of_buttons, ids, maybe(st.dictionaries(ids, ids))),
)
templates = st.builds(
    lambda name, language, *parts: c.Template(name, language, tuple(filter(None, parts))),
    ids,
    st.sampled_from(["en", "en_ZA", "af"]),
    maybe(template_headers),
    maybe(bodies_of_templates),
    maybe(template_buttons),
)
contents = st.one_of(
    st.builds(c.Text, text(4096), st.booleans()),
    st.builds(c.Buttons, bodies, buttons, headers, footers),
    st.builds(
        lambda body, button, found, header: c.ListMenu(
            body, button, (c.Section(None, found),), header
        ),
        bodies,
        text(20),
        rows,
        maybe(text(60)),
    ),
    st.builds(c.CallToAction, bodies, text(20), links, headers, footers),
    st.builds(c.LocationRequest, bodies),
    st.builds(c.Image, sources, maybe(text(1024))),
    st.builds(c.Video, sources, maybe(text(1024))),
    st.builds(c.Audio, sources, st.booleans()),
    st.builds(c.Document, sources, maybe(text(1024)), maybe(text(200))),
    st.builds(c.Sticker, sources),
    places,
    st.lists(cards, min_size=1, max_size=5).map(lambda found: c.Contacts(tuple(found))),
    st.builds(c.Reaction, ids, st.sampled_from(["", "👍", "👩‍👩‍👧‍👦", "1️⃣"])),
    st.builds(
        c.Flow,
        bodies,
        st.just("Open"),
        flow_id=ids,
        flow_token=maybe(ids),
        screen=ids,
        data=maybe(st.dictionaries(ids, ids, min_size=1)),
        draft=st.booleans(),
        header=headers,
        footer=footers,
    ),
    st.builds(c.Flow, bodies, st.just("Open"), flow_name=ids, footer=footers),
    templates,
)


FILE = c.MediaSource(id="7")
ONE_OF_EACH: list[c.Content] = [
    c.Text("Hi", preview_url=True),
    c.Buttons("Hi", (c.Button("a", "A"),), header=c.Document(FILE, filename="a.pdf"), footer="F"),
    c.ListMenu("Hi", "Open", (c.Section("S", (c.Row("a", "A", "D"),)),), header="H", footer="F"),
    c.CallToAction("Hi", "Open", "https://example.com", header="H", footer="F"),
    c.LocationRequest("Where?"),
    c.Image(FILE, caption="C"),
    c.Video(FILE, caption="C"),
    c.Audio(FILE, voice=True),
    c.Document(FILE, caption="C", filename="a.pdf"),
    c.Sticker(FILE),
    c.Location(-33.9, 18.4, "Shop", "1 Long St"),
    c.Contacts((c.Card("Thandi", "T", phones=(c.Entry("+27"),), addresses=(c.Address(zip="1"),)),)),
    c.Reaction("wamid.1", "👍"),
    c.Flow(
        "Hi", "Open", flow_id="1", screen="A", data={"a": [1]}, header=c.Video(FILE), draft=True
    ),
    c.Template.with_body("t", "en_ZA", "Thandi"),
]


@pytest.mark.parametrize("content", ONE_OF_EACH, ids=lambda content: content.kind)
def test_every_kind_is_the_same_after_it_was_stored(content: c.Content) -> None:
    assert c.from_wire(json.loads(json.dumps(content.to_wire()))) == content


@given(contents)
def test_content_is_the_same_after_it_was_stored(content: c.Content) -> None:
    stored = json.loads(json.dumps(content.to_wire()))
    assert c.from_wire(stored) == content


@given(contents)
def test_content_says_something_to_people(content: c.Content) -> None:
    assert content.text_for_people().strip()
    assert content.kind


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def _bend(data: Any, junk: Any, draw: st.DataObject) -> Any:
    """Return the JSON with one value somewhere in it replaced by junk, or taken away."""
    if not isinstance(data, dict | list) or not data or draw.draw(st.booleans()):
        return junk
    keys = sorted(data) if isinstance(data, dict) else range(len(data))
    key = draw.draw(st.sampled_from(keys))
    bent: Any = data.copy()
    if isinstance(data, dict) and draw.draw(st.booleans()):
        del bent[key]
    else:
        bent[key] = _bend(data[key], junk, draw)
    return bent


@given(contents, json_values, st.data())
def test_bent_json_is_refused_or_read_but_never_breaks_anything(
    content: c.Content, junk: Any, draw: st.DataObject
) -> None:
    bent = _bend(content.to_wire(), junk, draw)
    with suppress(c.ContentError):
        read = c.from_wire(bent)
        assert c.from_wire(read.to_wire()) == read


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        ({}, "type"),
        ({"type": None}, "type"),
        ({"type": ["text"]}, "type"),
        ({"type": "hologram"}, "type"),
        ({"type": "text"}, "text"),
        ({"type": "text", "text": {}}, "text.body"),
        ({"type": "text", "text": "Hello"}, "text.body"),
        ({"type": "interactive", "interactive": {"type": "product"}}, "type"),
        ({"type": "interactive", "interactive": {"type": ["button"]}}, "interactive.type"),
        ({"type": "image", "image": {}}, "source"),
        ({"type": "contacts", "contacts": {"name": "Bob"}}, "contacts"),
    ],
)
def test_json_of_another_shape_is_refused_by_the_place_that_is_wrong(
    wire: dict[str, Any], field: str
) -> None:
    with pytest.raises(c.ContentError) as refused:
        c.from_wire(wire)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "header", [{"type": "hologram"}, {"type": "text"}, {"type": "image"}, {}, {"type": []}]
)
def test_a_header_of_another_shape_is_refused(header: dict[str, Any]) -> None:
    wire = c.Buttons("Hi", (c.Button("a", "A"),)).to_wire()
    wire["interactive"]["header"] = header
    with pytest.raises(c.ContentError):
        c.from_wire(wire)


@pytest.mark.parametrize(
    "component",
    [
        {"type": "header", "parameters": []},
        {
            "type": "header",
            "parameters": [{"type": "date_time", "date_time": {"fallback_value": "x"}}],
        },
        {"type": "body", "parameters": [{"type": "hologram"}]},
        {"type": "button", "sub_type": "catalog", "index": "0", "parameters": []},
        {"type": "button", "sub_type": "url", "index": "first", "parameters": []},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": []},
        {"type": "carousel"},
    ],
)
def test_a_template_component_of_another_shape_is_refused(component: dict[str, Any]) -> None:
    wire = {"type": "template", "template": {"name": "t", "language": {"code": "en"}}}
    wire["template"]["components"] = [component]  # type: ignore[index]  # JSON built by hand
    with pytest.raises(c.ContentError):
        c.from_wire(wire)

"""Templates, the number, subscriptions and the block list."""

from typing import Any

import pytest

from conversations.whatsapp.client import BlockResult, CloudApi
from conversations.whatsapp.errors import NumberBlocked, Refused, TryLater
from tests.whatsapp.graph import Answer, Graph


def page(*names: str, after: str | None = None) -> Answer:
    """Source: Graph API, cursor paging: the last page has cursors too, but no `next`."""
    paging: dict[str, Any] = {"cursors": {"before": "x", "after": after or "end"}}
    if after:
        paging["next"] = "https://graph.facebook.com/..."
    return Answer(body={"data": [{"name": name} for name in names], "paging": paging})


def test_it_reads_every_page_of_templates(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, GET /{waba_id}/message_templates."""
    graph.answers(page("a", "b", after="c1"), page("c", after="c2"), page("d"))
    assert [template["name"] for template in api.templates("2")] == ["a", "b", "c", "d"]
    assert [asked.query.get("after") for asked in graph.asked] == [None, "c1", "c2"]
    assert graph.asked[0].path == "/v21.0/2/message_templates"
    assert "components" in graph.asked[0].query["fields"]
    assert graph.asked[0].query["limit"] == "100"


def test_pages_that_lead_in_a_circle_end(graph: Graph, api: CloudApi) -> None:
    graph.answers(page("a", after="c1"), page("b", after="c1"), page("a", after="c1"))
    assert [template["name"] for template in api.templates("2")] == ["a", "b"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": None},
        {"data": {"a": 1}},
        {"data": [None, "x"]},
        {"data": [], "paging": 5},
        {"data": [], "paging": {"next": "x"}},
        {"data": [], "paging": {"next": "x", "cursors": {"after": ""}}},
        {"data": [], "paging": {"next": "x", "cursors": []}},
    ],
)
def test_a_page_of_another_shape_is_an_empty_last_one(
    graph: Graph, api: CloudApi, body: dict[str, Any]
) -> None:
    graph.answers(Answer(body=body))
    assert list(api.templates("2")) == []


def test_a_stale_cursor_is_told(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, error 131059, since v24."""
    error = {"code": 131059, "message": "(#131059) Invalid cursor"}
    graph.answers(page("a", after="c1"), Answer(400, {"error": error}))
    with pytest.raises(Refused) as refused:
        list(api.templates("2"))
    assert refused.value.code == 131059


def test_it_reads_the_number(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, GET /{phone_number_id}?fields=."""
    graph.answers(Answer(body={"quality_rating": "GREEN", "id": "1065403"}))
    assert api.phone_number("quality_rating") == {"quality_rating": "GREEN", "id": "1065403"}
    assert graph.asked[0].path == "/v21.0/1065403"
    assert graph.asked[0].query == {"fields": "quality_rating"}


def test_it_asks_for_the_number_s_health_unless_told_otherwise(graph: Graph, api: CloudApi) -> None:
    api.phone_number()
    assert "health_status" in graph.asked[0].query["fields"]


def test_a_number_that_is_gone_is_blocked(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(400, {"error": {"code": 100, "error_subcode": 33, "message": "gone"}}))
    with pytest.raises(NumberBlocked):
        api.phone_number()


def test_it_subscribes_our_app(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, /{waba_id}/subscribed_apps: without it no real message ever comes."""
    apps = [{"whatsapp_business_api_data": {"id": "9", "name": "console"}}]
    graph.answers(Answer(body={"success": True}), Answer(body={"data": apps}))
    api.subscribe_app("2")
    assert api.subscribed_apps("2") == apps
    assert [(asked.method, asked.path) for asked in graph.asked] == [
        ("POST", "/v21.0/2/subscribed_apps"),
        ("GET", "/v21.0/2/subscribed_apps"),
    ]


def test_it_blocks_customers_by_number_and_by_bsuid(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, POST /{phone_number_id}/block_users."""
    users = [{"input": "+27821234567", "wa_id": "27821234567"}]
    graph.answers(Answer(body={"block_users": {"added_users": users}}))
    assert api.block(["27821234567", "ZA.1"]) == BlockResult(("+27821234567",), ())
    assert graph.asked[0].json == {
        "messaging_product": "whatsapp",
        "block_users": [{"user": "+27821234567"}, {"user_id": "ZA.1"}],
    }


def test_it_tells_who_could_not_be_blocked(graph: Graph, api: CloudApi) -> None:
    """Source: Cloud API, error 139100: partial success is HTTP 400 with both lists."""
    body = {
        "block_users": {
            "added_users": [{"input": "+271"}],
            "failed_users": [
                {"input": "+272", "errors": [{"code": 139103, "message": "Not within 24 hours"}]},
                {"input": "+273"},
            ],
        },
        "error": {"code": 139100, "message": "(#139100) Failed to block some users"},
    }
    graph.answers(Answer(400, body))
    assert api.block(["271", "272", "273"]) == BlockResult(
        ("+271",), (("+272", "Not within 24 hours"), ("+273", ""))
    )


def test_it_unblocks_customers(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(body={"block_users": {"removed_users": [{"input": "+271"}]}}))
    assert api.unblock(["271"]) == BlockResult(("+271",), ())
    assert graph.asked[0].method == "DELETE"
    assert graph.asked[0].json["block_users"] == [{"user": "+271"}]


@pytest.mark.parametrize("body", [{}, {"block_users": None}, {"block_users": {"added_users": 5}}])
def test_a_block_list_of_another_shape_blocks_nobody(
    graph: Graph, api: CloudApi, body: dict[str, Any]
) -> None:
    graph.answers(Answer(body=body))
    assert api.block(["271"]) == BlockResult((), ())


def test_a_full_block_list_is_told(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(400, {"error": {"code": 139101, "message": "(#139101) Full"}}))
    with pytest.raises(Refused):
        api.block(["271"])


def test_a_busy_block_list_is_tried_again(graph: Graph, api: CloudApi) -> None:
    graph.answers(Answer(400, {"error": {"code": 139102, "message": "(#139102) Busy"}}))
    with pytest.raises(TryLater):
        api.block(["271"])

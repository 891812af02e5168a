"""What comes before every call: version, bearer, proof, the object itself."""

import hashlib
import hmac

import pytest

from tests.simulator.conftest import NUMBER, WABA, Graph, switch


@pytest.mark.parametrize("version", ["v20.0", "v2.0", "v21.5"])
def test_it_refuses_a_version_that_is_dead_or_never_was(graph: Graph, version: str) -> None:
    graph.version = version
    answer = graph("GET", NUMBER)
    assert (answer.status_code, graph.error(answer)["code"]) == (400, 100)


@pytest.mark.parametrize("version", ["v21.0", "v23.0", "v26.0", "v31.0"])
def test_it_serves_every_version_that_lives(graph: Graph, version: str) -> None:
    graph.version = version
    assert graph("GET", NUMBER).status_code == 200


@pytest.mark.parametrize("token", ["", "somebody-elses"])
def test_it_refuses_a_missing_or_foreign_token(graph: Graph, token: str) -> None:
    graph.token = token
    answer = graph.send()
    assert answer.status_code == 401
    assert graph.error(answer) == {
        "message": "Invalid OAuth access token - Cannot parse access token",
        "type": "OAuthException",
        "code": 190,
    }


def test_it_takes_the_token_from_the_query_too(graph: Graph) -> None:
    graph.token = ""
    assert graph("GET", f"{NUMBER}?access_token=demo-token").status_code == 200


def test_a_dead_token_is_refused_on_every_edge(graph: Graph) -> None:
    switch(token_is_dead=True)
    for answer in (graph.send(), graph("GET", NUMBER), graph("GET", f"{WABA}/message_templates")):
        error = graph.error(answer)
        assert (answer.status_code, error["code"], error["error_subcode"]) == (401, 190, 463)
        assert error["message"].startswith("Error validating access token: Session has expired on ")


def test_it_wants_the_proof_only_where_the_app_says_so(graph: Graph) -> None:
    switch(require_appsecret_proof=True)
    answer = graph("GET", NUMBER)
    assert graph.error(answer) == {
        "message": "API calls from the server require an appsecret_proof argument",
        "type": "GraphMethodException",
        "code": 100,
    }
    proof = hmac.new(b"demo-app-secret", b"demo-token", hashlib.sha256).hexdigest()
    assert graph("GET", f"{NUMBER}?appsecret_proof={proof}").status_code == 200


def test_an_unknown_number_does_not_exist_for_this_token(graph: Graph) -> None:
    answer = graph("POST", "999/messages", {"messaging_product": "whatsapp"})
    assert answer.status_code == 400
    assert graph.error(answer) == {
        "message": "Unsupported post request. Object with ID '999' does not exist, cannot be "
        "loaded due to missing permissions, or does not support this operation. Please read the "
        "Graph API documentation at https://developers.facebook.com/docs/graph-api",
        "type": "GraphMethodException",
        "code": 100,
        "error_subcode": 33,
    }


def test_an_edge_that_there_is_not_is_named(graph: Graph) -> None:
    answer = graph("GET", f"{NUMBER}/nonsense")
    assert graph.error(answer)["message"] == "Unknown path components: /nonsense"


def test_the_token_can_be_asked_about(graph: Graph) -> None:
    told = graph("GET", "debug_token?input_token=demo-token").json()["data"]
    assert told["is_valid"] is True
    assert "whatsapp_business_messaging" in told["scopes"]
    assert graph("GET", "debug_token?input_token=x").json()["data"]["is_valid"] is False


def test_no_token_stands_in_the_log(graph: Graph, control: "object") -> None:
    graph("GET", f"{NUMBER}?access_token=demo-token")
    from simulator import journal
    from simulator.models import Call

    journal.flush()
    call = Call.objects.get()
    assert "demo-token" not in f"{call.path} {call.body} {call.answer}"

"""Everything is killed while customers write, and nothing is lost and nothing is sent twice."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.assistant.claude_server import ClaudeServer
from tests.chaos.battle import Battle
from tests.chaos.judgement import judge
from tests.chaos.servers import OwnPostgres, OwnRedis
from tests.chaos.siege import Siege
from tests.conftest import DATA_DIR

pytestmark = pytest.mark.processes

BROKERS = ["table", pytest.param("redis", marks=pytest.mark.redis)]


@pytest.fixture(scope="module")
def battles(
    request: pytest.FixtureRequest,
    embedded_database: None,
    claude: ClaudeServer,
    seconds: float,
    seed: int,
) -> Iterator[dict[str, Battle]]:
    """Those that were asked for, by broker; the first comes to peace while the second is fought."""
    fought: dict[str, Battle] = {}
    with ExitStack() as stack:
        for broker in _asked_for(request):
            siege = _siege(stack, broker, claude)
            fought[broker] = stack.enter_context(Battle(broker, siege, seed=seed, seconds=seconds))
            fought[broker].fight()
        yield fought


def _asked_for(request: pytest.FixtureRequest) -> list[str]:
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    asked = {test.callspec.params["broker"] for test in tests if "battle" in test.fixturenames}
    return [broker for broker in ("table", "redis") if broker in asked and _is_there(broker)]


def _is_there(broker: str) -> bool:
    return broker == "table" or shutil.which("redis-server") is not None


def _siege(stack: ExitStack, broker: str, claude: ClaudeServer) -> Siege:
    """With the table two dispatchers, so that they are each other's rivals, too."""
    postgres = stack.enter_context(OwnPostgres(DATA_DIR / f"chaos-{broker}"))
    program = shutil.which("redis-server") if broker == "redis" else None
    redis = stack.enter_context(OwnRedis(program)) if program else None
    env = {"AI_GATEWAY_URL": claude.url, "ANTHROPIC_API_KEY": "sk-test"}
    return Siege(postgres, redis=redis, env=env, two_dispatchers=redis is None)


@pytest.fixture
def battle(broker: str, request: pytest.FixtureRequest) -> Battle:
    if broker == "redis":
        request.getfixturevalue("need_redis")
    fought: dict[str, Battle] = request.getfixturevalue("battles")
    return fought[broker]


@pytest.mark.parametrize("broker", BROKERS)
def test_whatever_is_killed_nothing_is_lost_and_nothing_sent_twice(battle: Battle) -> None:
    found = battle.peace()
    verdict = judge(found)
    assert verdict.is_clean, f"{verdict}; see {battle.log}"
    assert any(answer.is_in_doubt for answer in found.answers), "nobody died over a message"
    assert battle.missed == []

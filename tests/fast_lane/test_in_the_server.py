"""Both doors behind the real server: the same answers on the wire, and nothing lost by a fall."""

import http.client
import signal
import time
from collections.abc import Callable, Iterator
from itertools import count
from threading import Event, Thread

import pytest
import requests

from conversations.whatsapp import signature
from tests.fast_lane.database import Database
from tests.processes.running import Console
from tests.processes.waiting import is_alive, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("embedded_database")]

URL = "/webhooks/whatsapp/"
BODY = b'{"object":"whatsapp_business_account","entry":[]}'
MEGABYTE = b" " * 1024 * 1024
CHALLENGE = "hub.mode=subscribe&hub.verify_token=demo-verify-token&hub.challenge=1158201444"
MATTERS = ("content-type", "content-length", "retry-after", "x-content-type-options")

Answer = tuple[int, bytes, dict[str, str]]


def web(fast_lane: dict[str, str]) -> Iterator[Console]:
    with Console(only=("web",), env=fast_lane) as console:
        wait_for(lambda: answers(console), seconds=60, what="web")
        yield console


def answers(console: Console) -> bool:
    try:
        return requests.get(f"{console.url}{URL}", timeout=10).status_code == 403
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def lane(embedded_database: None) -> Iterator[Console]:
    yield from web({})


@pytest.fixture(scope="module")
def view(embedded_database: None) -> Iterator[Console]:
    yield from web({"FAST_LANE": "0"})


@pytest.fixture
def fresh(embedded_database: None) -> Iterator[Console]:
    """One that the test may break."""
    yield from web({})


def ask(
    console: Console, body: bytes, *, signed: str | None = None, chunks: int = 0, path: str = URL
) -> Answer:
    """POST over a connection of its own; in chunks of so many bytes, or with a length."""
    headers = {"X-Hub-Signature-256": signed or signature.sign(body, "demo-app-secret")}
    connection = http.client.HTTPConnection(console.url.removeprefix("http://"), timeout=20)
    try:
        if chunks:
            parts = (body[at : at + chunks] for at in range(0, len(body), chunks))
            headers["Transfer-Encoding"] = "chunked"
            connection.request("POST", path, parts, headers, encode_chunked=True)
        else:
            connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, answer.read(), told
    finally:
        connection.close()


def shown(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    status, content, headers = answer
    return status, content, {name: headers[name] for name in MATTERS if name in headers}


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda console: ask(console, BODY), 200),
        (lambda console: ask(console, b""), 200),
        (lambda console: ask(console, MEGABYTE * 3), 200),
        (lambda console: ask(console, BODY, path=f"{URL}?a=b"), 200),
        (lambda console: ask(console, BODY + b"1", chunks=7), 200),
        (lambda console: ask(console, MEGABYTE * 3 + b"1", chunks=65536), 413),
        (lambda console: ask(console, BODY, signed="sha256=" + "0" * 64), 401),
        (lambda console: ask(console, BODY, signed="none", chunks=7), 401),
    ],
    ids=["plain", "empty", "3 MB", "query", "chunks", "too many", "forged", "forged chunks"],
)
def test_both_doors_answer_alike_on_the_wire(
    lane: Console, view: Console, send: Callable[[Console], Answer], status: int
) -> None:
    fast, plain = shown(send(lane)), shown(send(view))
    assert fast[0] == status
    assert fast == plain


def test_both_keep_the_same_events(lane: Console, view: Console) -> None:
    for console in (lane, view):
        ask(console, BODY + b"kept")
        ask(console, BODY + b"kept", chunks=10)
    question = "SELECT count(*) FROM conversations_webhookevent WHERE body = %s"
    assert [console.query(question, BODY + b"kept") for console in (lane, view)] == [[(1,)]] * 2


def test_the_challenge_is_answered_in_both(lane: Console, view: Console) -> None:
    for console in (lane, view):
        answer = requests.get(f"{console.url}{URL}?{CHALLENGE}", timeout=10)
        assert (answer.status_code, answer.text) == (200, "1158201444")


def test_the_lane_is_on_unless_it_is_switched_off(lane: Console, view: Console) -> None:
    # What only the REST framework tells.
    assert "allow" not in ask(lane, BODY)[2]
    assert "allow" in ask(view, BODY)[2]


@pytest.mark.parametrize("door", ["lane", "view"])
def test_while_the_database_is_away_it_says_503_and_then_goes_on_by_itself(
    request: pytest.FixtureRequest, door: str
) -> None:
    console: Console = request.getfixturevalue(door)
    assert ask(console, b"before")[0] == 200
    with Database(console.database).away():
        status, content, headers = ask(console, b"meanwhile")
        assert (status, headers["retry-after"]) == (503, "5")
        assert content == b"The database is away. Please try again."
    assert ask(console, b"meanwhile")[0] == 200
    kept = "SELECT count(*) FROM conversations_webhookevent WHERE body IN ('before', 'meanwhile')"
    assert console.query(kept) == [(2,)]


class Senders:
    """Eight that post distinct bodies as fast as they are answered; `accepted`: what got a 200."""

    def __init__(self, console: Console) -> None:
        self.accepted: list[bytes] = []
        self._url = f"{console.url}{URL}"
        self._serial = count()
        self._ended = Event()
        self._threads = [Thread(target=self._post) for _ in range(8)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=20)

    def _post(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not self._ended.is_set():
                body = b"event %d" % next(self._serial)
                signed = {"X-Hub-Signature-256": signature.sign(body, "demo-app-secret")}
                try:
                    answer = session.post(self._url, body, headers=signed, timeout=20)
                except requests.RequestException:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    self.accepted.append(body)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_was_accepted_is_kept_when_the_server_is_ended(
    fresh: Console, how: signal.Signals
) -> None:
    senders = Senders(fresh)
    try:
        wait_for(lambda: len(senders.accepted) > 200, what="some load")
        before = fresh.pids("web")
        fresh.kill("web", how)
        wait_for(lambda: not any(is_alive(pid) for pid in before), seconds=30, what="its end")
        at_its_end = len(senders.accepted)
        wait_for(lambda: len(senders.accepted) > at_its_end + 200, seconds=60, what="a new one")
    finally:
        senders.stop()
    kept = {bytes(body) for (body,) in fresh.query("SELECT body FROM conversations_webhookevent")}
    assert set(senders.accepted) <= kept


def test_a_cut_connection_costs_nobody_an_answer(lane: Console) -> None:
    senders = Senders(lane)
    try:
        for cut in range(3):
            wait_for(lambda wanted=cut: len(senders.accepted) > wanted * 100)  # type: ignore[misc]
            Database(lane.database).cut_off()
    finally:
        senders.stop()
    kept = {bytes(body) for (body,) in lane.query("SELECT body FROM conversations_webhookevent")}
    assert set(senders.accepted) <= kept

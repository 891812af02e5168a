"""The load generator, a process of its own: raw sockets, kept alive, one thread, no library.

`run(Load(...))` starts it (`python -m benchmarks.load`) and reads what it found. Closed: each
connection sends its next request when it has its answer. Paced: requests fall due at a fixed rate,
whether or not the server keeps up, and their time counts from the moment they were due.
"""

import json
import resource
import select
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import bodies
from conversations.whatsapp import signature

ROOT = Path(__file__).resolve().parent.parent
RECONNECT_SECONDS = 0.05
LAST_ANSWERS_SECONDS = 15.0


@dataclass(frozen=True)
class Load:
    """What to send: `count` bodies from the number `first` on, or fewer if the time is over.

    `rate` a second, or None for closed. `events` in each body. `patience_seconds`: a request that
    found no connection so long after it was due is not sent at all.
    """

    port: int
    connections: int
    seconds: float
    count: int
    seed: int
    first: int = 0
    rate: float | None = None
    events: int = 1
    patience_seconds: float = 60.0
    at: int = field(default_factory=lambda: int(time.time()))


@dataclass
class Found:
    """What came of it. Times in seconds; `accepted` the numbers of the bodies answered with 200."""

    seconds: float = 0.0
    sent: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    unanswered: int = 0
    not_sent: int = 0
    cpu_seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)
    accepted_in_second: dict[str, int] = field(default_factory=dict)  # by "0", "1", ...

    @property
    def per_second(self) -> float:
        """Accepted a second."""
        return len(self.accepted) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The time within which this share of the accepted was answered, in milliseconds."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


class Running:
    """A load process at work; `found()` waits for its end."""

    def __init__(self, load: Load) -> None:
        command = [sys.executable, "-m", "benchmarks.load", json.dumps(asdict(load))]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", self._process.communicate()[1]

    def found(self) -> Found:
        """All answers are in, or given up."""
        told, errors = self._process.communicate()
        assert self._process.returncode == 0, errors
        return Found(**json.loads(told))


def run(load: Load) -> Found:
    """Send it all, from a process of its own."""
    return Running(load).found()


class _Connection:
    """One kept-alive connection; `number` of the body under way, or None."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number: int | None = None
        self.since = 0.0
        self._received = b""

    def send(self, request: bytes, number: int, since: float) -> None:
        self.number, self.since = number, since
        self.socket.sendall(request)

    def answer(self) -> int | None:
        """The status once the whole answer is there. Raises: OSError when the server hung up."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionResetError
        self._received += more
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return None
        self._received = b""
        return int(head[9:12])


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0] or 0)


class _Generator:
    """The loop: who is free sends what is due, who has an answer is free again."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = [_request(load, number) for number in range(load.count)]
        self._poll = select.epoll()
        self._open: dict[int, _Connection] = {}
        self._free: deque[_Connection] = deque()
        self._connect_at = 0.0
        self._next = 0
        self._counted: Counter[str] = Counter()
        self._accepted: Counter[str] = Counter()
        self.found = Found()

    def run(self) -> Found:
        self._connect()
        used = _cpu_seconds()
        self._began = time.perf_counter()
        self._end = self._began + self._load.seconds
        while (now := time.perf_counter()) < self._end and self._next < self._load.count:
            self._send_what_is_due(now)
            self._read_answers(self._until_next(now))
        self.found.seconds = time.perf_counter() - self._began
        self._wait_for_the_last()
        self.found.cpu_seconds = _cpu_seconds() - used
        self.found.statuses = dict(self._counted)
        self.found.accepted_in_second = dict(self._accepted)
        return self.found

    def _connect(self) -> None:
        """As many connections as wanted; where nobody listens, again in a moment."""
        self._connect_at = time.perf_counter() + RECONNECT_SECONDS
        try:
            while len(self._open) < self._load.connections:
                connection = _Connection(self._load.port)
                self._open[connection.socket.fileno()] = connection
                self._poll.register(connection.socket, select.EPOLLIN)
                self._free.append(connection)
        except OSError:
            return

    def _send_what_is_due(self, now: float) -> None:
        if len(self._open) < self._load.connections and now > self._connect_at:
            self._connect()
        while self._next < self._load.count and self._due(self._next) <= now:
            if self._load.rate and now - self._due(self._next) > self._load.patience_seconds:
                self.found.not_sent += 1
            elif self._free:
                self._send(self._free.popleft(), self._due(self._next) if self._load.rate else now)
            else:
                return
            self._next += 1

    def _due(self, number: int) -> float:
        return self._began + number / self._load.rate if self._load.rate else 0.0

    def _send(self, connection: _Connection, since: float) -> None:
        self.found.sent += 1
        try:
            connection.send(self._requests[self._next], self._next, since)
        except OSError:
            self._lose(connection)

    def _until_next(self, now: float) -> float:
        if not self._free:
            return 0.05
        return max(0.0, min(0.05, self._due(self._next) - now)) if self._load.rate else 0.05

    def _read_answers(self, seconds: float) -> None:
        for fileno, _ in self._poll.poll(seconds):
            connection = self._open[fileno]
            try:
                status = connection.answer()
            except OSError:
                self._lose(connection)
                continue
            if status is not None:
                self._count(connection, status)
                self._free.append(connection)

    def _count(self, connection: _Connection, status: int) -> None:
        self._counted[str(status)] += 1
        if status == 200 and connection.number is not None:
            now = time.perf_counter()
            self.found.latencies.append(round(now - connection.since, 6))
            self.found.accepted.append(connection.number)
            self._accepted[str(int(now - self._began))] += 1
        connection.number = None

    def _lose(self, connection: _Connection) -> None:
        if connection.number is None:
            self._free.remove(connection)
        else:
            self.found.unanswered += 1
        del self._open[connection.socket.fileno()]
        self._poll.unregister(connection.socket)
        connection.socket.close()

    def _wait_for_the_last(self) -> None:
        give_up = time.perf_counter() + LAST_ANSWERS_SECONDS
        while self._under_way() and time.perf_counter() < give_up:
            self._read_answers(0.05)
        self.found.unanswered += self._under_way()

    def _under_way(self) -> int:
        return sum(connection.number is not None for connection in self._open.values())


def body_of(load: Load, number: int) -> bytes:
    """The body number `number` of this load."""
    index = load.first + number
    if load.events == 1:
        return bodies.single(load.seed, index, load.at)
    return bodies.many(load.seed, index, load.events, load.at)


def _request(load: Load, number: int) -> bytes:
    body = body_of(load, number)
    head = (
        "POST /webhooks/whatsapp/ HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{load.port}\r\n"
        "User-Agent: facebookexternalua\r\nAccept: */*\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: {signature.sign(body, bodies.APP_SECRET)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    generator = _Generator(Load(**json.loads(sys.argv[1])))
    print("ready", flush=True)
    print(json.dumps(asdict(generator.run())))

"""The service starts, replaces what dies, and stops without losing what is in flight."""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.running.addresses import listen
from ingest.running.serving import _clear_abandoned, _metrics_folder
from ingest.running.worker import _with_mapped
from tests.processes import alive

pytestmark = pytest.mark.processes

PATIENT_SECONDS = 30.0
ROOT = Path(__file__).parents[3]


class Service:
    """A parent process, its workers, and what it wrote."""

    def __init__(self, options: dict[str, Any], folder: Path) -> None:
        self.log = folder / "log"
        everything = {
            "factory": "tests.ingest.running.tiny_service:factory",
            "host": "127.0.0.1",
            "port": 0,
            "drain_seconds": 0,
            **options,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.ingest.running.tiny_service", json.dumps(everything)],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )
        self.port = 0

    def wait_until_ready(self) -> "Service":
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline() or self.fail("did not start"))
        return self

    def fail(self, what: str) -> str:
        raise AssertionError(f"{what}:\n{self.log.read_text()}")

    def lines(self) -> list[dict[str, Any]]:
        """What it logged. Raises when a line is anything but JSON: a traceback, a warning."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines()]

    def workers(self) -> set[int]:
        return {line["pid"] for line in self.lines() if line["event"] == "worker_started"}

    def get(self, path: str = "/", **headers: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENT_SECONDS)
        try:
            connection.request("GET", path, headers=headers)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()

    def exit_code(self) -> int:
        assert self.process.stdout is not None
        code = self.process.wait(timeout=PATIENT_SECONDS)
        self.process.stdout.close()
        return code

    def stop(self, told: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(told)
        return self.exit_code()


type_of_start = Callable[..., Service]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[type_of_start]:
    started: list[Service] = []

    def start(**options: Any) -> Service:
        started.append(Service(options, tmp_path))
        return started[-1]

    yield start
    for service in started:
        if service.process.poll() is None:
            service.process.kill()
            service.exit_code()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENT_SECONDS
    while not condition():
        assert time.monotonic() < until, f"still not: {what}"
        time.sleep(0.02)  # between two looks, not instead of one


def refuses_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def free_port() -> int:
    with listen("127.0.0.1", 0, setting="none") as probe:
        port: int = probe.getsockname()[1]
        return port


def metrics_at(port: int) -> str:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/metrics", timeout=PATIENT_SECONDS
    ) as told:
        text: str = told.read().decode()
        return text


class HalfARequest:
    """A request that a worker is reading: its body lacks its end."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENT_SECONDS)
        self.socket.sendall(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert self.socket.recv(100).startswith(b"HTTP/1.1 100 ")
        self.socket.sendall(b"ab")

    def finish(self) -> bytes:
        with self.socket:
            self.socket.sendall(b"cd")
            with self.socket.makefile("rb") as reply:
                return reply.read()


def test_sigterm_finishes_what_is_in_flight_and_closes_the_port(start: type_of_start) -> None:
    service = start(workers=2).wait_until_ready()
    halves = [HalfARequest(service.port) for _ in range(4)]
    service.process.send_signal(signal.SIGTERM)
    wait_until(lambda: refuses_connections(service.port), "the port is closed")

    for half in halves:
        reply = half.finish()
        assert reply.startswith(b"HTTP/1.1 200 ")
        assert b'"length": 4' in reply
    assert service.exit_code() == 0
    assert service.events()[-1] == "stopped"
    assert not any(alive(pid) for pid in service.workers())


# A second of waiting, for who stops halfway.
@pytest.mark.long
def test_a_request_that_does_not_end_holds_up_nobody_for_ever(start: type_of_start) -> None:
    service = start(workers=1, finish_seconds=1).wait_until_ready()
    half = HalfARequest(service.port)
    assert service.stop() == 0
    half.socket.close()


def test_while_draining_it_is_not_ready_but_answers(start: type_of_start) -> None:
    service = start(workers=2, drain_seconds=600).wait_until_ready()
    assert service.get("/readyz")[0] == 200
    service.process.send_signal(signal.SIGTERM)
    wait_until(lambda: service.get("/readyz")[0] == 503, "one worker says that it drains")
    for _ in range(20):
        assert service.get("/")[0] == 200
    # Whoever asks twice is in a hurry.
    assert service.stop() == 0


def test_while_draining_it_takes_leave_with_each_answer(start: type_of_start) -> None:
    service = start(workers=1, drain_seconds=600).wait_until_ready()
    kept = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENT_SECONDS)
    assert leave_taken(kept) is None
    service.process.send_signal(signal.SIGTERM)
    wait_until(lambda: service.get("/readyz")[0] == 503, "the worker says that it drains")
    # Over the connection that was open before, and over a new one.
    assert leave_taken(kept) == "close"
    assert leave_taken(kept) == "close"
    kept.close()
    assert service.stop() == 0


def leave_taken(connection: http.client.HTTPConnection) -> str | None:
    connection.request("POST", "/", body=b"12345")
    reply = connection.getresponse()
    reply.read()
    return reply.getheader("connection")


def test_control_c_reaches_the_whole_group_and_is_as_graceful(start: type_of_start) -> None:
    service = start(workers=2).wait_until_ready()
    half = HalfARequest(service.port)
    os.killpg(service.process.pid, signal.SIGINT)
    wait_until(lambda: refuses_connections(service.port), "the port is closed")
    os.killpg(service.process.pid, signal.SIGINT)

    assert half.finish().startswith(b"HTTP/1.1 200 ")
    assert service.exit_code() == 0
    assert service.events()[-1] == "stopped"  # and every line is JSON: no traceback


# A rare moment; Ctrl-C while it serves is above.
@pytest.mark.long
def test_control_c_before_anything_serves_is_as_graceful(start: type_of_start) -> None:
    service = start(workers=2)
    wait_until(lambda: "worker_started" in service.events(), "a worker starts")
    os.killpg(service.process.pid, signal.SIGINT)

    assert service.exit_code() == 0
    assert service.events()[-1] == "stopped"
    assert not any(alive(pid) for pid in service.workers())


def test_a_worker_that_is_killed_is_replaced_and_its_counts_stay(start: type_of_start) -> None:
    metrics_port = free_port()
    service = start(workers=1, metrics_address=f"127.0.0.1:{metrics_port}").wait_until_ready()
    _, before = service.get()
    os.kill(before["pid"], signal.SIGKILL)
    # The port stays open: this connection waits for the replacement.
    status, after = service.get()

    assert status == 200
    assert after["pid"] != before["pid"]
    assert "\ningest_shed_total 2.0\n" in metrics_at(metrics_port)
    (death,) = (line for line in service.lines() if line["event"] == "worker_died")
    assert (death["worker"], death["exit_code"]) == (0, -signal.SIGKILL)
    # Until the next start, and not how long it lived.
    assert death["pause_seconds"] == 0.0
    assert "seconds" not in death
    assert service.stop() == 0


def test_nothing_survives_a_parent_that_is_killed(start: type_of_start) -> None:
    service = start(workers=2).wait_until_ready()
    workers = service.workers()
    assert len(workers) == 2
    service.process.kill()
    service.exit_code()

    wait_until(lambda: not any(alive(pid) for pid in workers), "the workers are gone")
    assert refuses_connections(service.port)


def test_counts_that_a_killed_service_left_are_cleared_and_those_of_others_stay(
    tmp_path: Path,
) -> None:
    now = time.time()
    folders = {name: tmp_path / f"meetpunt-metrics-{name}" for name in ("killed", "runs", "new")}
    for name, folder in folders.items():
        folder.mkdir()
        (folder / "counter_1.db").touch()
        changed = now if name == "new" else now - 3600
        os.utime(folder, (changed, changed))
    (tmp_path / "meetpunt-metrics-link").symlink_to(ROOT)
    runs = os.open(folders["runs"], os.O_RDONLY)
    fcntl.flock(runs, fcntl.LOCK_EX)
    _clear_abandoned(tmp_path)
    assert [name for name, folder in folders.items() if folder.exists()] == ["runs", "new"]
    os.close(runs)
    _clear_abandoned(tmp_path)
    assert [name for name, folder in folders.items() if folder.exists()] == ["new"]
    assert (ROOT / "pyproject.toml").exists()


def test_counts_of_a_service_that_runs_are_locked_and_go_when_it_stops() -> None:
    with _metrics_folder() as folder:
        os.utime(folder, (0, 0))
        _clear_abandoned(folder.parent)
        assert folder.exists()
    assert not folder.exists()


def test_metrics_of_all_workers_come_from_one_address(start: type_of_start) -> None:
    metrics_port = free_port()
    service = start(workers=2, metrics_address=f"127.0.0.1:{metrics_port}").wait_until_ready()
    for _ in range(20):
        service.get()

    assert "\ningest_shed_total 20.0\n" in metrics_at(metrics_port)
    assert service.stop() == 0


def test_garbage_is_not_sought_in_what_a_worker_starts_with_nor_often(start: type_of_start) -> None:
    service = start(workers=1).wait_until_ready()
    told = service.get()[1]
    assert told["kept_for_good"] > 10_000
    assert told["objects_between_searches"] > 1_000
    assert service.stop() == 0


def test_hangup_makes_workers_read_their_files_again(start: type_of_start) -> None:
    service = start(workers=1).wait_until_ready()
    assert service.get()[1]["rereads"] == 0
    service.process.send_signal(signal.SIGHUP)
    wait_until(lambda: service.get()[1]["rereads"] == 1, "the worker reread")
    assert service.stop() == 0


# A terminal that is closed, which no server has; the other hangup is above.
@pytest.mark.long
def test_hangup_stops_what_belongs_to_a_terminal(start: type_of_start) -> None:
    service = start(workers=1, rereads_on_hangup=False).wait_until_ready()
    assert service.stop(signal.SIGHUP) == 0


def test_a_taken_port_is_one_sentence_and_an_exit_code(start: type_of_start) -> None:
    with listen("127.0.0.1", 0, setting="none") as taken:
        port = taken.getsockname()[1]
        service = start(port=port)
        assert service.exit_code() == 1

    assert service.log.read_text() == (
        f"Port {port} on 127.0.0.1 is taken; "
        "stop what listens there or set MEETPUNT_PORT to another.\n"
    )


# Later in the same start, and told by the same line.
@pytest.mark.parametrize(
    "factory", ["broken_factory", pytest.param("broken_lifespan", marks=pytest.mark.long)]
)
def test_a_worker_that_cannot_start_ends_it_all_and_keeps_its_secrets(
    start: type_of_start, factory: str
) -> None:
    service = start(workers=2, factory=f"tests.ingest.running.tiny_service:{factory}")
    assert service.exit_code() == 1

    said = service.log.read_text()
    assert said.endswith("A worker could not start; its log line says why.\n")
    assert '"exception":"ConnectionRefusedError"' in said
    assert "secret" not in said


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(start: type_of_start) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.7"}
    service = start(workers=1).wait_until_ready()
    assert service.get(**forwarded)[1]["client"] == "127.0.0.1"
    assert service.stop() == 0

    service = start(workers=1, host="::", trusted_proxies=["127.0.0.0/8"]).wait_until_ready()
    assert service.get(**forwarded)[1]["client"] == "192.0.2.7"
    assert service.stop() == 0


def test_an_ipv4_network_is_trusted_in_both_its_spellings() -> None:
    assert _with_mapped(["10.0.0.0/8", "2001:db8::/32"]) == [
        "10.0.0.0/8",
        "::ffff:10.0.0.0/104",
        "2001:db8::/32",
    ]

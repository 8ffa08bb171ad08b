"""One worker process: builds the application and serves it on the socket that its parent opened.

Started by `ingest.running.serving` as `python -m ingest.running.worker`. The parent commands it
over a socket, and not by signals, because a terminal sends signals to all processes at once. When
the parent dies the socket closes; then the worker finishes the requests in flight and ends.
"""

import asyncio
import contextlib
import gc
import importlib
import ipaddress
import os
import resource
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import uvicorn

from ingest.asgi.deadlines import Deadlines, protocol_with
from ingest.asgi.lifecycle import this_worker
from ingest.running.logs import configure_logging, log

# What a parent and its worker say to each other, a byte at a time.
READY, DRAIN, REREAD, STOP = b"+", b"d", b"r", b"s"

# Longer than the idle time of common proxies (60 s), so that they close first. A proxy cannot know
# whether a request arrived that it sends over a connection which we are just closing.
KEEP_ALIVE_SECONDS = 65
# How long the application itself may take to close at an orderly end.
CLOSING_SECONDS = 5.0
MOST_CONNECTIONS = 65_536


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What a parent tells a worker at its start. `listener` and `lifeline` are file descriptors."""

    factory: str  # "module:function", called without arguments, returns an ASGI application
    number: int
    listener: int
    lifeline: int
    finish_seconds: float
    trusted_proxies: tuple[str, ...] = ()
    log_level: str = "info"


def main(argument: str) -> int:
    """Serve until told to stop. Returns the exit code: 0, or 1 when it could not start."""
    assignment = msgspec.json.decode(argument, type=Assignment)
    stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for stop_signal in stops:
        signal.signal(stop_signal, signal.SIG_IGN)
    # The parent blocked them while it started us, so that none could hit before they are ignored.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, stops)
    configure_logging(assignment.log_level, worker=assignment.number)
    _allow_many_connections()
    lifeline = socket.socket(fileno=assignment.lifeline)
    lifeline.set_inheritable(False)
    listener = socket.socket(fileno=assignment.listener)
    listener.set_inheritable(False)
    parent = _Parent(lifeline, assignment.finish_seconds)
    parent.start()
    try:
        application = _build(assignment.factory)
    except Exception as failure:
        _tell_failure(failure)
        return 1
    server = _Server(_config(application, assignment), parent)
    parent.server = server
    try:
        with contextlib.suppress(SystemExit):  # uvicorn's word for "could not start"
            server.run([listener])
    finally:
        if parent.gone and (folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR")):
            shutil.rmtree(folder, ignore_errors=True)  # Nobody else is left to do so.
    return 0 if server.started else 1


def _build(factory: str) -> Any:
    module, _, function = factory.partition(":")
    return getattr(importlib.import_module(module), function)()


def _config(application: Any, assignment: Assignment) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        interface="asgi3",
        http=protocol_with(Deadlines()),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,  # a path holds a token
        server_header=False,
        # X-Forwarded-For is only believed from proxies that the operator named.
        proxy_headers=bool(assignment.trusted_proxies),
        forwarded_allow_ips=_with_mapped(assignment.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(assignment.finish_seconds)),
    )


def _with_mapped(networks: Iterable[str]) -> list[str]:
    """The networks; those of IPv4 also as IPv6, as a socket for both families reports them."""
    spellings = []
    for network in map(ipaddress.ip_network, networks):
        spellings.append(str(network))
        if network.version == 4:
            spellings.append(f"::ffff:{network.network_address}/{96 + network.prefixlen}")
    return spellings


class _Parent(threading.Thread):
    """Listens to the parent in a thread, so that it works before and without the event loop."""

    def __init__(self, lifeline: socket.socket, finish_seconds: float) -> None:
        super().__init__(name="lifeline", daemon=True)
        self.server: uvicorn.Server | None = None
        self.gone = False
        self._stopped = False
        self._lifeline = lifeline
        self._finish_seconds = finish_seconds

    @property
    def said_stop(self) -> bool:
        return self._stopped

    def tell_ready(self) -> None:
        with contextlib.suppress(OSError):
            self._lifeline.sendall(READY)

    def run(self) -> None:
        while message := self._hear():
            if message == DRAIN:
                this_worker.drain()
            elif message == REREAD:
                this_worker.reread()
            elif message == STOP:
                self._stop()
        self.gone = not self._stopped
        if self.gone:
            log("parent_gone", level="error")
        self._stop()
        time.sleep(self._finish_seconds + CLOSING_SECONDS)
        os._exit(1)

    def _hear(self) -> bytes:
        try:
            return self._lifeline.recv(1)
        except OSError:
            return b""

    def _stop(self) -> None:
        self._stopped = True
        if self.server is not None:
            self.server.should_exit = True


class _Server(uvicorn.Server):
    """uvicorn's server, started and stopped by our parent."""

    def __init__(self, config: uvicorn.Config, parent: _Parent) -> None:
        super().__init__(config)
        self._parent = parent

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then tell the parent. A failure is logged here.

        uvicorn would log its message, which may hold anything.
        """
        this_worker.run_on(asyncio.get_running_loop())
        application = self.config.loaded_app

        async def logging_failures(scope: Any, receive: Any, send: Any) -> None:
            try:
                await application(scope, receive, send)
            except Exception as failure:
                _tell_failure(failure)
                raise

        # Used for the lifespan alone; requests go to the application itself.
        self.config.loaded_app = logging_failures
        try:
            await super().startup(sockets)
        finally:
            self.config.loaded_app = application
        if self._parent.said_stop:
            self.should_exit = True
        _look_for_garbage_less()
        self._parent.tell_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none, because `main` has ignored them all."""
        yield


def _tell_failure(failure: Exception) -> None:
    # Messages of our own exceptions may be logged: no request has been read yet.
    is_ours = type(failure).__module__.partition(".")[0] == "ingest"
    log(
        "application_failed",
        level="error",
        exception=failure,
        reason=str(failure) if is_ours else None,
    )


def _look_for_garbage_less() -> None:
    """Leave objects from before the first request out of garbage collection; collect less often.

    Searching all of them delayed every request by some 35 ms. A request in flight has some 60
    objects, so with the default of 700 a search starts every dozen requests. It finds nothing,
    because a request's objects are freed at once. 10,000 objects take a few MB.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


def _allow_many_connections() -> None:
    """Raise the limit of open files, often about a thousand, which slow clients could use up."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS if most == resource.RLIM_INFINITY else min(most, MOST_CONNECTIONS)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

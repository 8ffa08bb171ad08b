"""Keep worker processes running until told to stop, then end them in order.

uvicorn's own supervisor was not enough: it cannot drain, its workers outlive a parent that is
killed, and it restarts a worker that fails at once, for ever.
"""

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import msgspec

from ingest import __version__
from ingest.running import metrics
from ingest.running.logs import log
from ingest.running.worker import CLOSING_SECONDS, DRAIN, READY, REREAD, STOP, Assignment

LONGEST_PAUSE_SECONDS = 30.0
# When a worker that ran this long dies, it is restarted without a growing pause.
STEADY_SECONDS = 60.0

STOPS = (signal.SIGINT, signal.SIGTERM)
SIGNALS = (*STOPS, signal.SIGHUP)


class WorkersFailed(Exception):
    """A worker ended before any worker could serve, so starting it again would not help."""


class _Worker:
    """A worker process, and our end of the socket to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self._reader = reader
        self._writer = writer

    def tell(self, message: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(message)

    async def is_ready(self) -> bool:
        """Wait until it serves (True), or ends without serving (False)."""
        with contextlib.suppress(OSError):
            return await self._reader.read(1) == READY
        return False

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()


class Supervisor:
    """Runs `count` workers on one listening socket; `assignment` is what they have in common.

    `environment` is the workers' own; `folder` is for their metrics, if any; `on_ready` is called
    once, with the port, when all workers serve.
    """

    def __init__(
        self,
        listener: socket.socket,
        count: int,
        *,
        assignment: Assignment,
        environment: dict[str, str],
        folder: Path | None,
        on_ready: Callable[[int], None] | None,
    ) -> None:
        self._listener = listener
        self._port: int = listener.getsockname()[1]
        self._count = count
        self._assignment = assignment
        self._environment = environment
        self._folder = folder
        self._on_ready = on_ready
        self._workers: dict[int, _Worker] = {}
        self._have_served: set[int] = set()
        self._starting = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._hurrying = asyncio.Event()

    async def run(self, *, drain_seconds: float, rereads_on_hangup: bool) -> None:
        """Return when a signal stopped it, with signals blocked. Raises WorkersFailed."""
        loop = asyncio.get_running_loop()
        for stop_signal in STOPS:
            loop.add_signal_handler(stop_signal, self._stop, stop_signal)
        hangup = self._reread if rereads_on_hangup else lambda: self._stop(signal.SIGHUP)
        loop.add_signal_handler(signal.SIGHUP, hangup)
        log("starting", version=__version__, port=self._port, workers=self._count)
        keepers = [asyncio.create_task(self._keep(number)) for number in range(self._count)]
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([stopping, *keepers], return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                await self._drain(drain_seconds)
                await self._finish(keepers)
        finally:
            self._stopping.set()
            for worker in self._workers.values():
                worker.kill()
            outcomes = await asyncio.gather(*keepers, stopping, return_exceptions=True)
            # Without an event loop a signal would end this process; the caller decides instead.
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        log("stopped")

    async def _keep(self, number: int) -> None:
        """Run worker `number`, and again when it dies, after a pause that grows."""
        pause = 0.0
        while not self._stopping.is_set():
            began = monotonic()
            worker = await self._start(number)
            if await worker.is_ready():
                self._serves(number)
            code = await worker.process.wait()
            await worker.close()
            del self._workers[number]
            if self._folder is not None:
                metrics.forget_worker(self._folder, number)
            if self._stopping.is_set():
                return
            if not self._have_served:
                raise WorkersFailed("A worker could not start; its log line says why.")
            steady = monotonic() - began > STEADY_SECONDS
            pause = 0.0 if steady or not pause else min(pause * 2, LONGEST_PAUSE_SECONDS)
            log("worker_died", level="error", worker=number, exit_code=code, pause_seconds=pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = pause or 0.5

    async def _start(self, number: int) -> _Worker:
        our_end, their_end = socket.socketpair()
        with their_end:
            assignment = msgspec.structs.replace(
                self._assignment, number=number, lifeline=their_end.fileno()
            )
            async with self._starting:
                # A worker inherits this, so that no signal reaches it before it can handle one.
                signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
                try:
                    process = await asyncio.create_subprocess_exec(
                        sys.executable,
                        "-P",
                        "-m",
                        "ingest.running.worker",
                        msgspec.json.encode(assignment).decode(),
                        stdin=asyncio.subprocess.DEVNULL,
                        env={**self._environment, metrics.WORKER_VARIABLE: str(number)},
                        pass_fds=(assignment.listener, assignment.lifeline),
                    )
                finally:
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        worker = _Worker(process, *await asyncio.open_connection(sock=our_end))
        self._workers[number] = worker
        if self._stopping.is_set():
            worker.tell(STOP)
        log("worker_started", worker=number, pid=process.pid)
        return worker

    def _serves(self, number: int) -> None:
        first = len(self._have_served) < self._count
        self._have_served.add(number)
        if first and len(self._have_served) == self._count:
            log("ready", port=self._port)
            if self._on_ready is not None:
                self._on_ready(self._port)

    def _stop(self, stop_signal: signal.Signals) -> None:
        if self._stopping.is_set():
            self._hurrying.set()
            return
        log("stopping", signal=stop_signal.name)
        self._stopping.set()

    def _reread(self) -> None:
        log("rereading")
        self._tell_all(REREAD)

    def _tell_all(self, message: bytes) -> None:
        for worker in self._workers.values():
            worker.tell(message)

    async def _drain(self, seconds: float) -> None:
        self._tell_all(DRAIN)
        if self._have_served:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurrying.wait(), seconds)

    async def _finish(self, keepers: list[asyncio.Task[None]]) -> None:
        self._listener.close()
        self._tell_all(STOP)
        seconds = self._assignment.finish_seconds + CLOSING_SECONDS
        _, late = await asyncio.wait(keepers, timeout=seconds)
        if late:
            log("workers_killed", level="error", count=len(late))

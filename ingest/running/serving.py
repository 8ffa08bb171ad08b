"""Serve with several worker processes under one parent that starts, watches and stops them.

The parent opens the port, so that no connection is refused while a worker is replaced, and serves
the metrics of all. It answers no requests itself.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.running.addresses import AddressUnusable, PortTaken, listen
from ingest.running.logs import configure_logging
from ingest.running.metrics_server import MetricsServer
from ingest.running.supervisor import SIGNALS, Supervisor, WorkersFailed
from ingest.running.worker import Assignment

__all__ = ["AddressUnusable", "PortTaken", "WorkersFailed", "run_workers"]

_COUNTS = "meetpunt-metrics-"
_SECONDS_TO_LOCK = 10


def run_workers(
    factory: str,
    *,
    host: str,
    port: int,
    workers: int = 1,
    environment: Mapping[str, str],
    drain_seconds: float = 5.0,
    finish_seconds: float = 15.0,
    metrics_address: str | None = None,
    trusted_proxies: Sequence[str] = (),
    log_level: str = "info",
    rereads_on_hangup: bool = True,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve what `factory` ("module:function") builds in each worker, until SIGTERM or Ctrl-C.

    Then /readyz says 503 for `drain_seconds` while everything is still answered (a second signal
    cuts that short), the port is closed, and what is in flight has `finish_seconds` to end.
    `environment` is the whole environment of the workers. `on_ready` is called once, with the port,
    when every worker serves. SIGHUP makes workers read their keys again. Where `rereads_on_hangup`
    is false it stops them like SIGTERM, because a terminal that is closed sends it.

    Call it in the main thread. Afterwards SIGINT, SIGTERM and SIGHUP are ignored, so that a second
    Ctrl-C cannot interrupt the caller while it stops other things.
    Raises PortTaken, AddressUnusable or WorkersFailed.
    """
    configure_logging(log_level)
    with contextlib.ExitStack() as closing:
        listener = closing.enter_context(listen(host, port, setting="MEETPUNT_PORT"))
        folder = closing.enter_context(_metrics_folder()) if metrics_address else None
        if metrics_address:
            closing.enter_context(MetricsServer(metrics_address, folder))
        closing.callback(_ignore_signals)
        supervisor = Supervisor(
            listener,
            workers,
            assignment=Assignment(
                factory=factory,
                number=0,
                listener=listener.fileno(),
                lifeline=-1,
                finish_seconds=finish_seconds,
                trusted_proxies=tuple(trusted_proxies),
                log_level=log_level,
            ),
            environment=_environment(environment, folder),
            folder=folder,
            on_ready=on_ready,
        )
        asyncio.run(
            supervisor.run(drain_seconds=drain_seconds, rereads_on_hangup=rereads_on_hangup)
        )


def _environment(environment: Mapping[str, str], folder: Path | None) -> dict[str, str]:
    """The workers' environment, with the path of this package and the folder for metrics."""
    variables = dict(environment)
    root = str(Path(__file__).resolve().parents[2])
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, [root, variables.get("PYTHONPATH")]))
    variables.pop("PROMETHEUS_MULTIPROC_DIR", None)
    if folder is not None:
        variables["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return variables


@contextlib.contextmanager
def _metrics_folder() -> Iterator[Path]:
    """A private folder for metrics, in memory where that is possible.

    Its files are memory-mapped: on a full disk, writing to them would kill a worker.
    """
    memory = Path("/dev/shm")  # noqa: S108  # only looked for; the folder is private and random
    usable = os.access(memory, os.W_OK | os.X_OK)
    place = memory if usable else Path(tempfile.gettempdir())
    _clear_abandoned(place)
    with tempfile.TemporaryDirectory(prefix=_COUNTS, dir=place) as folder:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(descriptor)


def _clear_abandoned(place: Path) -> None:
    """Remove folders of our processes that were killed, which no longer hold their lock."""
    for folder in place.glob(f"{_COUNTS}*"):
        with contextlib.suppress(OSError):  # of another user, locked, or gone meanwhile
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                status = os.fstat(descriptor)
                # A folder that was just made has no lock yet.
                old = time.time() - status.st_mtime > _SECONDS_TO_LOCK
                if status.st_uid == os.geteuid() and old:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
            finally:
                os.close(descriptor)


def _ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

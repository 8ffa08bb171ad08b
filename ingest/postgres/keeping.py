"""Keep our own Postgres running for as long as the service does: it may be killed under us."""

import contextlib
import threading
from collections.abc import Iterator

from ingest.postgres.server import (
    DiskFull,
    EmbeddedPostgres,
    PostgresFailed,
    PostgresMissing,
    PostgresPortTaken,
)
from ingest.running.logs import log

_LOOK_SECONDS = 0.5


@contextlib.contextmanager
def kept_running(server: EmbeddedPostgres) -> Iterator[None]:
    """Start Postgres again whenever it dies while this lasts; it recovers, nothing is lost.

    Where it does not start, for a disk that is full say, it is tried again: meanwhile the service
    answers 503 and comes back by itself.
    """
    ending = threading.Event()

    def watch() -> None:
        while not ending.wait(_LOOK_SECONDS):
            if server.running:
                continue
            log("postgres_died", level="error")
            try:
                server.start()
            except (DiskFull, PostgresPortTaken, PostgresFailed, PostgresMissing) as refused:
                log("postgres_not_started", level="error", exception=refused)
            else:
                log("postgres_back")

    watcher = threading.Thread(target=watch, name="postgres")
    watcher.start()
    try:
        yield
    finally:
        ending.set()
        watcher.join()

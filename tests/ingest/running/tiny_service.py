"""The smallest service that can be served, and a program that serves it, for tests."""

import gc
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from ingest.asgi.lifecycle import this_worker
from ingest.running import metrics
from ingest.running.serving import AddressUnusable, PortTaken, WorkersFailed, run_workers

rereads = 0


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Answers with its process id, how often it reread, who asked, and more of the kind."""
    if scope["type"] == "lifespan":
        for phase in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{phase}.complete"})
        return
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message["body"])
        more = message["more_body"]
    metrics.shed.inc()
    told = {
        "pid": os.getpid(),
        "rereads": rereads,
        "client": scope["client"][0],
        "length": length,
        "kept_for_good": gc.get_freeze_count(),
        "objects_between_searches": gc.get_threshold()[0],
    }
    body = json.dumps(told).encode()
    draining = scope["path"] == "/readyz" and this_worker.draining
    headers = [(b"content-length", b"%d" % len(body))]
    status = 503 if draining else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def factory() -> Any:
    """What a worker serves."""
    this_worker.on_reread(_reread)
    return application


def broken_factory() -> Any:
    """A worker that cannot even be built."""
    raise ConnectionRefusedError("postgresql://meetpunt:secret@db.example")


def broken_lifespan() -> Any:
    """A worker whose application cannot start."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        message = "postgresql://meetpunt:secret@db.example"
        await send({"type": "lifespan.startup.failed", "message": message})
        raise ConnectionRefusedError(message)

    return application


def _reread() -> None:
    global rereads
    rereads += 1


def main(options: dict[str, Any]) -> None:
    """Serve until told to stop; print the port when ready, or a sentence."""
    try:
        run_workers(environment=os.environ, on_ready=_tell_port, **options)
    except (PortTaken, AddressUnusable, WorkersFailed) as refused:
        sys.exit(str(refused))


def _tell_port(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))

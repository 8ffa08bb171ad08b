"""For operators: is this process alive, and can it take responses?"""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from ingest.service import Service


@get("/livez", sync_to_thread=False)
def livez() -> Response[Any]:
    """200 as long as the process answers; asks no database."""
    return Response({"status": "alive"}, headers={"cache-control": "no-store"})


@get("/readyz", sync_to_thread=False)
def readyz(service: NamedDependency[Service]) -> Response[Any]:
    """200 when a response could be stored now; 503 while draining or without database."""
    if service.draining:
        status = "draining"
    elif not service.writer.connected:
        status = "database-away"
    else:
        return Response({"status": "ready"}, headers={"cache-control": "no-store"})
    return Response({"status": status}, status_code=503, headers={"cache-control": "no-store"})


ROUTES = (livez, readyz)

"""For operators: is this process alive, and can it take responses?"""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from ingest.http import headers
from ingest.service import Service

_HEADERS = headers.as_dict(headers.DATA)


@get("/livez", sync_to_thread=False)
def livez() -> Response[Any]:
    """200 as long as the process answers; asks no database."""
    return Response({"status": "alive"}, headers=_HEADERS)


@get("/readyz", sync_to_thread=False)
def readyz(service: NamedDependency[Service]) -> Response[Any]:
    """200 when a response could be stored now; 503 while draining or without database.

    A task that is late is named in the body, whichever it is.
    """
    if service.draining:
        status = "draining"
    elif not service.writer.connected:
        status = "database-away"
    else:
        return Response({"status": "ready", **_details(service)}, headers=_HEADERS)
    return Response({"status": status, **_details(service)}, status_code=503, headers=_HEADERS)


def _details(service: Service) -> dict[str, Any]:
    """What is late beside the requests: told, and no reason to keep responses away."""
    if not service.tasks.known:
        return {}
    return {
        "lateTasks": [
            {
                "task": late.name,
                "lastRan": late.last_ran,
                "lastFailed": late.last_failed,
                "reason": late.reason,
            }
            for late in service.tasks.late()
        ]
    }


ROUTES = (livez, readyz)

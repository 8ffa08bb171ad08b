"""For operators: is this process alive, can it show pages, and can it take responses?"""

from typing import Any

from litestar import Response
from litestar.di import NamedDependency

from ingest.asgi import headers
from ingest.invitations.outbox_status import TASK
from ingest.service import Service
from ingest.web.declaring import Route

_HEADERS = headers.as_dict(headers.DATA)


def livez() -> Response[Any]:
    """200 as long as the process answers; asks no database."""
    return Response({"status": "alive"}, headers=_HEADERS)


def readyz(service: NamedDependency[Service]) -> Response[Any]:
    """200 when a response could be stored now; 503 while draining, or after a failed commit.

    Until one succeeds, that is. `files` is a checksum of what the files said when this worker
    started. A task that is late is named in the body, whichever it is, and a kind of systems of
    others of which one is away. Nothing more is told of either: residents may ask this too. Why,
    and since when, is for the log, metrics and the doctor. `tells` stands there where nobody
    outside is told anything.
    """
    quiet = {} if service.options.tells else {"tells": "nobody"}
    why_not = "draining" if service.draining else service.writer.why_not
    return _answer(why_not, files=service.catalogue.checksum, **quiet, **_details(service))


def readyz_pages(service: NamedDependency[Service]) -> Response[Any]:
    """200 while survey pages are served, with the database or without; 503 while draining."""
    return _answer("draining" if service.draining else None)


def _answer(why_not: str | None, **details: object) -> Response[Any]:
    status_code = 200 if why_not is None else 503
    # By this name `meetpunt doctor` knows that Meetpunt answers on the port.
    body = {"status": why_not or "ready", "service": "meetpunt", **details}
    return Response(body, status_code=status_code, headers=_HEADERS)


def _details(service: Service) -> dict[str, Any]:
    """Tasks that are late, and systems that are away; they do not make the service unready."""
    if not service.tasks.known:
        return {}
    late: list[str] = [each.name for each in service.tasks.late()]
    if service.outbox.why_late() is not None:
        late.append(TASK)
    return {
        "lateTasks": [{"task": name} for name in late],
        "systemsAway": [{"kind": kind} for kind in service.tasks.away()],
    }


ROUTES = (
    Route("GET", "/livez", livez),
    Route("GET", "/readyz", readyz),
    Route("GET", "/readyz/pages", readyz_pages),
)

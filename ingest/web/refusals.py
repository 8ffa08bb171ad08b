"""The reply to a refused request: a problem for programs, a page for residents."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from ingest.asgi import headers
from ingest.asgi.messages import Problem
from ingest.connectors.authentication import ConnectorRefused
from ingest.invitations.minting import ApiKeyUnknown
from ingest.kiosk.pairing import SignatureRefused
from ingest.kiosk.signatures import KeyUnreadable
from ingest.kiosk.statements import KioskUnknown
from ingest.running.logs import log
from ingest.running.security import SecurityEvent, security
from ingest.senders.receipts import SenderSecretUnknown
from ingest.service import Service
from ingest.web.problems import Refused, problem_of, retry_after_seconds
from ingest.web.residents import page

_SECURITY: dict[type[Exception], SecurityEvent] = {
    ConnectorRefused: SecurityEvent.CONNECTOR_REFUSED,
    ApiKeyUnknown: SecurityEvent.API_KEY_UNKNOWN,
    SenderSecretUnknown: SecurityEvent.SENDER_SECRET_UNKNOWN,
    SignatureRefused: SecurityEvent.SIGNATURE_REFUSED,
    KioskUnknown: SecurityEvent.KIOSK_UNKNOWN,
    KeyUnreadable: SecurityEvent.PAIRING_KEY_UNREADABLE,
}
_EDGE_REFUSALS = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}

type_of_handler = Callable[[Request[Any, Any, Any], Exception], Response[Any]]


def refuse(service: Service) -> type_of_handler:
    """The exception handler for everything that a route, or Litestar itself, raises."""

    def refused(request: Request[Any, Any, Any], fact: Exception) -> Response[Any]:
        more: dict[str, str] = {}
        if isinstance(fact, HTTPException):
            more, fact = _allowed_methods(fact), _named(fact)
        if (kind := _SECURITY.get(type(fact))) is not None:
            security.happened(kind)
        problem = problem_of(fact)
        if problem.status == 500:
            log("request_failed", level="error", exception=fact)
        if (seconds := retry_after_seconds(fact)) is not None:
            more["retry-after"] = str(seconds)
        if problem.status == 401:
            more["www-authenticate"] = "Bearer"
        # Not `request.url`, which is built from the Host header, and so from what a client wrote.
        path: str = request.scope["path"]
        if path.startswith("/api/"):
            return _problem(problem, more)
        if path.startswith("/problems/") or path == "/api":
            return _problem(problem, {**headers.as_dict(headers.DATA), **more})
        if problem.status >= 500:
            message = service.pages.message("unavailable")
            return page(message, problem.status, service.pages.lines(), more)
        # For residents a malformed address is simply not found.
        status = 404 if problem.status == 400 else problem.status
        not_found, lines = service.pages.hosts.not_found(request.headers.get("host", ""))
        return page(not_found, status, lines, more)

    return refused


def _problem(problem: Problem, more: dict[str, str]) -> Response[Problem]:
    return Response(
        problem, status_code=problem.status, media_type="application/problem+json", headers=more
    )


def _named(fact: HTTPException) -> Exception:
    name = _EDGE_REFUSALS.get(fact.status_code, "body-unreadable")
    return Refused(name if fact.status_code < 500 else "internal")


def _allowed_methods(fact: HTTPException) -> dict[str, str]:
    """RFC 9110, 15.5.6. A HEAD is answered wherever a GET is."""
    allowed = set(filter(None, (fact.headers or {}).get("allow", "").split(", ")))
    if "GET" in allowed:
        allowed.add("HEAD")
    return {"allow": ", ".join(sorted(allowed))} if allowed else {}

"""Systems of the demo that are asked something, over HTTP, as the service calls them."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.demo.neighbours import openklant, openzaak, signalen
from ingest.demo.neighbours.openklant import ContactRegister
from ingest.demo.neighbours.openzaak import CaseRegister
from ingest.demo.neighbours.signalen import ReportSystem

_FORMS = f"{signalen.PATH}/v1/public/feedback/forms"


@get(_FORMS + "/{token:str}", sync_to_thread=False)
def look(reports: NamedDependency[ReportSystem], token: FromPath[str]) -> Response[bytes]:
    """Whether a reporter may say something."""
    return _told(*reports.look(token))


@put(_FORMS + "/{token:str}")
async def fill_in(
    request: Request[Any, Any, Any], reports: NamedDependency[ReportSystem], token: FromPath[str]
) -> Response[bytes]:
    """What a reporter says."""
    try:
        body = msgspec.json.decode(await request.body(), type=dict[str, Any])
    except msgspec.DecodeError:
        return _told(400, {"detail": "JSON parse error"})
    return _told(*reports.fill_in(token, body))


@get(f"{signalen.PATH}/v1/public/feedback/standard_answers", sync_to_thread=False)
def standard_answers(reports: NamedDependency[ReportSystem]) -> Response[bytes]:
    """What it offers to say."""
    return _told(200, reports.standard_answers())


@get(openzaak.PATH + "/{rest:path}", sync_to_thread=False)
def case_system(
    request: Request[Any, Any, Any], cases: NamedDependency[CaseRegister]
) -> Response[bytes]:
    """What is known of a case, and of its type."""
    query: Mapping[str, str] = dict(request.query_params)
    return _told(*cases.answer(request.url.path, query))


@get(openklant.PATH + "/{rest:path}", sync_to_thread=False)
def contact_register(
    request: Request[Any, Any, Any], contacts: NamedDependency[ContactRegister]
) -> Response[bytes]:
    """Who telephoned, and what came of the promise to call back."""
    return _told(*contacts.answer(request.url.path))


def _told(status: int, body: object) -> Response[bytes]:
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        media_type="application/json",
        headers=headers.as_dict(headers.REDIRECT),
    )


ROUTES = (look, fill_in, standard_answers, case_system, contact_register)

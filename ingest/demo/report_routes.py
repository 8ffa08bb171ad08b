"""The page that a head of department reads at the end of a month, of what the demo holds."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.clock import today_here
from ingest.demo.arrivals import Watch
from ingest.reports.months import months_back
from ingest.reports.pages import department_pages
from ingest.reports.reading import DepartmentUnknown
from ingest.web.problems import Refused

_MONTHS = 13
_SECONDS = 20.0
_AWAY = (OSError, asyncio.TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
type_of_request = Request[Any, Any, Any]


@get("/rapport/{department:str}")
async def department_report(
    request: type_of_request, watch: NamedDependency[Watch], department: FromPath[str]
) -> Response[bytes]:
    """Of the month before, or of `maand` (2026-11): the same page as `meetpunt report` writes."""
    today = today_here()
    month = _month(request.query_params.get("maand"), today)
    try:
        reader = await asyncpg.connect(watch.reader_url, timeout=2, command_timeout=_SECONDS)
    except _AWAY:
        raise Refused("unavailable") from None
    try:
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            pages = await department_pages(reader, month, today=today, department=department)
    except DepartmentUnknown:
        raise Refused("not-found") from None
    except _AWAY:
        raise Refused("unavailable") from None
    finally:
        await reader.close(timeout=2)
    page = pages[department]
    style = page.partition("<style>")[2].partition("</style>")[0]
    lines = headers.whole_page(style=style, scripts=()).empty
    return Response(page.encode(), media_type="text/html", headers=headers.as_dict(lines))


def _month(told: str | None, today: date) -> date:
    this_month = today.replace(day=1)
    if told is None:
        return months_back(this_month, 1)
    for back in range(_MONTHS):
        month = months_back(this_month, back)
        if told == f"{month:%Y-%m}":
            return month
    raise Refused("not-found")


ROUTES = (department_report,)

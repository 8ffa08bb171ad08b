"""Who wants to be called, for tests: opening the page, sending it, and what is kept of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from ingest.clock import today_here
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.touchpoints import CallingBack
from tests.conftest import Database, Served
from tests.strict_html import read_page
from tests.surveys import with_changed

PATH = "molensloot/telefonie"
PAGE = f"/bellen/{PATH}"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def offering(catalogue: Catalogue, *paths: str) -> Catalogue:
    """The same files, where one may ask to be called at these touchpoints too."""
    for path in paths:
        catalogue = with_changed(catalogue, path, callback=CallingBack(working_days=2))
    return catalogue


def token_in(page: bytes) -> str:
    """The token in the form of the page."""
    (field,) = read_page(page).find("input", name="_token")
    return field.attributes["value"]


async def opened(served: Served, page: str = PAGE) -> str:
    """Open the page: the token in its form."""
    reply = await served.client.get(page)
    assert reply.status_code == 200
    return token_in(reply.content)


async def sent(
    served: Served, token: str | None = None, page: str = PAGE, **fields: str
) -> httpx.Response:
    """Send a form, under a token or that of a page that is opened for it."""
    token = await opened(served, page) if token is None else token
    usual = {"_token": token, "_website": "", "tel": "06-1234 5678", "wanneer": "altijd"}
    return await served.client.post(page, content=urlencode(usual | fields), headers=FORM)


async def kept(database: Database) -> list[dict[str, Any]]:
    """Every row, oldest day first."""
    async with database.superuser() as db:
        rows = await db.fetch("select * from meetpunt.callback order by day, id")
    return [dict(row) for row in rows]


async def a_row(
    database: Database, *, days_ago: int = 0, state: str = "nieuw", municipality: str = "GM9001"
) -> str:
    """One that somebody asked for so many days ago: its id. Nothing opens its seal."""
    async with database.superuser() as db:
        id = await db.fetchval(
            "insert into meetpunt.callback (municipality, id, touchpoint, day, state, sealed)"
            " select $1, gen_random_uuid(), min(number), $2, $3, $4 from meetpunt.touchpoint"
            " where municipality = $1 returning id",
            municipality,
            today_here() - timedelta(days=days_ago),
            state,
            b"sealed" if state == "nieuw" else None,
        )
    return str(id)

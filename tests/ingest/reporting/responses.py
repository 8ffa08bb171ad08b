"""What tests of publishing share: responses of a day, looks at a moment, and what came of them."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import msgspec

from ingest.demo.generator import made_up_responses
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.plan import Plan, plan_of
from ingest.reporting.publishing import Published, publish
from ingest.responses.statements import NewResponse, store_responses
from tests.conftest import Database

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 2)
FIGURES = (*("meetpunt.summary", "lees.cijfer", "lees.deelname", "lees.cijfer_uitgesplitst"),)


def made_up(catalogue: Catalogue, slug: str = "molensloot") -> list[NewResponse]:
    """A thousand responses or so, over fourteen months."""
    municipality = catalogue.municipality(slug)
    return list(made_up_responses(catalogue, municipality, today=TODAY))


def one_response(
    catalogue: Catalogue,
    answers: dict[str, int | str] | None = None,
    *,
    at: str = "molensloot/balie-hal",
    details: dict[str, str] | None = None,
    texts: Sequence[str] = (),
    **changes: Any,
) -> NewResponse:
    """A response at the desk of 2 November 2026, a Monday."""
    municipality, _, slug = at.partition("/")
    touchpoint = catalogue.touchpoint(municipality, slug)
    questionnaire = catalogue.questionnaire(touchpoint)
    response = NewResponse(
        municipality=catalogue.municipality(municipality).code,
        id=uuid4(),
        touchpoint=touchpoint.number,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        structure=questionnaire.structure,
        language="nl",
        day=MONDAY,
        hour=10,
        mode="link",
        complete=True,
        suspect="",
        is_test=False,
        dimensions=json.dumps(details or {}),
        content_code=b"c" * 32,
        answers=json.dumps({"cijfer": 8} if answers is None else answers),
        texts=json.dumps([{"item": "toelichting", "text": text, "masked": []} for text in texts]),
        invitation=None,
        token_id=uuid4().bytes,
        token_expires_on=date(2030, 1, 1),
    )
    return msgspec.structs.replace(response, **changes)


def many(times: int, catalogue: Catalogue, *arguments: Any, **changes: Any) -> list[NewResponse]:
    """So many that are alike."""
    return [one_response(catalogue, *arguments, **changes) for _ in range(times)]


def invited(times: int, catalogue: Catalogue, **changes: Any) -> list[NewResponse]:
    """So many of people who were sent a message."""
    fixed: dict[str, Any] = {"at": "molensloot/telefonie", "hour": None, "mode": "bericht"}
    return many(times, catalogue, **(fixed | changes))


async def store(database: Database, responses: Sequence[NewResponse]) -> None:
    async with database.connected("meetpunt_ingest") as db:
        for start in range(0, len(responses), 256):
            assert await store_responses(db, responses[start : start + 256]) == {}


def six_o_clock(day: date) -> datetime:
    """A moment just after the look of that day, winter and summer."""
    return datetime.combine(day, time(5, 1), UTC)


def morning_after(day: date = MONDAY) -> datetime:
    return six_o_clock(day + timedelta(days=1))


async def look(
    database: Database, files: Catalogue | Plan, now: datetime, *, due_only: bool = True
) -> Published:
    """One look, as the service takes it."""
    plan = files if isinstance(files, Plan) else plan_of(files)
    async with database.connected("meetpunt_folder") as db:
        return await publish(db, plan, now=now, wait=True, due_only=due_only)


async def at_once(database: Database, catalogue: Catalogue) -> int:
    """Everything, in batches of one, as the demo does; returns how many responses."""
    plan = plan_of(catalogue, at_once=True)
    return (await look(database, plan, six_o_clock(TODAY))).responses


async def rows(database: Database, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """What stands in the database, whoever may read it."""
    async with database.superuser() as db:
        return [tuple(row) for row in await db.fetch(query, *arguments)]


async def waiting_in_queue(database: Database) -> int:
    ((number,),) = await rows(database, "select count(*) from meetpunt.unpublished")
    return int(number)


async def readable(database: Database, columns: str = "count(*)") -> list[tuple[Any, ...]]:
    """Of what was published, these columns, in an order of their own."""
    found = await rows(database, f"select {columns} from lees.reactie")
    return sorted(found, key=repr)


async def figures(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is counted of what was published."""
    return {name: sorted(await rows(database, f"select * from {name}")) for name in FIGURES}

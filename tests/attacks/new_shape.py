"""What is attacked: the shape as it is, made, filled, published and granted by the code itself."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby
from uuid import uuid4

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.database.once import run_once
from ingest.database.readers import grant_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import bi_schema
from ingest.municipalities.signals import Signals
from ingest.postgres.server import EmbeddedPostgres
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from ingest.responses.statements import NewResponse, store_responses
from tests.attacks.beside_answers import Hidden, lie_beside
from tests.attacks.residents import (
    BEGIN,
    CHANNELS,
    MUNICIPALITIES,
    OTHERS,
    OWN,
    SMALLEST,
    Response,
    of,
    responses,
    touchpoint,
)
from tests.attacks.target import PASSWORD, Cell, Secrets, Target
from tests.conftest import copy_template
from tests.example import example_catalogue
from tests.postgres import drop_database

_DATABASE = "attacks_new_shape"
_READER = "attacks_reader"
_READER_OF_TEXTS = "attacks_reader_of_texts"
_SLUG = MUNICIPALITIES[OWN]

# A code in each response by which its row is known again where it is read, for who counts what an
# attack found: the database itself keeps nothing that would tell.
_MARKER = "merkteken"


async def new_shape(server: EmbeddedPostgres) -> Target:
    """Make it anew in a database of its own, months of publishing included, without `once.sql`."""
    await drop_database(server, _DATABASE)
    await copy_template(server, _DATABASE)
    made = responses()
    owner, ingest, folder, superuser = [
        await asyncpg.connect(server.url(role, _DATABASE))
        for role in ("meetpunt_owner", "meetpunt_ingest", "meetpunt_folder", "postgres")
    ]
    try:
        for role, texts in ((_READER, False), (_READER_OF_TEXTS, True)):
            await grant_reader(owner, _SLUG, role, PASSWORD, free_text=texts)
        hidden = await lie_beside(superuser)
        await _live_through(ingest, folder, made)
        await superuser.execute("vacuum (analyze)")
        secrets = await _secrets(superuser, made, hidden)
    finally:
        for db in (owner, ingest, folder, superuser):
            await db.close()
    return Target(
        label="new shape",
        server=server,
        database=_DATABASE,
        own=OWN,
        schemas=frozenset({bi_schema(_SLUG), "meetpunt_tools"}),
        functions=frozenset({f"{bi_schema(_SLUG)}.noteer_uitvoer"}),
        reader=_READER,
        reader_of_texts=_READER_OF_TEXTS,
        secrets=secrets,
        storing=_store_for_another,
        writer="meetpunt_ingest",
    )


async def take_from_everybody(target: Target) -> None:
    """What a superuser does once."""
    async with target.superuser() as db:
        await run_once(db)


def _all_with_signals(files: Catalogue) -> Catalogue:
    """The same; each municipality wants to be told of low marks, as not every one of them does."""
    told = [
        msgspec.structs.replace(each, signals=each.signals or Signals())
        for each in files.municipalities.values()
    ]
    return Catalogue(told, files.questionnaires, files.extensions, themes=files.themes)


async def _live_through(
    ingest: asyncpg.Connection, folder: asyncpg.Connection, made: Sequence[Response]
) -> None:
    """Store each day's responses as they came, and publish every morning at seven."""
    plan = plan_of(_all_with_signals(example_catalogue()))
    day = BEGIN
    for day, of_day in groupby(made, key=lambda response: response.day):
        # In their order: the service too stores those that come together by one statement.
        await store_responses(ingest, [_new(response) for response in of_day])
        now = datetime.combine(day + timedelta(days=1), time(7), AMSTERDAM)
        await publish(folder, plan, now=now, wait=True)
        await tell_regions(folder, now=now, wait=True)
    over = datetime.combine(day + timedelta(days=40), time(7), AMSTERDAM)
    await publish(folder, plan, now=over, wait=True)
    await tell_regions(folder, now=over, wait=True)


def _new(response: Response) -> NewResponse:
    files, municipality = example_catalogue(), MUNICIPALITIES[response.municipality]
    asked = files.touchpoint(municipality, _slug(response.channel))
    questionnaire = files.questionnaire(asked)
    found = files.themes.finder(municipality).find(response.text or "", "nl")
    text = {
        "item": "toelichting",
        "text": response.text,
        "masked": list[str](),
        "themes": found.codes,
        "theme_version": found.version,
    }
    return NewResponse(
        municipality=response.municipality,
        id=response.id,
        touchpoint=touchpoint(response.municipality, response.channel),
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        structure=questionnaire.structure,
        language="nl",
        day=response.day,
        hour=None if response.invited else 10,
        mode="bericht" if response.invited else "link",
        complete=True,
        suspect="",
        is_test=False,
        dimensions="{}",
        content_code=sha256(response.id.bytes).digest(),
        answers=json.dumps(
            {_MARKER: _marker(response)} | ({"cijfer": response.mark} if response.mark else {})
        ),
        texts=json.dumps([text] if response.text else []),
        invitation=None,
        token_id=response.id.bytes,
        token_expires_on=response.day + timedelta(days=2),
    )


def _slug(channel: str) -> str:
    return "balie-hal" if channel == "balie" else channel


def _marker(response: Response) -> str:
    return f"r{response.id.hex[:16]}"


async def _store_for_another(db: asyncpg.Connection, count: int) -> None:
    new = [
        Response(
            municipality=OTHERS[0],
            day=date(2026, 9, 20),
            id=uuid4(),
            channel="balie",
            mark=7,
            text=None,
        )
        for _ in range(count)
    ]
    await store_responses(db, [_new(response) for response in new])


async def _secrets(
    superuser: asyncpg.Connection, made: Sequence[Response], hidden: Hidden
) -> Secrets:
    others = [response for response in made if response.municipality != OWN]
    rows = await superuser.fetch(
        "select municipality, id::text as id, day, answers ->> $1 as marker from lees.reactie",
        _MARKER,
    )
    by_marker = {row["marker"]: row for row in rows}
    texts = await superuser.fetch("select municipality, id::text as id from lees.tekst")
    own = [(each, by_marker.get(_marker(each))) for each in of(OWN, made)]
    return Secrets(
        texts=frozenset(response.text for response in others if response.text) | hidden.texts,
        ids=frozenset(str(response.id) for response in others)
        | hidden.ids
        | {row["id"] for row in (*rows, *texts) if row["municipality"] != OWN},
        counts={code: sum(row["municipality"] == code for row in rows) for code in OTHERS},
        cells=await _cells(superuser),
        days={row["id"]: each.day for each, row in own if row and row["day"] is None}
        | {each.text: each.day for each, _ in own if each.text},
        links={each.text: row["id"] for each, row in own if row and each.text},
    )


async def _cells(superuser: asyncpg.Connection) -> tuple[Cell, ...]:
    rows = await superuser.fetch(
        """
        select municipality, period, channel, indicator, n, total from lees.cijfer
        where municipality <> $1 and grain = 'month' and n between 1 and $2 - 1
        """,
        OWN,
        SMALLEST,
    )
    return tuple(
        Cell(
            municipality=row["municipality"],
            month=row["period"],
            channel=row["channel"],
            touchpoint=touchpoint(row["municipality"], row["channel"]),
            indicator=row["indicator"],
            n=row["n"],
            total=row["total"],
        )
        for row in rows
        if row["channel"] in CHANNELS
    )

"""The control: the shape before publishing, with rows, and what in it must not be found."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import uuid4

import asyncpg

from ingest.postgres.server import EmbeddedPostgres
from tests.attacks.looking import quoted
from tests.attacks.residents import (
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
from tests.postgres import create_database, drop_database

_SQL = Path(__file__).with_suffix(".sql")
_DATABASE = "attacks_old_shape"
_ROLES = {
    "reads": "attacks_old_reads",
    "benchmark": "attacks_old_benchmark",
    "free_text": "attacks_old_free_text",
}
_READER = "attacks_old_reader"
_READER_OF_TEXTS = "attacks_old_reader_of_texts"


async def old_shape(server: EmbeddedPostgres) -> Target:
    """Make it anew in a database of its own."""
    await drop_database(server, _DATABASE)
    await create_database(server, _DATABASE)
    made = responses()
    db = await asyncpg.connect(server.url("postgres", _DATABASE))
    try:
        await _make_roles(db)
        sql = _SQL.read_text("utf-8")
        for name, role in _ROLES.items():
            sql = sql.replace(f"{{{name}}}", role)
        await db.execute(sql)
        await _fill(db, made)
        await db.execute("vacuum (analyze)")
    finally:
        await db.close()
    return Target(
        label="old shape",
        server=server,
        database=_DATABASE,
        own=OWN,
        schemas=frozenset({"bi"}),
        functions=frozenset(),
        reader=_READER,
        reader_of_texts=_READER_OF_TEXTS,
        secrets=_secrets(made),
        storing=_store_for_another,
        writer="postgres",
    )


async def _make_roles(db: asyncpg.Connection) -> None:
    for role in (*_ROLES.values(), _READER, _READER_OF_TEXTS):
        if not await db.fetchval("select to_regrole($1)", role):
            await db.execute(f"create role {role}")
    for reader in (_READER, _READER_OF_TEXTS):
        await db.execute(f"alter role {reader} login password {quoted(PASSWORD)}")
        await db.execute(f"grant {_ROLES['reads']} to {reader}")


async def _fill(db: asyncpg.Connection, made: Sequence[Response]) -> None:
    await db.executemany(
        "insert into meetpunt.municipality values ($1, $2, $2, 'regio')",
        list(MUNICIPALITIES.items()),
    )
    await db.executemany(
        "insert into meetpunt.touchpoint values ($1, $2, $3, $3, null)",
        [
            (code, touchpoint(code, channel), channel)
            for code in MUNICIPALITIES
            for channel in CHANNELS
        ],
    )
    await db.executemany(
        "insert into meetpunt.reader values ($1, $2, $3)",
        [(OWN, _READER, False), (OWN, _READER_OF_TEXTS, True)],
    )
    for response in made:
        await _store(db, response)
    await db.executemany(
        "insert into meetpunt.summary values"
        " ($1, 'month', $2, $3, 'cijfer', 'tevredenheid', 'mark', $4)",
        [
            (code, month, touchpoint(code, channel), [marks.count(mark) for mark in range(1, 11)])
            for (code, month, channel), marks in _marks(made).items()
        ],
    )
    # How a comment goes wrong: somebody explains a column by what stood in it.
    quoted = next(response.text for response in of(OTHERS[0], made) if response.text)
    await db.execute(f"comment on column meetpunt.free_text.text is 'For example: {quoted}.'")


async def _store(db: asyncpg.Connection, response: Response) -> None:
    await db.execute(
        """
        insert into meetpunt.response values (
            $1, $2, $3, $4, '0', 'nl', $5, true, '{}',
            jsonb_strip_nulls(jsonb_build_object('cijfer', $6::integer))
        )
        """,
        response.municipality,
        response.day,
        response.id,
        touchpoint(response.municipality, response.channel),
        None if response.invited else 10,
        response.mark,
    )
    if response.text:
        await db.execute(
            "insert into meetpunt.free_text values ($1, $2, $3, 'toelichting', $4)",
            response.municipality,
            response.day,
            response.id,
            response.text,
        )


async def _store_for_another(db: asyncpg.Connection, count: int) -> None:
    for _ in range(count):
        await _store(
            db,
            Response(
                municipality=OTHERS[0],
                day=date(2026, 9, 1),
                id=uuid4(),
                channel="balie",
                mark=7,
                text=None,
            ),
        )


def _marks(made: Sequence[Response]) -> dict[tuple[str, date, str], list[int]]:
    marks: dict[tuple[str, date, str], list[int]] = defaultdict(list)
    for response in made:
        if response.mark is not None:
            marks[response.municipality, response.month, response.channel].append(response.mark)
    return marks


def _secrets(made: Sequence[Response]) -> Secrets:
    others = [response for response in made if response.municipality != OWN]
    return Secrets(
        texts=frozenset(response.text for response in others if response.text),
        ids=frozenset(str(response.id) for response in others),
        counts={code: len(of(code, made)) for code in OTHERS},
        cells=tuple(
            Cell(
                municipality=code,
                month=month,
                channel=channel,
                touchpoint=touchpoint(code, channel),
                indicator="tevredenheid",
                n=len(marks),
                total=sum(marks),
            )
            for (code, month, channel), marks in sorted(_marks(others).items())
            if len(marks) < SMALLEST
        ),
        days={
            response.text: response.day
            for response in of(OWN, made)
            if response.text and response.invited
        },
        links={response.text: str(response.id) for response in of(OWN, made) if response.text},
    )

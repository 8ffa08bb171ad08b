"""Nobody can lead from a response back to the person who was invited, whatever they may read.

An attacker here has everything: every table and every hidden column. They know which link went to
whom. They try to tell which response came by which link, by equal columns, by the order of rows in
the table, and by the transaction that wrote them (`xmin`).
"""

import random
from typing import Any

import asyncpg
import pytest

from ingest.tokens.response_tokens import digest
from tests.conftest import Database, Serve, Served

pytestmark = pytest.mark.anyio

INVITED = 60
PATH = "molensloot/telefonie"


async def invite_and_answer(served: Served, *, keep_the_token_row: bool = False) -> dict[str, str]:
    """Invites many, who answer one after another in an order of their own.

    Digest to response id, in the order in which they were invited.
    """
    tokens = [served.token(PATH, "invitation") for _ in range(INVITED)]
    await served.invite(PATH, tokens)
    if keep_the_token_row:
        await keep_used_invitations(served)
    truth = {digest(served.tokens.read(token).id).hex(): "" for token in tokens}
    random.Random(7).shuffle(tokens)
    for token in tokens:
        body = served.body(token, PATH)
        assert (await served.post(body)).status_code == 201
        truth[digest(served.tokens.read(token).id).hex()] = str(
            served.stored_id(body["responseId"])
        )
    return truth


async def keep_used_invitations(served: Served) -> None:
    """The usual design, as a control: a used invitation is marked, not deleted."""
    async with served.database.superuser() as db:
        await db.execute(
            """
            create table meetpunt.kept (digest bytea, used boolean default true);
            create function meetpunt.keep() returns trigger language plpgsql security definer as
            $$ begin insert into meetpunt.kept values (old.digest); return old; end $$;
            create trigger keep after delete on meetpunt.invitation
                for each row execute function meetpunt.keep()
            """
        )


async def everything(db: asyncpg.Connection) -> list[dict[str, Any]]:
    """Every row of every table that holds something of an invitation, hidden columns included."""
    tables = await db.fetch(
        "select relname from pg_class where relnamespace = 'meetpunt'::regnamespace"
        " and relkind = 'r' and relname not in ('response', 'receipt', 'free_text')"
    )
    rows = []
    for table in tables:
        found = await db.fetch(
            f"select xmin::text as xmin, ctid::text as ctid, t.* from meetpunt.{table['relname']} t"
        )
        rows += [dict(row) for row in found]
    return rows


async def guesses(served: Served, digests: list[str]) -> dict[str, dict[str, str]]:
    """For each way of joining: which response each link is said to belong to."""
    async with served.database.superuser() as db:
        responses = [
            dict(row)
            for row in await db.fetch(
                "select xmin::text as xmin, ctid::text as ctid, r.* from meetpunt.response r"
                " order by r.ctid"
            )
        ]
        others = await everything(db)
    by_digest = {row["digest"].hex(): row for row in others if isinstance(row.get("digest"), bytes)}
    by_order = dict(zip(digests, (str(row["id"]) for row in responses), strict=False))
    by_xmin, by_value = {}, {}
    for known, row in by_digest.items():
        same = [str(r["id"]) for r in responses if r["xmin"] == row["xmin"]]
        if len(same) == 1:
            by_xmin[known] = same[0]
        values = {repr(v) for k, v in row.items() if k not in ("xmin", "ctid") and _telling(v)}
        alike = [str(r["id"]) for r in responses if values & {repr(v) for v in r.values()}]
        if len(alike) == 1:
            by_value[known] = alike[0]
    return {"order": by_order, "xmin": by_xmin, "value": by_value}


def _telling(value: Any) -> bool:
    return isinstance(value, bytes) or (isinstance(value, str) and len(value) > 8)


def hits(guess: dict[str, str], truth: dict[str, str]) -> int:
    return sum(truth[known] == said for known, said in guess.items())


async def test_no_join_does_better_than_chance(serve: Serve) -> None:
    async with serve() as served:
        truth = await invite_and_answer(served)
        sent = list(truth)
        for way, guess in (await guesses(served, sent)).items():
            # Of 60 blind guesses one is right on average; six or more happen once in 1,500 tries.
            assert hits(guess, truth) <= 5, way
        async with served.database.superuser() as db:
            assert await db.fetchval("select count(*) from meetpunt.invitation") == 0


async def test_the_attack_finds_everybody_where_the_token_row_is_kept(
    serve: Serve, own_database: Database
) -> None:
    async with serve(on=own_database) as served:
        truth = await invite_and_answer(served, keep_the_token_row=True)
        found = await guesses(served, list(truth))
        assert hits(found["xmin"], truth) == INVITED

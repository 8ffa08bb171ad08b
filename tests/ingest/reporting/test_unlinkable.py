"""Nobody can lead from a response back to the person who was invited, whatever they may read.

An attacker here has everything: every table and every hidden column. They know which link went to
whom. They try to tell which response came by which link, by equal columns, by the order of rows in
the table, and by the transaction that wrote them (`xmin`).
"""

import asyncio
import random
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import digest
from tests.conftest import Database, Serve, Served
from tests.neighbours.server import neighbour
from tests.neighbours.signalen import Signalen
from tests.reports import FORM, QUICK, address, all_told, filled_in, telling, with_signalen

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


# --- Reports. An attacker has Signalen too: of each reporter its token, and when it was filled in.
# What they seek is which response a row is about that waits to be told, or that a link was used.


async def report_and_answer(served: Served, signalen: Signalen) -> dict[str, str]:
    """Many whose report was closed answer, in an order of their own: token to response id."""
    tokens = [signalen.closed() for _ in range(INVITED)]
    random.Random(7).shuffle(tokens)
    truth = {}
    for token in tokens:
        body = await filled_in(served, token, _words=f"Woorden van {token[:12]}")
        reply = await served.client.post(address(token), content=body, headers=FORM)
        assert reply.status_code == 303
        (response_id,) = parse_qs(body.decode())["_response"]
        truth[token] = str(served.stored_id(response_id))
    return truth


async def responses_in_order(served: Served) -> list[dict[str, Any]]:
    async with served.database.superuser() as db:
        rows = await db.fetch(
            "select xmin::text as xmin, r.* from meetpunt.response r order by r.ctid"
        )
    return [dict(row) for row in rows]


async def tied(served: Served, *, table: str = "writeback") -> dict[str, int]:
    """How many rows of what waits, and of links that were used, lead to one response alone."""
    responses = await responses_in_order(served)
    async with served.database.superuser() as db:
        waiting = await db.fetch(f"select xmin::text as xmin, t.* from meetpunt.{table} t")
        used = await db.fetch("select xmin::text as xmin, t.* from meetpunt.report_retry t")
        used += await db.fetch("select xmin::text as xmin, t.* from meetpunt.report_link t")
    found = {"xmin": 0, "value": 0}
    for row in (*waiting, *used):
        held = {v for k, v in row.items() if k != "xmin" and (_telling(v) or isinstance(v, UUID))}
        held |= {UUID(bytes=v) for v in held if isinstance(v, bytes) and len(v) == 16}
        held |= {v.hex() for v in held if isinstance(v, bytes)}
        # Every response is of one municipality.
        held -= {row["municipality"]}
        found["xmin"] += sum(each["xmin"] == row["xmin"] for each in responses) == 1
        found["value"] += any(held & set(map(_plain, each.values())) for each in responses)
    return found


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | bytes | UUID) else repr(value)


def by_moment(signalen: Signalen, responses: list[dict[str, Any]]) -> dict[str, str]:
    """Who was told first answered first."""
    told = sorted(
        (each for each in signalen.feedback.values() if each.submitted_at),
        key=lambda each: str(each.submitted_at),
    )
    ids = (str(row["id"]) for row in responses)
    return dict(zip((each.token for each in told), ids, strict=True))


async def by_links(
    served: Served, truth: dict[str, str], *, table: str = "spent_token"
) -> dict[str, dict[str, str]]:
    """With our key too: which row is of which link, and what was stored next to it."""
    responses = await responses_in_order(served)
    code = served.service.catalogue.municipality("molensloot").code
    token_of = {served.service.reports.id_of(code, token): token for token in truth}
    async with served.database.superuser() as db:
        rows = await db.fetch(f"select xmin::text as xmin, id from meetpunt.{table} order by ctid")
    links = [(token_of[row["id"]], int(row["xmin"])) for row in rows if row["id"] in token_of]
    assert len(links) == INVITED
    in_order = (str(each["id"]) for each in responses)
    stored = sorted((int(each["xmin"]), str(each["id"])) for each in responses)
    after = {
        token: next((id for number, id in stored if number > used), "") for token, used in links
    }
    return {
        "order": dict(zip((token for token, _ in links), in_order, strict=True)),
        "next transaction": after,
    }


async def a_day_later(served: Served) -> None:
    """What is known for minutes is forgotten, and the links of the day are moved."""
    async with asyncio.timeout(20), served.database.superuser() as db:
        await db.execute("update meetpunt.report_retry set until = now()")
        await db.execute("update meetpunt.report_link set used_on = used_on - 1")
        while await db.fetchval(
            "select exists (select from meetpunt.report_link)"
            " or exists (select from meetpunt.report_retry)"
        ):
            await db.execute("select pg_sleep(0.02)")


async def test_nothing_of_a_report_leads_to_a_response(
    serve: Serve, catalogue: Catalogue, keys: Keys
) -> None:
    signalen = Signalen()
    async with neighbour(signalen) as server:
        files = with_signalen(catalogue, server.url)
        async with serve(files=files, address_limit_per_minute=10**6) as served:
            truth = await report_and_answer(served, signalen)
            assert await tied(served) == {"xmin": 0, "value": 0}
            async with served.database.superuser() as db:
                assert await db.fetchval("select count(*) from meetpunt.writeback") == INVITED
                # The minutes by chance are over for everybody.
                await db.execute("update meetpunt.writeback set due = due - interval '1 hour'")
            async with telling(served.database, files, keys, replace(QUICK, at_once=1)):
                await all_told(served.database)
                # Until midnight its neighbours tell of which response a link is.
                for guess in (await by_links(served, truth, table="report_link")).values():
                    assert hits(guess, truth) == INVITED
                await a_day_later(served)
            guess = by_moment(signalen, await responses_in_order(served))
            # As above: six or more of 60 are right by chance once in 1,500 tries.
            assert hits(guess, truth) <= 5
            for way, guess in (await by_links(served, truth)).items():
                assert hits(guess, truth) <= 5, way


async def test_the_attack_finds_every_reporter_where_reports_are_told_at_once(
    serve: Serve, catalogue: Catalogue, keys: Keys, own_database: Database
) -> None:
    """The usual design: what has to be told is written down with the response, and told in turn."""
    signalen = Signalen()
    async with neighbour(signalen) as server:
        files = with_signalen(catalogue, server.url)
        usual = {"report_delay_seconds": 0.0, "address_limit_per_minute": 10**6}
        async with serve(on=own_database, files=files, **usual) as served:
            async with own_database.superuser() as db:
                await db.execute(
                    """
                    create table meetpunt.with_the_response (municipality text, id uuid);
                    create function meetpunt.write_down() returns trigger language plpgsql
                        security definer as
                    $$ begin insert into meetpunt.with_the_response
                        values (new.municipality, new.id); return new; end $$;
                    create trigger write_down after insert on meetpunt.response
                        for each row execute function meetpunt.write_down()
                    """
                )
            truth = await report_and_answer(served, signalen)
            found = await tied(served, table="with_the_response")
            assert found == {"xmin": INVITED, "value": INVITED}
            async with telling(own_database, files, keys, replace(QUICK, at_once=1)):
                await all_told(own_database)
            guess = by_moment(signalen, await responses_in_order(served))
            assert hits(guess, truth) == INVITED

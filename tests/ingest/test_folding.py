"""Every response is folded exactly once, whoever folds, crashes or completes in between."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from click.testing import CliRunner
from ingest.commands.summaries import summaries
from ingest.folding import fold, fold_all, folding, rebuild, unfolded

from ingest.demo.generator import made_up_responses
from ingest.municipalities.catalogue import Catalogue
from ingest.running.upkeep import Upkeep
from ingest.store import NewResponse, store_responses
from ingest.store_invitations import store_invitations
from tests.conftest import Database
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

TODAY = date(2026, 11, 21)
SCALES = ("mark", "agreement", "smileys", "yes_partly_no")
CODES = {"nee": 1, "deels": 2, "ja": 3}


def made_up(catalogue: Catalogue, slug: str = "molensloot") -> list[NewResponse]:
    municipality = catalogue.municipality(slug)
    return list(made_up_responses(catalogue, municipality, today=TODAY))


def one_response(catalogue: Catalogue, answers: dict[str, int | str], **changes: Any) -> Any:
    """A response at the desk of 2 November 2026, a Monday."""
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    questionnaire = catalogue.questionnaire(touchpoint)
    response = NewResponse(
        municipality="GM9001",
        id=uuid4(),
        touchpoint=touchpoint.number,
        questionnaire=questionnaire.code,
        version=questionnaire.version,
        structure=questionnaire.structure,
        language="nl",
        day=date(2026, 11, 2),
        hour=10,
        mode="link",
        complete=True,
        suspect="",
        is_test=False,
        dimensions="{}",
        content_code=b"c" * 32,
        answers=json.dumps(answers),
        texts="[]",
        invitation=None,
        token_id=uuid4().bytes,
        token_expires_on=date(2030, 1, 1),
    )
    return msgspec.structs.replace(response, **changes)


async def store(database: Database, responses: Sequence[NewResponse]) -> None:
    async with database.connected("meetpunt_ingest") as db:
        for start in range(0, len(responses), 256):
            assert await store_responses(db, responses[start : start + 256]) == {}


async def fold_everything(database: Database) -> int:
    async with database.connected("meetpunt_folder") as db:
        return await fold_all(db)


async def table(database: Database, name: str) -> list[tuple[Any, ...]]:
    async with database.superuser() as db:
        return sorted(tuple(row) for row in await db.fetch(f"select * from meetpunt.{name}"))


async def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    names = ("summary", "summary_responses", "invitation_count")
    return {name: await table(database, name) for name in names}


async def month_of(database: Database, item: str) -> tuple[list[int], int]:
    """How often each value of an item was given in November 2026, and how often none applied."""
    async with database.superuser() as db:
        row = await db.fetchrow(
            "select given, not_applicable from meetpunt.summary"
            " where item = $1 and grain = 'month' and period = '2026-11-01'",
            item,
        )
    return row["given"], row["not_applicable"]


async def responses_of_month(database: Database) -> tuple[int, int, int]:
    async with database.superuser() as db:
        row = await db.fetchrow(
            "select responses, complete, invited from meetpunt.summary_responses"
            " where grain = 'month' and period = '2026-11-01'"
        )
    return row["responses"], row["complete"], row["invited"]


def periods(day: date) -> dict[str, date]:
    return {"week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}


def expected(catalogue: Catalogue, responses: Sequence[NewResponse]) -> dict[str, Counter[Any]]:
    """The same counts, worked out here."""
    found: dict[str, Counter[Any]] = {"given": Counter(), "responses": Counter()}
    for response in responses:
        if response.suspect:
            continue
        questionnaire = catalogue.questionnaire(
            catalogue.touchpoints[response.touchpoint], response.version
        )
        for grain, period in periods(response.day).items():
            where = (response.municipality, grain, period, response.touchpoint)
            found["responses"][*where, "responses"] += 1
            found["responses"][*where, "complete"] += response.complete
            found["responses"][*where, "invited"] += response.hour is None
            for code, answer in json.loads(response.answers).items():
                item = questionnaire.item(code)
                assert item is not None
                if item.kind in SCALES:
                    value = answer if isinstance(answer, int) else CODES.get(answer, "nvt")
                    found["given"][*where, item.code, item.kind, item.indicator, value] += 1
    return found


async def stored_counts(database: Database) -> dict[str, Counter[Any]]:
    found: dict[str, Counter[Any]] = {"given": Counter(), "responses": Counter()}
    async with database.superuser() as db:
        for row in await db.fetch("select * from meetpunt.summary"):
            where = (row["municipality"], row["grain"], row["period"], row["touchpoint"])
            what = (row["item"], row["kind"], row["indicator"])
            for value, times in enumerate(row["given"], start=1):
                found["given"][*where, *what, value] += times
            found["given"][*where, *what, "nvt"] += row["not_applicable"]
        for row in await db.fetch("select * from meetpunt.summary_responses"):
            where = (row["municipality"], row["grain"], row["period"], row["touchpoint"])
            for name in ("responses", "complete", "invited"):
                found["responses"][*where, name] += row[name]
    return found


async def test_folding_counts_what_was_answered(database: Database, catalogue: Catalogue) -> None:
    responses = [*made_up(catalogue), *made_up(catalogue, "duinrade")]
    await store(database, responses)
    # The second time adds to what the first time counted.
    assert await fold_everything(database) == len(responses)
    more = [
        msgspec.structs.replace(response, id=uuid4(), token_id=uuid4().bytes)
        for response in responses
    ]
    await store(database, more)
    assert await fold_everything(database) == len(more)
    found = await stored_counts(database)
    wanted = expected(catalogue, [*responses, *more])
    assert +found["given"] == +wanted["given"]
    assert +found["responses"] == +wanted["responses"]
    assert await fold_everything(database) == 0


async def test_a_suspect_response_is_taken_off_and_not_counted(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, [one_response(catalogue, {"cijfer": 1}, suspect="too-quick")])
    assert await fold_everything(database) == 1
    assert await everything(database) == {
        "summary": [],
        "summary_responses": [],
        "invitation_count": [],
    }


async def test_a_year_s_last_days_belong_to_the_week_of_their_monday(
    database: Database, catalogue: Catalogue
) -> None:
    new_year = one_response(catalogue, {"cijfer": 7}, day=date(2027, 1, 1))
    await store(database, [new_year])
    await fold_everything(database)
    found = {(row[1], row[2]) for row in await table(database, "summary")}
    assert found == {("week", date(2026, 12, 28)), ("month", date(2027, 1, 1))}


async def test_two_folders_at_once_count_everything_once(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:400]
    await store(database, responses)

    async def a_folder() -> int:
        total = 0
        async with database.connected("meetpunt_folder") as db:
            while await unfolded(db):
                total += await fold(db, 7)
        return total

    folded = await asyncio.gather(*(a_folder() for _ in range(3)))
    assert sum(folded) == len(responses)
    assert +(await stored_counts(database))["given"] == +expected(catalogue, responses)["given"]


async def test_who_comes_second_folds_nothing_while_the_first_is_at_it(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, made_up(catalogue)[:50])
    async with (
        database.connected("meetpunt_folder") as first,
        database.connected("meetpunt_folder") as second,
        first.transaction(),
    ):
        assert await fold(first, 10) == 10
        assert await fold(second, 10) == 0


async def test_a_crash_before_the_commit_loses_nothing_and_counts_nothing_twice(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:200]
    await store(database, responses)
    crashing = await asyncpg.connect(database.url("meetpunt_folder"))
    await crashing.transaction().start()
    assert await fold(crashing, 150) == 150
    crashing.terminate()
    assert await fold_everything(database) == len(responses)
    assert +(await stored_counts(database))["given"] == +expected(catalogue, responses)["given"]


async def test_responses_that_come_in_while_folding_wait_for_the_next_time(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:100]
    await store(database, responses[:60])
    async with database.connected("meetpunt_folder") as db, db.transaction():
        assert await fold(db) == 60
        await store(database, responses[60:])
    assert await fold_everything(database) == 40
    assert +(await stored_counts(database))["given"] == +expected(catalogue, responses)["given"]


async def complete_it(database: Database, id: UUID, answers: dict[str, int | str]) -> None:
    """What a completion does, in one transaction: more answers, and a row for the folder."""
    async with database.superuser() as db, db.transaction():
        day = await db.fetchval(
            "update meetpunt.response set complete = true, answers = answers || $2::text::jsonb"
            " where id = $1 returning day",
            id,
            json.dumps(answers),
        )
        await db.execute(
            "insert into meetpunt.unfolded values ('GM9001', $1, $2, $3)", day, id, list(answers)
        )


@pytest.mark.parametrize("folded_halfway", [True, False])
async def test_what_is_completed_later_is_added_once(
    database: Database, catalogue: Catalogue, folded_halfway: bool
) -> None:
    begun = one_response(catalogue, {"cijfer": 8}, complete=False, hour=None)
    await store(database, [begun])
    if folded_halfway:
        assert await fold_everything(database) == 1
        assert await responses_of_month(database) == (1, 0, 1)
    await complete_it(database, begun.id, {"geholpen": "deels", "wachttijd": "nvt"})
    assert await fold_everything(database) == (1 if folded_halfway else 2)
    assert await responses_of_month(database) == (1, 1, 1)
    assert await month_of(database, "cijfer") == ([0, 0, 0, 0, 0, 0, 0, 1, 0, 0], 0)
    assert await month_of(database, "geholpen") == ([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 0)
    assert await month_of(database, "wachttijd") == ([0] * 10, 1)


async def test_a_completion_waits_while_more_whole_responses_wait_than_fit(
    database: Database, catalogue: Catalogue
) -> None:
    begun = [one_response(catalogue, {"cijfer": 8}, complete=False) for _ in range(6)]
    await store(database, begun)
    for response in begun:
        await complete_it(database, response.id, {"geholpen": "ja"})
    async with database.connected("meetpunt_folder") as db:
        while await fold(db, 2):
            pass
    assert await responses_of_month(database) == (6, 6, 0)
    assert await month_of(database, "geholpen") == ([0, 0, 6, 0, 0, 0, 0, 0, 0, 0], 0)


async def test_invitations_are_counted_when_issued_and_when_spent(
    database: Database, catalogue: Catalogue
) -> None:
    touchpoint = catalogue.touchpoint("molensloot", "telefonie")
    questionnaire = catalogue.questionnaire(touchpoint)
    async with database.connected("meetpunt_ingest") as db:
        for half in (range(3), range(3, 5)):
            await store_invitations(
                db,
                municipality="GM9001",
                touchpoint=touchpoint.number,
                digests=[bytes([number]) * 32 for number in half],
                dimensions=['{"product": "paspoort"}' if number < 4 else "{}" for number in half],
                expires_on=date(2030, 1, 1),
                day=date(2026, 11, 2),
            )
    responses = [
        one_response(
            catalogue,
            {},
            touchpoint=touchpoint.number,
            structure=questionnaire.structure,
            hour=None,
            invitation=bytes([number]) * 32,
            token_id=None,
        )
        for number in (0, 1, 4)
    ]
    await store(database, responses)
    await fold_everything(database)
    day, number = date(2026, 11, 2), touchpoint.number
    assert await table(database, "invitation_count") == [
        ("GM9001", day, number, "", False, 1, 1, 0),
        ("GM9001", day, number, "paspoort", False, 4, 2, 0),
    ]
    assert await responses_of_month(database) == (3, 3, 3)


async def test_rebuilding_gives_the_same_figures(database: Database, catalogue: Catalogue) -> None:
    responses = [*made_up(catalogue), *made_up(catalogue, "rietbroek")]
    await store(database, responses)
    async with database.connected("meetpunt_ingest") as db:
        await store_invitations(
            db,
            municipality="GM9001",
            touchpoint=next(r.touchpoint for r in responses if r.hour is None),
            digests=[b"d" * 32],
            dimensions=["{}"],
            expires_on=date(2030, 1, 1),
            day=TODAY,
        )
    await fold_everything(database)
    folded = await everything(database)
    assert all(folded.values())
    async with database.connected("meetpunt_folder") as db:
        told: dict[str, int] = {}
        counted = await rebuild(db, on_municipality=told.__setitem__)
    assert counted == sum(told.values()) == sum(not r.suspect for r in responses)
    assert await everything(database) == folded


async def test_rebuilding_leaves_what_waits_to_the_folder(
    database: Database, catalogue: Catalogue
) -> None:
    begun = one_response(catalogue, {"cijfer": 8}, complete=False)
    await store(database, [begun])
    await fold_everything(database)
    await complete_it(database, begun.id, {"geholpen": "ja"})
    await store(database, [one_response(catalogue, {"cijfer": 3})])
    async with database.connected("meetpunt_folder") as db:
        assert await rebuild(db) == 1
    assert await responses_of_month(database) == (1, 0, 0)
    await fold_everything(database)
    assert await responses_of_month(database) == (2, 2, 0)
    assert await month_of(database, "cijfer") == ([0, 0, 1, 0, 0, 0, 0, 1, 0, 0], 0)
    assert await month_of(database, "geholpen") == ([0, 0, 1, 0, 0, 0, 0, 0, 0, 0], 0)


async def test_rebuilding_keeps_the_figures_of_periods_that_were_purged(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)
    await store(database, responses)
    await fold_everything(database)
    folded = await everything(database)
    purged = date(2026, 4, 15)
    async with database.connected("meetpunt_folder") as db:
        await db.execute("insert into meetpunt.purged_before values ('GM9001', $1)", purged)
        await db.execute("delete from meetpunt.response where day < $1", purged)
        await rebuild(db)
    assert await everything(database) == folded
    async with database.superuser() as db:
        await db.execute("delete from meetpunt.purged_before")
    async with database.connected("meetpunt_folder") as db:
        await rebuild(db)
    assert await everything(database) != folded


async def test_the_service_folds_by_itself_and_again_after_losing_its_connection(
    database: Database, catalogue: Catalogue
) -> None:
    responses = made_up(catalogue)[:40]
    upkeep = Upkeep(database.url("meetpunt_folder"), [folding(seconds=0.05)])
    await upkeep.start()
    try:
        async with asyncio.timeout(5), database.superuser() as db:
            for half in (responses[:20], responses[20:]):
                await store(database, half)
                while await unfolded(db):
                    pass
                await db.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where application_name = 'meetpunt fold' and datname = current_database()"
                )
    finally:
        await upkeep.close()
    assert +(await stored_counts(database))["given"] == +expected(catalogue, responses)["given"]


def test_an_operator_can_fold_and_rebuild(database: Database, catalogue: Catalogue) -> None:
    asyncio.run(store(database, made_up(catalogue)[:30]))
    environment = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
    }
    folded = CliRunner().invoke(summaries, ["fold"], env=environment)
    assert folded.output == "Folded 30 rows; nothing waits.\n"
    before = asyncio.run(everything(database))
    rebuilt = CliRunner().invoke(summaries, ["rebuild"], env=environment)
    assert rebuilt.exit_code == 0
    assert "GM9001: " in rebuilt.output
    assert asyncio.run(everything(database)) == before
    refused = CliRunner().invoke(
        summaries, ["fold"], env={**environment, "MEETPUNT_FOLDER_URL": ""}
    )
    assert refused.exit_code == 1
    assert "MEETPUNT_FOLDER_URL" in refused.output

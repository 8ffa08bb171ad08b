"""Whoever looks after the kiosks sees how they are, in SQL, in metrics and on the command line."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from ingest.clock import AMSTERDAM
from ingest.commands.meetpunt import meetpunt
from ingest.kiosk.watching import watch_kiosks
from ingest.running import metrics
from tests.conftest import Database, Serve
from tests.example import example_directory
from tests.ingest.kiosk.tablet import Tablet, rows
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_kiosk"


async def opened(database: Database, hours: dict[int, tuple[time, time]]) -> None:
    """The opening hours of the desk, by ISO weekday."""
    async with database.superuser() as db:
        await db.execute("delete from meetpunt.opening_hours where touchpoint = 1")
        for day, (opens, closes) in hours.items():
            await db.execute(
                "insert into meetpunt.opening_hours values ('GM9001', 1, $1, $2, $3)",
                day,
                opens,
                closes,
            )


async def silent(database: Database, last_seen: datetime) -> bool:
    async with database.superuser() as db:
        await db.execute("update meetpunt.kiosk set last_seen = $1", last_seen)
    await look(database)
    await reads(database, "molensloot", READER)
    (row,) = await seen(database, READER, "select te_lang_stil from kiosk_status")
    told: bool = row["te_lang_stil"]
    return told


async def look(database: Database) -> None:
    """As one worker does every minute."""
    async with database.connected("meetpunt_folder") as folder:
        await watch_kiosks(folder)


async def test_silence_counts_within_opening_hours_alone(
    serve: Serve, own_database: Database
) -> None:
    async with serve(on=own_database) as served:
        await Tablet(served).enrolled()
        now = datetime.now(UTC)
        always = {day: (time(0), time(23, 59, 59)) for day in range(1, 8)}
        await opened(own_database, always)
        assert not await silent(own_database, now - timedelta(minutes=20))
        assert await silent(own_database, now - timedelta(minutes=40))
        assert await silent(own_database, now - timedelta(days=300))
        # Only the day after tomorrow: it was closed for all of these days.
        await opened(
            own_database,
            {(now + timedelta(days=2)).astimezone(AMSTERDAM).isoweekday(): (time(9), time(17))},
        )
        assert not await silent(own_database, now - timedelta(days=4))
        assert await silent(own_database, now - timedelta(days=6))
        # No hours in its file: a day and a night.
        await opened(own_database, {})
        assert not await silent(own_database, now - timedelta(hours=23))
        assert await silent(own_database, now - timedelta(hours=25))
        async with own_database.superuser() as db:
            await db.execute("update meetpunt.kiosk set revoked_on = current_date")
        assert not await silent(own_database, now - timedelta(hours=25))


async def test_the_opening_hours_are_those_of_the_files(database: Database) -> None:
    hours = [row for row in await rows(database, "opening_hours") if row["touchpoint"] == 1]
    assert {row["weekday"]: (row["opens"], row["closes"]) for row in hours} == {
        1: (time(9), time(17)),
        2: (time(9), time(17)),
        3: (time(9), time(17)),
        4: (time(9), time(20)),
        5: (time(9), time(13)),
    }


async def test_a_reader_sees_the_kiosks_of_its_own_municipality(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await Tablet(served, "waterakker/balie-hal").enrolled()
        await tablet.sync([], queue=3, version="1.2")
        await look(served.database)
        await reads(served.database, "molensloot", READER)
        (row,) = await seen(served.database, READER, "select * from kiosk_status")
        assert (row["gemeente_code"], row["meetpunt"], str(row["kiosk"]), row["naam"]) == (
            "GM9001", "balie-hal", tablet.kiosk, "Hal links",
        )  # fmt: skip
        assert (row["wachtrij"], row["versie"], row["te_lang_stil"]) == (3, "1.2", False)
        assert abs(row["klokverschil_seconden"]) < 5


async def test_what_readers_see_of_a_kiosk_is_as_it_was_at_the_last_look(serve: Serve) -> None:
    """And they see when that was."""
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await reads(served.database, "molensloot", READER)
        assert await seen(served.database, READER, "select * from kiosk_status") == []
        told: list[Any] = []
        for queue in (3, 5):
            await tablet.sync([], queue=queue)
            if told:
                (same,) = await seen(served.database, READER, "select * from kiosk_status")
                assert same == told[-1]
            await look(served.database)
            told += await seen(served.database, READER, "select * from kiosk_status")
        before, after = told
        assert (before["wachtrij"], after["wachtrij"]) == (3, 5)
        assert before["peilmoment"] < after["peilmoment"] <= datetime.now(UTC)
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.kiosk set revoked_on = '2026-11-01'")
        await look(served.database)
        (row,) = await seen(served.database, READER, "select * from kiosk_status")
        assert (row["ingetrokken"], row["te_lang_stil"]) == (date(2026, 11, 1), False)


async def test_the_metrics_say_how_the_worst_of_a_touchpoint_is(serve: Serve) -> None:
    async with serve() as served:
        one, other = await Tablet(served).enrolled(), await Tablet(served).enrolled()
        one.wall_ahead = -90_000
        await one.sync([], queue=3)
        await other.sync([], queue=4)
        await look(served.database)
        labels = {"municipality": "molensloot", "touchpoint": "balie-hal"}
        told = {
            name: metrics.REGISTRY.get_sample_value(f"kiosk_{name}", labels)
            for name in ("last_seen_seconds", "queue", "clock_offset_seconds", "silent")
        }
        assert told["queue"] == 7
        assert told["clock_offset_seconds"] == pytest.approx(-90, abs=3)
        assert told["last_seen_seconds"] == pytest.approx(30, abs=40)
        assert told["silent"] == 0
        # Of a touchpoint without kiosks in use nothing waits and nothing is silent.
        async with served.database.superuser() as db:
            await db.execute("update meetpunt.kiosk set revoked_on = current_date")
        await look(served.database)
        assert metrics.REGISTRY.get_sample_value("kiosk_queue", labels) == 0
        assert metrics.REGISTRY.get_sample_value("kiosk_clock_offset_seconds", labels) == 0


@pytest.fixture
def run(database: Database) -> Callable[..., Result]:
    settings = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_OWNER_URL": database.owner,
        "MEETPUNT_FOLDER_URL": database.url("meetpunt_folder"),
        "MEETPUNT_CONFIG": str(example_directory()),
    }

    def run(*arguments: str, exit_code: int = 0) -> Result:
        result = CliRunner().invoke(meetpunt, ("kiosk", *arguments), env=settings)
        assert result.exit_code == exit_code, result.output
        return result

    return run


def waiting(database: Database, code: str, key: bytes) -> None:
    async def insert() -> None:
        async with database.superuser() as db:
            await db.execute(
                """insert into meetpunt.kiosk_pairing
                    (municipality, code, touchpoint, public_key, expires_at)
                values ('GM9001', $1, 1, $2, now() + interval '10 minutes')""",
                code,
                key,
            )

    asyncio.run(insert())


def told_of(database: Database, kiosk: str, tile_mm: int) -> None:
    async def change() -> None:
        async with database.superuser() as db:
            await db.execute("update meetpunt.kiosk set tile_mm = $2 where id = $1", kiosk, tile_mm)

    asyncio.run(change())


def test_an_operator_enrols_lists_and_revokes(
    database: Database, run: Callable[..., Result]
) -> None:
    waiting(database, "ACDEFHJK", bytes(65))
    made: dict[str, Any] = json.loads(
        run("enrol", "acde fhjk", "--name", "Hal links", "--json").output
    )
    assert made["touchpoint"] == "molensloot/balie-hal"
    listed = run("list").output
    assert made["kiosk"] in listed
    assert "molensloot/balie-hal" in listed
    assert "never seen" in listed
    (row,) = json.loads(run("list", "--json").output)
    assert (row["kiosk"], row["naam"], row["gemeente"]) == (
        made["kiosk"], "Hal links", "molensloot",
    )  # fmt: skip
    # A tablet whose answers are too small for a finger; one that said nothing of it is not blamed.
    assert " MM, " not in listed
    told_of(database, made["kiosk"], 17)
    assert "ANSWERS OF 17 MM, a finger needs 20" in run("list").output
    told_of(database, made["kiosk"], 20)
    assert " MM, " not in run("list").output
    assert "Revoked" in run("revoke", made["kiosk"]).output
    assert "revoked 2" in run("list").output
    assert "no kiosk" in run("revoke", made["kiosk"], exit_code=1).output
    assert run("revoke", "x", exit_code=2).output


def test_a_code_that_nobody_shows_is_refused_in_words(
    database: Database, run: Callable[..., Result]
) -> None:
    assert "no tablet shows this code" in run("enrol", "ACDEFHJK", exit_code=1).output
    waiting(database, "ACDEFHJK", bytes(65))
    assert "one line" in run("enrol", "ACDEFHJK", "--name", "a\nb", exit_code=1).output
    run("enrol", "ACDEFHJK")
    waiting(database, "ACDEFHJK", bytes(65))
    assert "enrolled before" in run("enrol", "ACDEFHJK", exit_code=1).output


def test_the_list_says_what_needs_a_look(database: Database, run: Callable[..., Result]) -> None:
    waiting(database, "ACDEFHJK", bytes(65))
    run("enrol", "ACDEFHJK")

    async def worsen() -> None:
        async with database.superuser() as db:
            await db.execute(
                """update meetpunt.kiosk set last_seen = now() - interval '30 days', queue = 4,
                version = '1', clock_offset_seconds = -31536000, set_aside = 2, quarantined = 3"""
            )

    asyncio.run(worsen())
    listed = run("list").output
    for told in ("queue 4", "clock -31536000 s", "SILENT TOO LONG", "set aside 2", "QUARANTINED 3"):
        assert told in listed


def test_what_was_kept_is_shown_and_released(
    database: Database, run: Callable[..., Result]
) -> None:
    waiting(database, "ACDEFHJK", bytes(65))
    kiosk = json.loads(run("enrol", "ACDEFHJK", "--json").output)["kiosk"]
    assert run("kept").output == "Nothing was kept apart.\n"

    async def keep() -> None:
        async with database.superuser() as db:
            for table, reason in (
                ("kiosk_set_aside", "signature"), ("kiosk_quarantine", "old-counter"),
            ):  # fmt: skip
                await db.execute(
                    f"""insert into meetpunt.{table}
                        (municipality, kiosk, digest, reason, payload, received_on)
                    select municipality, id, $2, $3, '{{}}', '2026-03-01' from meetpunt.kiosk
                    where id::text = $1""",
                    kiosk,
                    bytes(32),
                    reason,
                )

    asyncio.run(keep())
    quarantined, aside = run("kept").output.splitlines()
    assert "molensloot/balie-hal" in quarantined
    assert "quarantined: old-counter  1 received 2026-03-01" in quarantined
    assert "set-aside: signature" in aside
    assert run("kept", kiosk).output.count("2026-03-01  {}") == 2
    assert {row["reason"] for row in json.loads(run("kept", kiosk, "--json").output)} == {
        "signature", "old-counter",
    }  # fmt: skip
    assert "Stored 0; 0 were stored before; 1 are no responses" in run("release", kiosk).output
    assert json.loads(run("release", kiosk, "--json").output)["left"] == 1
    assert "no kiosk" in run("release", str(uuid4()), exit_code=1).output

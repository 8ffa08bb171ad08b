"""Systems of others: told once an hour while away and once when back, and written down."""

import logging
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from ingest.connectors.signalen.noting import note
from ingest.connectors.signalen.statements import Result
from ingest.tasks.neighbours import Kind, Neighbour, Neighbours, read_neighbours
from tests.conftest import Database
from tests.log_lines import lines_of

CODES = {"molensloot": "GM9001", "duinrade": "GM9004"}


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_who_is_away_is_told_of_once_an_hour_and_once_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    clock = Clock()
    neighbours = Neighbours(Kind.CONTACTS, CODES, clock=clock)
    for seconds, news in ((0, True), (3599, False), (3600, True), (3601, False)):
        clock.seconds = seconds
        assert neighbours.away("molensloot", "key-refused") is news
    assert neighbours.away("molensloot", "unreachable")
    assert neighbours.away("duinrade", "key-refused")
    neighbours.well("molensloot")
    neighbours.well("molensloot")
    (back,) = lines_of(caplog)
    assert (back["event"], back["municipality"]) == ("contacts_back", "molensloot")
    # Told anew at once, and of the other nothing changed.
    assert neighbours.away("molensloot", "key-refused")
    assert not neighbours.away("duinrade", "key-refused")


def result(outcome: str | None, reason: str | None = None, code: str = "GM9001") -> Result:
    return Result(
        municipality=code, id=UUID(int=1), outcome=outcome, reason=reason, due=datetime.now(UTC)
    )


def test_a_signalen_that_is_away_leaves_a_line_when_that_begins_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    neighbours = Neighbours(Kind.REPORTS, CODES)
    slugs = {code: slug for slug, code in CODES.items()}
    note(neighbours, slugs, [result(None, "answer-not-offered"), result(None, None)])
    assert lines_of(caplog) == []
    for _ in range(2):
        note(neighbours, slugs, [result(None, "failing"), result("done", code="GM9004")])
    # Given up because its days are over says nothing new.
    note(neighbours, slugs, [result("away")])
    note(neighbours, slugs, [result(None, "failing"), result("done-elsewhere")])
    told = [(each["event"], each["municipality"], each.get("reason")) for each in lines_of(caplog)]
    assert told == [
        ("reports_away", "molensloot", "failing"),
        ("reports_back", "molensloot", None),
    ]


async def written(db: asyncpg.Connection) -> dict[str, Neighbour]:
    return {each.slug: each for each in await read_neighbours(db)}


@pytest.mark.anyio
async def test_another_process_goes_on_with_what_was_written_down(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with database.connected("meetpunt_work") as db:
        first = Neighbours(Kind.CASES, CODES)
        first.well("duinrade")
        first.away("molensloot", "key-refused")
        await first.write_down(db)
        before = await written(db)
        assert before["duinrade"].last_well is not None
        assert (before["molensloot"].last_well, before["molensloot"].reason) == (
            None,
            "key-refused",
        )
        first.away("molensloot", "unreachable")
        await first.write_down(db)
        after = (await written(db))["molensloot"]
        assert (after.away_since, after.reason) == (before["molensloot"].away_since, "unreachable")
        second = Neighbours(Kind.CASES, CODES)
        await second.recall(db)
        second.well("molensloot")
        await second.write_down(db)
        now = (await written(db))["molensloot"]
        assert (now.away_since, now.reason, now.last_well is None) == (None, None, False)
        assert [line["event"] for line in lines_of(caplog)] == ["poll_back"]
        # One that the files name no more is forgotten.
        await Neighbours(Kind.CASES, {"molensloot": "GM9001"}).recall(db)
        assert set(await written(db)) == {"molensloot"}


@pytest.mark.anyio
async def test_when_reports_were_told_is_written_down_by_the_hour(database: Database) -> None:
    async with database.connected("meetpunt_work") as db:
        neighbours = Neighbours(Kind.REPORTS, CODES)
        neighbours.well("molensloot")
        neighbours.away("duinrade", "failing")
        await neighbours.write_down(db)
        for each in (await written(db)).values():
            moment = each.last_well or each.away_since
            assert moment is not None
            assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


@pytest.mark.anyio
async def test_only_who_asks_them_may_write_it_down(database: Database) -> None:
    for role in ("meetpunt_ingest", "meetpunt_folder"):
        async with database.connected(role) as db:
            assert await read_neighbours(db) == []
            neighbours = Neighbours(Kind.CASES, CODES)
            neighbours.well("molensloot")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await neighbours.write_down(db)

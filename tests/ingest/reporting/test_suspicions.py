"""Why a response is suspect is a detail as any other: told where ten share it, or not at all."""

from datetime import timedelta

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    at_once,
    look,
    many,
    morning_after,
    one_response,
    readable,
    rows,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_verdacht"
WHY = "select waarom, count(*) from feit_verdacht group by waarom order by count(*)"


async def why(database: Database) -> list[tuple[list[str] | None, int]]:
    """What a reader is told of reasons, and of how many rows."""
    await reads(database, "molensloot", READER)
    return [tuple(row) for row in await seen(database, READER, WHY)]


async def test_a_reason_that_one_has_is_not_told_and_nor_is_that_of_the_nine_others(
    database: Database, catalogue: Catalogue
) -> None:
    hurried = one_response(catalogue, {"cijfer": 1}, suspect="too-quick")
    await store(database, [*many(9, catalogue, suspect="honeypot"), hurried])
    assert (await look(database, catalogue, morning_after())).responses == 10
    assert await why(database) == [(None, 10)]
    # Nobody takes a row for a resident's because nothing is said of why.
    assert await seen(database, READER, "select from feit_reactie") == []
    assert await rows(database, "select from meetpunt.summary") == []


async def test_a_reason_that_ten_share_is_told(database: Database, catalogue: Catalogue) -> None:
    reasons = ("too-quick", "honeypot,too-quick")
    ten_each = [one for reason in reasons for one in many(10, catalogue, suspect=reason)]
    await store(database, [*ten_each, *many(10, catalogue, suspect="honeypot")])
    await look(database, catalogue, morning_after())
    assert sorted(await why(database), key=repr) == [
        (["honeypot", "too-quick"], 10),
        (["honeypot"], 10),
        (["too-quick"], 10),
    ]


async def test_the_reason_is_kept_before_any_other_detail(
    database: Database, catalogue: Catalogue
) -> None:
    """It is what is looked for in these rows; how they were asked comes after it, and the day."""
    tuesday = MONDAY + timedelta(days=1)
    await store(
        database,
        [
            *many(5, catalogue, suspect="too-quick", mode="kiosk"),
            *many(4, catalogue, suspect="too-quick", mode="link"),
            *many(1, catalogue, suspect="too-quick", mode="link", day=tuesday),
            *many(5, catalogue, suspect="honeypot", mode="kiosk", day=tuesday),
            *many(5, catalogue, suspect="honeypot", mode="link", day=tuesday),
        ],
    )
    await look(database, catalogue, morning_after(tuesday))
    assert await readable(database, "suspect, day, mode") == sorted(
        [*[(["honeypot"], tuesday, None)] * 10, *[(["too-quick"], None, None)] * 10], key=repr
    )


async def test_the_demo_tells_every_reason(database: Database, catalogue: Catalogue) -> None:
    await store(database, many(1, catalogue, suspect="honeypot"))
    await at_once(database, catalogue)
    assert await why(database) == [(["honeypot"], 1)]

"""Texts leave their response, and appear where ten could have written them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.texts import judgement
from ingest.responses.statements import NewResponse
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    at_once,
    invited,
    look,
    many,
    morning_after,
    one_response,
    rows,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

NOVEMBER = date(2026, 11, 1)
READER = "lezer_oordelen"
SAID = "Het was koud in de hal."


def marks(catalogue: Catalogue, *given: int, **changes: Any) -> list[NewResponse]:
    """A response with a text for each mark; the text names it."""
    return [
        one_response(catalogue, {"cijfer": mark}, texts=[f"Een {mark}."], **changes)
        for mark in given
    ]


async def texts(database: Database) -> list[tuple[Any, ...]]:
    return await rows(
        database, "select month, judgement, text from lees.tekst order by month, judgement, text"
    )


async def waiting_texts(database: Database) -> list[tuple[Any, ...]]:
    return await rows(
        database, "select month, judgement, text from meetpunt.waiting_text order by 1, 2, 3"
    )


async def left_behind(database: Database) -> Sequence[tuple[Any, ...]]:
    return await rows(database, "select text from meetpunt.free_text")


async def test_a_text_of_ten_that_judge_alike_moves_to_where_it_is_read(
    database: Database, catalogue: Catalogue
) -> None:
    spoke = one_response(catalogue, {"cijfer": 4}, texts=[SAID])
    await store(database, [spoke, *many(9, catalogue, {"cijfer": 4})])
    await look(database, catalogue, morning_after())
    assert await texts(database) == [(NOVEMBER, "laag", SAID)]
    assert not await left_behind(database)
    assert not await waiting_texts(database)


async def test_a_text_has_an_id_of_its_own_and_nothing_of_its_response(
    database: Database, catalogue: Catalogue
) -> None:
    responses = marks(catalogue, *[4] * 10, details={"product": "paspoort"})
    await store(database, responses)
    await look(database, catalogue, morning_after())
    shown = {row[0] for row in await rows(database, "select id from lees.reactie")}
    ids = {row[0] for row in await rows(database, "select id from lees.tekst")}
    assert len(ids) == 10
    assert not ids & (shown | {response.id for response in responses})
    everything = repr(await rows(database, "select * from lees.tekst"))
    assert "paspoort" not in everything
    assert repr(MONDAY) not in everything


async def test_a_text_waits_until_ten_that_judged_alike_are_published(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, [*marks(catalogue, 3, 9), *many(8, catalogue, {"cijfer": 9})])
    await look(database, catalogue, morning_after())
    # All ten are readable, and the one that is not content would be known by its text.
    assert await texts(database) == []
    assert await waiting_texts(database) == [
        (NOVEMBER, "hoog", "Een 9."),
        (NOVEMBER, "laag", "Een 3."),
    ]
    assert not await left_behind(database)
    december = date(2026, 12, 1)
    await store(database, many(10, catalogue, {"cijfer": 8}, day=december))
    await look(database, catalogue, morning_after(december))
    # What waited appears in the month in which there were ten.
    assert await texts(database) == [(december, "hoog", "Een 9.")]
    assert await waiting_texts(database) == [(NOVEMBER, "laag", "Een 3.")]


async def test_after_ten_appeared_the_next_text_waits_for_ten_more(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, marks(catalogue, *[2] * 10))
    await look(database, catalogue, morning_after())
    assert len(await texts(database)) == 10
    tuesday = MONDAY + timedelta(days=1)
    nine_content = many(9, catalogue, {"cijfer": 9}, day=tuesday)
    await store(database, [*marks(catalogue, 1, day=tuesday), *nine_content])
    await look(database, catalogue, morning_after(tuesday))
    assert len(await texts(database)) == 10
    assert await waiting_texts(database) == [(NOVEMBER, "laag", "Een 1.")]


async def test_texts_of_who_was_invited_wait_for_others_who_were(
    database: Database, catalogue: Catalogue
) -> None:
    by_link = many(10, catalogue, {"cijfer": 2}, at="molensloot/telefonie")
    by_message = invited(9, catalogue, answers={"cijfer": 9})
    spoke = one_response(
        catalogue, {"cijfer": 2}, at="molensloot/telefonie", mode="bericht", hour=None, texts=[SAID]
    )
    await store(database, [*by_link, *by_message, spoke])
    await look(database, catalogue, morning_after())
    assert await texts(database) == []
    assert await waiting_texts(database) == [(NOVEMBER, "laag", SAID)]


async def test_a_touchpoint_of_few_people_lets_a_text_go_by_three_and_says_so(
    database: Database, catalogue: Catalogue
) -> None:
    wedding = {"at": "molensloot/huwelijk", "mode": "bericht", "hour": None}
    await store(database, marks(catalogue, 9, 9, 9, **wedding))
    await look(database, catalogue, morning_after())
    assert await rows(database, "select small_group from lees.tekst") == [(True,)] * 3


async def test_what_was_masked_stays_told(database: Database, catalogue: Catalogue) -> None:
    masked = '[{"item": "toelichting", "text": "Bel [telefoon].", "masked": ["telefoon"]}]'
    spoke = one_response(catalogue, {"cijfer": 4})
    others = many(9, catalogue, {"cijfer": 4})
    await store(database, [_with_texts(spoke, masked), *others])
    await look(database, catalogue, morning_after())
    told = "select questionnaire, item, text, masked from lees.tekst"
    assert await rows(database, told) == [("balie", "toelichting", "Bel [telefoon].", ["telefoon"])]


async def test_texts_of_suspect_responses_stay_where_nobody_reads_them(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, marks(catalogue, *[1] * 10, suspect="honeypot"))
    assert (await look(database, catalogue, morning_after())).responses == 10
    assert await left_behind(database) == [("Een 1.",)] * 10
    assert not await texts(database)
    assert not await waiting_texts(database)
    # Nor do they count for others: nine and these are no ten.
    await store(database, [*marks(catalogue, 1), *many(9, catalogue, {"cijfer": 9})])
    await look(database, catalogue, morning_after(), due_only=False)
    assert not await texts(database)


async def test_a_text_waits_as_long_as_its_response_does(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, marks(catalogue, *[4] * 9))
    await look(database, catalogue, morning_after())
    assert len(await left_behind(database)) == 9
    assert not await waiting_texts(database)


async def test_what_a_kiosk_sends_late_does_not_make_a_text_appear_before_its_month(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, [*marks(catalogue, 1), *many(9, catalogue, {"cijfer": 9})])
    await look(database, catalogue, morning_after())
    away = date(2026, 10, 12)
    await store(database, many(10, catalogue, {"cijfer": 2}, day=away, mode="kiosk"))
    await look(database, catalogue, morning_after(), due_only=False)
    assert await texts(database) == [(NOVEMBER, "laag", "Een 1.")]


async def test_the_demo_shows_a_text_at_once(database: Database, catalogue: Catalogue) -> None:
    await store(database, marks(catalogue, 4, 9))
    await at_once(database, catalogue)
    assert await texts(database) == [(NOVEMBER, "hoog", "Een 9."), (NOVEMBER, "laag", "Een 4.")]
    assert not await left_behind(database)


@pytest.mark.parametrize(
    ("mark", "name"),
    [(1, "laag"), (5, "laag"), (6, "6"), (7, "7"), (8, "hoog"), (10, "hoog"), (None, "")],
)
def test_a_judgement_is_the_mark_in_the_groups_of_the_targets(mark: int | None, name: str) -> None:
    assert judgement(mark) == name


async def test_a_report_reads_what_people_with_a_6_or_lower_write(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, marks(catalogue, *[3] * 10, *[6] * 10, *[7] * 9, *[9] * 10))
    # Of before 6 and 7 stood apart. Nobody knows which it was, so nobody hides it any more.
    old = "update meetpunt.waiting_text set judgement = 'midden', text = 'Van toen.'"
    await look(database, catalogue, morning_after())
    assert {told for _, told, _ in await waiting_texts(database)} == {"7"}
    await rows(database, old)
    await store(database, marks(catalogue, *[6] * 10, *[7] * 10))
    await look(database, catalogue, morning_after(), due_only=False)
    assert {told for _, told, _ in await waiting_texts(database)} == {"midden"}
    await reads(database, "molensloot", READER, free_text=True)
    shown = await seen(
        database, READER, "select oordeel, count(*) as n from toelichting group by 1 order by 1"
    )
    assert [tuple(row) for row in shown] == [
        ("1 t/m 5", 10), ("6", 20), ("7", 10), ("8 t/m 10", 10),
    ]  # fmt: skip


def _with_texts(response: NewResponse, texts: str) -> NewResponse:
    return msgspec.structs.replace(response, texts=texts)

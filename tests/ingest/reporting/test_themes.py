"""How often residents write about a theme is told once a month is over, and of nobody apart."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.responses.statements import NewResponse
from ingest.themes.finding import Themes
from ingest.themes.theme_file import load_themes
from tests.conftest import Database
from tests.ingest.reporting.responses import (
    MONDAY,
    look,
    many,
    morning_after,
    one_response,
    rows,
    store,
)
from tests.publishing import reads, seen

pytestmark = pytest.mark.anyio

READER = "lezer_themas"
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
ABOUT = "Ik stond een uur in de rij."
OTHER = "Top."
ADDED = "Goed personeel."
BOTH = "Ik stond een uur in de rij, het personeel was er niet."


def written(
    catalogue: Catalogue, texts: Sequence[str], *, mark: int = 9, **more: Any
) -> list[NewResponse]:
    """A response for each text, with its themes as intake finds them."""
    finder = catalogue.themes.finder("molensloot")
    responses = []
    for text in texts:
        found = finder.find(text, "nl")
        stored = json.dumps(
            [
                {
                    "item": "toelichting",
                    "text": text,
                    "masked": [],
                    "themes": found.codes,
                    "theme_version": found.version,
                }
            ]
        )
        response = one_response(catalogue, {"cijfer": mark}, **more)
        responses.append(msgspec.structs.replace(response, texts=stored))
    return responses


async def told(
    database: Database, view: str = "thema_per_maand", which: str = "kanaal"
) -> list[Any]:
    await reads(database, "molensloot", READER, free_text=True)
    return await seen(
        database,
        READER,
        f"select * from {view} where uitsplitsing = $1 and thema = 'wachttijd' order by 2, waarde",
        which,
    )


async def test_a_month_is_told_when_it_is_over_and_not_before(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, written(catalogue, [ABOUT] * 6 + [OTHER] * 9))
    await look(database, catalogue, morning_after())
    assert await rows(database, "select * from lees.thema") == []
    await look(database, catalogue, morning_after(date(2026, 11, 30)))
    ((row),) = await told(database)
    assert (row["maand"], row["kanaal"], row["n"], row["ten_minste"]) == (NOVEMBER, "balie", 15, 6)
    assert row["aandeel"] == pytest.approx(0.4)
    assert row["laag_n"] is None
    assert not await rows(database, "select * from meetpunt.theme_tally where theme = 'wachttijd'")


async def test_what_is_too_little_counts_in_the_month_in_which_it_is_enough(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Of a theme that the municipality adds, four that have no other theme are too little."""
    files = with_more(catalogue, tmp_path)
    await store(database, written(files, [BOTH] * 4 + [ADDED] * 4 + [OTHER] * 9))
    await look(database, files, morning_after(date(2026, 12, 1)))
    fourth = date(2026, 12, 4)
    await store(database, written(files, [ABOUT] * 2 + [ADDED] + [OTHER] * 7, day=fourth))
    await look(database, files, morning_after(fourth))
    assert await rows(database, "select * from lees.thema") == []
    await look(database, files, morning_after(date(2027, 1, 1)))
    ((row),) = await told(database)
    assert (row["maand"], row["n"], row["ten_minste"]) == (DECEMBER, 27, 6)
    quarter = (await told(database, "thema_per_kwartaal"))[0]
    assert (quarter["kwartaal"], quarter["n"]) == (date(2026, 10, 1), 27)
    added = "select month, texts, hits, neither from lees.thema where theme = 'personeel'"
    assert await rows(database, added) == [(DECEMBER, 27, 5, 5)]


async def test_a_figure_is_of_texts_that_may_be_read_and_of_no_other(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    """What a figure counts beside them would say what the text of a row is about."""
    catalogue = with_more(catalogue, tmp_path)
    await reads(database, "molensloot", READER, free_text=True)
    readable = (
        "select count(*) as texts, count(*) filter (where themas like '%wachttijd%') as hits"
        " from toelichting"
    )
    high = written(catalogue, [ABOUT] * 6 + [OTHER] * 14)
    low = written(catalogue, [BOTH], mark=2)
    await store(database, [*high, *low])
    await look(database, catalogue, morning_after(date(2026, 11, 30)))
    ((row),) = await told(database)
    ((read),) = await seen(database, READER, readable)
    assert (row["n"], row["ten_minste"]) == (read["texts"], read["hits"]) == (20, 6)
    december = date(2026, 12, 4)
    await store(database, written(catalogue, [OTHER] * 5 + [ABOUT] * 4, mark=2, day=december))
    await store(database, written(catalogue, [OTHER] * 6 + [ABOUT] * 4, day=december))
    await look(database, catalogue, morning_after(december))
    covered = "select sum(hits)::int, sum(covered)::int from meetpunt.theme_tally"
    assert await rows(database, f"{covered} where theme = 'personeel' and appeared") == [(0, 15)]
    await look(database, catalogue, morning_after(date(2026, 12, 31)))
    ((read),) = await seen(database, READER, readable)
    every = await told(database)
    assert sum(row["n"] for row in every) == read["texts"] == 40
    assert sum(row["ten_minste"] for row in every) == read["hits"] == 15


async def test_a_product_is_told_where_ten_could_have_written_each_text(
    database: Database, catalogue: Catalogue
) -> None:
    passport: dict[str, Any] = {"details": {"product": "paspoort"}}
    licence: dict[str, Any] = {"details": {"product": "rijbewijs"}}
    await store(
        database,
        [
            *written(catalogue, [ABOUT] * 8 + [OTHER] * 8, **passport),
            *written(catalogue, [ABOUT] * 6 + [OTHER] * 6, **licence),
            # These three are of the passport too. With them each of its texts could be told apart.
            *written(catalogue, [ABOUT] * 3, mark=2, **licence),
            *written(catalogue, [OTHER] * 12, mark=2),
        ],
    )
    await look(database, catalogue, morning_after())
    await look(database, catalogue, morning_after(date(2026, 12, 1)))
    products = {
        row["waarde"]: (row["n"], row["ten_minste"])
        for row in await told(database, which="product")
    }
    assert products == {"paspoort": (16, 8), "onbekend": (27, 9)}
    ((whole),) = await told(database)
    assert (whole["n"], whole["ten_minste"], whole["laag_n"]) == (43, 17, None)


async def test_low_marks_stand_apart_where_they_are_enough(
    database: Database, catalogue: Catalogue
) -> None:
    await store(
        database,
        [
            *written(catalogue, [ABOUT] * 7 + [OTHER] * 20),
            *written(catalogue, [ABOUT] * 9 + [OTHER] * 6, mark=3),
        ],
    )
    await look(database, catalogue, morning_after())
    await look(database, catalogue, morning_after(date(2026, 12, 1)))
    ((row),) = await told(database)
    assert (row["n"], row["ten_minste"]) == (42, 16)
    assert (row["laag_n"], row["laag_ten_minste"]) == (15, 9)
    assert row["laag_aandeel"] == pytest.approx(0.6)


async def test_who_may_read_texts_reads_their_themes_beside_them(
    database: Database, catalogue: Catalogue
) -> None:
    await store(database, written(catalogue, [ABOUT, *[OTHER] * 9]))
    await look(database, catalogue, morning_after())
    await reads(database, "molensloot", READER, free_text=True)
    found = await seen(database, READER, "select tekst, themas, thema_versie from toelichting")
    assert {(tekst, themas) for tekst, themas, _ in found} == {(ABOUT, "wachttijd"), (OTHER, "")}
    assert {version for *_, version in found} == {"1"}


async def test_the_database_refuses_what_is_too_little(database: Database) -> None:
    for texts, hits, apart in ((9, 5, 5), (20, 4, 5), (20, 16, 5), (20, 8, 4)):
        with pytest.raises(asyncpg.CheckViolationError):
            await rows(
                database,
                "insert into lees.thema select 'GM9001', '2026-11-01', 'balie', 'wachttijd', 1,"
                " 'alle', 0, '', '', $1, $2, false, now(), $3",
                texts,
                hits,
                apart,
            )


LATER = """
version = 1
status = "draft"

[[themes]]
code = "personeel"
name = "Personeel"
about = "Of het over het personeel gaat."
words = { nl = ["personeel"] }
hits = { nl = ["Het personeel."] }
misses = { nl = ["Top."] }
"""


def with_more(catalogue: Catalogue, folder: Path) -> Catalogue:
    """The files, with a theme that the municipality adds."""
    path = folder / "themes" / "v1.toml"
    path.parent.mkdir()
    path.write_text(LATER, "utf-8")
    own = msgspec.structs.replace(load_themes(path, catalogue.themes.shared), status="published")
    return Catalogue(
        list(catalogue.municipalities.values()),
        catalogue.questionnaires,
        catalogue.extensions,
        themes=Themes(catalogue.themes.shared, {"molensloot": {1: own}}),
    )


HIGH_ONES = [("", False, 13, 0), ("personeel", False, 13, 6), ("wachttijd", False, 13, 0)]
# Rude staff is friendliness, which stands before what a municipality adds (0026).
LOW_ONES = [("", True, 3, 0), ("personeel", True, 3, 1), ("wachttijd", True, 3, 1)]


# What waits with its text has lost its details, so it cannot be counted anew; what waits with its
# response can. Counted as it was before, it would say which of the texts that is. The first is
# `long`: half a second for what only happens on the day after a new file.
@pytest.mark.parametrize(
    ("beside", "counted"),
    [pytest.param(0, HIGH_ONES + LOW_ONES, marks=pytest.mark.long), (9, HIGH_ONES)],
)
async def test_texts_that_appear_together_do_not_say_which_came_before_another_file(
    database: Database,
    catalogue: Catalogue,
    tmp_path: Path,
    beside: int,
    counted: list[tuple[str, bool, int, int]],
) -> None:
    """Who sat at the desk on the day before it would know who wrote the one with its version."""
    later, tuesday = with_more(catalogue, tmp_path), date(2026, 11, 3)
    await store(database, written(catalogue, ["Het personeel was grof."], mark=2))
    await store(database, many(beside, catalogue, {"cijfer": 9}))
    await look(database, catalogue, morning_after(MONDAY))
    high = written(catalogue, [OTHER] * 7 + [ADDED] * 6, day=tuesday)
    low = written(catalogue, ["Het personeel was weg.", ABOUT], mark=2, day=tuesday)
    silent = many(7, catalogue, {"cijfer": 3}, day=tuesday)
    await store(database, [*high, *low, *silent])
    await look(database, later, morning_after(tuesday))
    await reads(database, "molensloot", READER, free_text=True)
    found = await seen(database, READER, "select tekst, themas, thema_versie from toelichting")
    assert {version for *_, version in found} == {"1+1"}
    assert {tekst for tekst, themas, _ in found if "personeel" in themas} == {
        "Het personeel was grof.",
        "Het personeel was weg.",
        "Goed personeel.",
    }
    assert counted == await rows(
        database,
        "select theme, low, sum(texts)::int, sum(hits)::int from meetpunt.theme_tally"
        " where theme in ('', 'wachttijd', 'personeel') group by 1, 2 order by 2, 1",
    )


# Half a second, for a desk of two languages on the day after a new file.
@pytest.mark.long
async def test_where_no_language_was_kept_all_texts_of_the_group_are_found_as_of_none(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    """One that was found with its language would be one of those that came in last."""
    later, tuesday = with_more(catalogue, tmp_path), date(2026, 11, 3)
    monday = written(catalogue, ["Personeel."], mark=2)
    await store(database, [*monday, *many(8, catalogue, {"cijfer": 9}), english(catalogue)])
    await look(database, catalogue, morning_after(MONDAY))
    low = written(later, ["Personeel!"], mark=2, day=tuesday)
    others = many(7, catalogue, {"cijfer": 3}, day=tuesday)
    await store(
        database, [*low, *others, *many(2, catalogue, {"cijfer": 3}, day=tuesday, language="en")]
    )
    await look(database, later, morning_after(tuesday))
    found = await rows(database, "select text, themes, theme_version from lees.tekst")
    assert sorted(found) == [("Personeel!", [], "1+1"), ("Personeel.", [], "1+1")]


def english(catalogue: Catalogue) -> NewResponse:
    return one_response(catalogue, {"cijfer": 9}, language="en")

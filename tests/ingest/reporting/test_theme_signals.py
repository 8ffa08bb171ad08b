"""A theme that rises is a signal: where chance seldom makes it rise so, and nowhere else."""

from datetime import date

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import look, morning_after, rows, store
from tests.ingest.reporting.test_themes import ABOUT, OTHER, written

pytestmark = pytest.mark.anyio

OCTOBER, NOVEMBER = date(2026, 10, 12), date(2026, 11, 12)


@pytest.mark.parametrize(
    ("before", "after", "signals"),
    [(6, 40, [("thema", "wachttijd", "nieuw")]), (20, 26, []), (40, 6, [])],
    ids=["rises", "chance", "falls"],
)
async def test_a_theme_that_rises_is_a_signal_once_its_month_is_told(
    database: Database,
    catalogue: Catalogue,
    before: int,
    after: int,
    signals: list[tuple[str, str, str]],
) -> None:
    for day, hits in ((OCTOBER, before), (NOVEMBER, after)):
        texts = [ABOUT] * hits + [OTHER] * (60 - hits)
        await store(database, written(catalogue, texts, day=day))
        await look(database, catalogue, morning_after(day))
    of_themes = "select reason, theme, state from meetpunt.signal where reason = 'thema'"
    assert await rows(database, of_themes) == []
    for _ in range(2):
        await look(database, catalogue, morning_after(date(2026, 11, 30)))
        assert [tuple(row) for row in await rows(database, of_themes)] == signals

"""Themes of texts that are there already are found anew, where their language is known or plain."""

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.retagging import retag
from tests.conftest import Database

pytestmark = pytest.mark.anyio

PUT = """
    insert into lees.tekst (municipality, month, touchpoint, questionnaire, item, judgement,
        small_group, text, masked, themes)
    values ('GM9001', '2026-10-01', 1, 'balie', 'waarom', 'laag', false, $1, '{}', $2)
"""


async def test_a_published_text_is_not_taken_for_dutch_where_nobody_knows_its_language(
    database: Database, catalogue: Catalogue
) -> None:
    texts: dict[str, tuple[list[str], list[str]]] = {
        # Written on an English form, and nothing in it is plainly Dutch.
        "Wachtrij website.": ([], []),
        # On a Dutch form, where its language was known.
        "Lange wachtrij.": (["wachttijd"], ["wachttijd"]),
        # Whoever reads it sees what it is.
        "Ik stond een uur in de rij en het was niet mijn dag.": ([], ["wachttijd"]),
        "I had to wait in the queue for an hour and it was not my day.": ([], ["wachttijd"]),
    }
    async with database.superuser() as db:
        for text, (before, _) in texts.items():
            await db.execute(PUT, text, before)
    finder = catalogue.themes.finder("molensloot")
    async with database.connected("meetpunt_folder") as db:
        assert await retag(db, "GM9001", finder) == len(texts)
        assert await retag(db, "GM9001", finder) == 0
    async with database.superuser() as db:
        rows = await db.fetch("select text, themes, theme_version from lees.tekst")
    assert {row["text"]: row["themes"] for row in rows} == {
        text: after for text, (_, after) in texts.items()
    }
    assert {row["theme_version"] for row in rows} == {finder.version}

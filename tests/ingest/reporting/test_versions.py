"""A touchpoint that goes over to version 2: its figures go on, and a new one begins."""

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.reporting.responses import at_once, many, store
from tests.publishing import reads, seen
from tests.surveys import with_changed

pytestmark = pytest.mark.anyio

READER = "lezer_versies"
PATH = "molensloot/telefonie"


async def test_answers_to_both_versions_are_one_figure_and_what_is_new_counts_from_then_on(
    own_database: Database, catalogue: Catalogue
) -> None:
    before = with_changed(catalogue, PATH, version=1)
    asked = {"cijfer": 8, "vriendelijk": 4, "duidelijk": 4}
    await store(own_database, many(10, before, asked, at=PATH))
    await store(own_database, many(12, catalogue, {**asked, "wachttijd": 2}, at=PATH))
    assert await at_once(own_database, catalogue) == 22
    await reads(own_database, "molensloot", READER)
    told = await seen(
        own_database,
        READER,
        "select indicator, sum(n)::int as n from indicator_per_maand where kanaal = 'telefonie'"
        " group by indicator",
    )
    assert {row["indicator"]: row["n"] for row in told} == {
        "tevredenheid": 22, "vriendelijkheid": 22, "duidelijkheid": 22, "tijdigheid": 12,
    }  # fmt: skip
    versions = await seen(
        own_database, READER, "select distinct vragenlijst_versie from feit_reactie"
    )
    assert {row["vragenlijst_versie"] for row in versions} == {1, 2}

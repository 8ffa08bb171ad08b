"""What the doctor says of texts that came in before the themes of now."""

import pytest

from ingest.doctor import texts
from ingest.doctor.findings import Mark
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of
from tests.ingest.reporting.responses import one_response, store

pytestmark = pytest.mark.anyio


async def test_texts_without_the_themes_of_now_are_counted_and_the_way_out_is_named(
    database: Database, catalogue: Catalogue
) -> None:
    sight = sight_of(database)
    assert marks(await seen(sight, texts.examine)) == [Mark.OK]
    await store(database, [one_response(catalogue, texts=["Prima."])])
    told = sentences(await seen(sight, texts.examine), Mark.LOOK)
    assert "1 text of molensloot came in before" in told
    assert "meetpunt themes retag molensloot" in told

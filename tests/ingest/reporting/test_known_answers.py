"""What the municipality knows finds no row: see decision 0008."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ingest.files.findings import FilesRejected
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import CallBacks, Contacts
from ingest.reporting.plan import plan_of
from tests.conftest import Database
from tests.example import example_directory
from tests.ingest.reporting.responses import (
    MONDAY,
    invited,
    look,
    many,
    morning_after,
    one_response,
    readable,
    store,
)
from tests.installation import Installation

pytestmark = pytest.mark.anyio

PERMIT, CALL_BACK = "molensloot/vergunning", "molensloot/terugbelverzoek"
TOLD = "answers ->> 'uitkomst', answers ->> 'cijfer'"


async def test_a_decision_that_the_municipality_took_is_shown_where_ten_got_it(
    database: Database, catalogue: Catalogue
) -> None:
    granted = {"cijfer": 8, "uitkomst": "toegekend"}
    refused = {"cijfer": 2, "uitkomst": "geweigerd"}
    await store(
        database,
        [
            *invited(20, catalogue, at=PERMIT, answers=granted),
            *invited(9, catalogue, at=PERMIT, answers=refused),
        ],
    )
    assert (await look(database, catalogue, morning_after())).responses == 29
    # Nine were refused: with ten who were granted, that nobody tells of either.
    assert await readable(database, TOLD) == [(None, "2")] * 9 + [(None, "8")] * 20
    await store(database, invited(10, catalogue, at=PERMIT, answers=refused))
    await look(database, catalogue, morning_after(MONDAY + timedelta(days=1)))
    assert ("geweigerd", "2") in await readable(database, TOLD)


async def test_what_is_only_asked_after_a_known_answer_goes_with_it(
    database: Database, catalogue: Catalogue
) -> None:
    called = {"cijfer": 8, "teruggebeld": "ja", "duidelijk": 4}
    await store(
        database,
        [
            *invited(9, catalogue, at=CALL_BACK, answers=called),
            *invited(9, catalogue, at=CALL_BACK, answers={"cijfer": 3, "teruggebeld": "nee"}),
        ],
    )
    await look(database, catalogue, morning_after())
    shown = await readable(database, "answers - 'cijfer'")
    assert shown == [("{}",)] * 18


def test_whether_somebody_was_called_back_is_known_where_open_klant_tells_us_of_promises(
    catalogue: Catalogue,
) -> None:
    asked = catalogue.questionnaire(catalogue.touchpoint("molensloot", "terugbelverzoek"))
    assert _known(catalogue, asked.structure) == {"teruggebeld"}
    # Of its own accord, where no file lists it.
    for touchpoint, known in (("terugbelverzoek", {"teruggebeld"}), ("telefonie", set())):
        promises = CallBacks(queue=Queue(touchpoint=touchpoint))
        contacts = Contacts(url="https://klant.example/api/v1", key_file="key", callbacks=promises)
        municipalities = [
            replace(
                each,
                contacts=contacts if each.slug == "molensloot" else None,
                touchpoints=tuple(replace(one, known=()) for one in each.touchpoints),
            )
            for each in catalogue.municipalities.values()
        ]
        files = Catalogue(municipalities, catalogue.questionnaires)
        assert _known(files, asked.structure) == known


def _known(files: Catalogue, structure: str) -> set[str]:
    return {each.item for each in plan_of(files).known.get(structure, ())}


def test_an_item_that_nobody_asks_is_no_item_to_know(tmp_path: Path) -> None:
    place = Installation(tmp_path)
    text = (example_directory() / "molensloot.toml").read_text("utf-8")
    (place.config / "molensloot.toml").write_text(text.replace('"teruggebeld"', '"terugebeld"'))
    shutil.copy(example_directory() / "molensloot.svg", place.config)
    with pytest.raises(FilesRejected) as refused:
        load_catalogue(place.config, questionnaires_directory())
    assert "terugbelverzoek asks no 'terugebeld'; did you mean 'teruggebeld'?" in str(refused.value)


async def test_a_row_that_cannot_be_published_keeps_no_other_municipality_waiting(
    database: Database, catalogue: Catalogue
) -> None:
    odd = one_response(catalogue, day=date(2026, 10, 1))
    fine = many(10, catalogue, at="waterakker/balie-hal")
    await store(database, [*many(10, catalogue), odd, *fine])
    async with database.superuser() as db:
        await db.execute("update meetpunt.response set dimensions = '{\"product\": [1]}'")
        await db.execute(
            "update meetpunt.response set dimensions = '{}' where municipality <> 'GM9001'"
        )
    published = await look(database, catalogue, morning_after())
    assert published.failed.keys() == {"GM9001"}
    assert published.responses == 10
    assert await readable(database, "municipality") == [("GM9002",)] * 10

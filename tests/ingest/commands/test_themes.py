"""`meetpunt themes`: how well themes are found, which words are missing, and finding them anew."""

import asyncio
import json
from functools import partial
from pathlib import Path

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run
from tests.ingest.reporting.responses import look, morning_after, one_response, rows, store

LABELS = """\
text,themes,language
Stond een uur in de rij,wachttijd,nl
Top,wachttijd,nl
Een uur in de rij en niet opgenomen,bereikbaarheid,nl
Vriendelijk en duidelijk,duidelijkheid vriendelijkheid,nl
I had to wait for an hour,wachttijd,en
"""


@pytest.fixture
def run(run: type_of_run, database: Database) -> type_of_run:
    return partial(run, MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"))


def test_precision_and_recall_are_told_by_theme_and_language_and_no_text(
    run: type_of_run, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text(LABELS, "utf-8")
    said = run("themes", "check", str(labels)).stdout
    assert "5 texts, version 1." in said
    assert (
        "  wachttijd            precision 0.67, recall 0.67  (right 2, found 3, labelled 3)" in said
    )
    assert "en:" in said
    assert "rij" not in said
    told = json.loads(run("themes", "check", str(labels), "--json").stdout)
    english = next(
        one for one in told["scores"] if (one["language"], one["theme"]) == ("en", "wachttijd")
    )
    assert (english["precision"], english["recall"]) == (1, 1)


def test_labels_that_name_no_theme_are_told_with_their_line(
    run: type_of_run, tmp_path: Path
) -> None:
    labels = tmp_path / "labels.csv"
    labels.write_text("text,themes\nTop,wachtijd\n", "utf-8")
    said = run("themes", "check", str(labels), exit_code=1).output
    assert f"{labels}:2: there is no theme wachtijd." in said


def test_words_are_suggested_that_ten_wrote_and_themes_are_found_anew(
    run: type_of_run, database: Database, catalogue: Catalogue
) -> None:
    low = [
        one_response(catalogue, {"cijfer": 2}, texts=[f"Stempelkussen kapot, rij te lang. {word}"])
        for word in ("Zonnebloem", *["Niets"] * 11)
    ]
    high = [one_response(catalogue, {"cijfer": 9}, texts=["Prima."]) for _ in range(12)]

    async def publish() -> None:
        await store(database, [*low, *high])
        await look(database, catalogue, morning_after())

    asyncio.run(publish())
    said = run("themes", "suggest", "molensloot").stdout
    assert "stempelkussen, 12, 0" in said
    assert "zonnebloem" not in said.lower()
    assert "Stempelkussen kapot" not in said
    # They appeared with themes of before there were any.
    asyncio.run(forget(database))
    assert "24 texts of Molensloot have their themes by version 1" in run(
        "themes", "retag", "molensloot"
    ).stdout.replace("\n", " ")
    assert asyncio.run(versions(database)) == {"1"}
    assert "0 texts" in run("themes", "retag", "molensloot").stdout
    trail = json.loads(run("audit", "--json").stdout)
    assert [(line["action"], line["object"]) for line in trail if line["outcome"] == "done"] == [
        ("suggest-themes", "molensloot: 24 texts"),
        ("retag-themes", "molensloot: 24 texts, version 1"),
        ("retag-themes", "molensloot: 0 texts, version 1"),
    ]


async def forget(database: Database) -> None:
    await rows(database, "update lees.tekst set themes = '{}', theme_version = ''")


async def versions(database: Database) -> set[str]:
    return {version for (version,) in await rows(database, "select theme_version from lees.tekst")}


def test_a_municipality_that_is_not_there_is_named(run: type_of_run) -> None:
    assert "no municipality 'nergens'" in run("themes", "retag", "nergens", exit_code=1).output


def test_where_the_database_lacks_a_theme_of_the_files_it_is_migrated_first(
    database: Database, run: type_of_run
) -> None:
    """A reader would see a code, and no name of it in `dim_thema`."""
    change = "update meetpunt.theme set version = version {} 100 where theme = 'wachttijd'"
    asyncio.run(rows(database, change.format("+")))
    try:
        told = run("themes", "retag", "molensloot", exit_code=1).output
    finally:
        asyncio.run(rows(database, change.format("-")))
    assert "run 'meetpunt migrate' first" in told

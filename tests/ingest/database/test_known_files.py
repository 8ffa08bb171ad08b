"""What the database knows and what the files say: what cannot both be, and what it still lacks."""

from typing import Any

import msgspec
import pytest

from ingest.database.known_files import (
    KnownFiles,
    KnownTouchpoint,
    contradictions,
    known_files,
    lacks,
    lacks_themes,
)
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.groups import Group
from tests.conftest import Database


@pytest.fixture(params=["meetpunt_ingest", "meetpunt_folder"])
async def known(database: Database, request: pytest.FixtureRequest) -> KnownFiles:
    """What a database that was just migrated knows, as the service and who publishes see it."""
    async with database.connected(request.param) as db:
        return await known_files(db)


def changed(known: KnownFiles, **changes: Any) -> KnownFiles:
    return msgspec.structs.replace(known, **changes)


pytestmark = pytest.mark.anyio


async def test_a_database_that_was_just_migrated_is_in_step(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    assert contradictions(known, catalogue) == []
    assert not lacks(known, catalogue)


async def test_a_batch_that_the_database_does_not_know_yet_is_noticed(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    smaller = tuple(msgspec.structs.replace(each, batch=3) for each in known.touchpoints[:1])
    assert lacks(changed(known, touchpoints=smaller + known.touchpoints[1:]), catalogue)


async def test_a_theme_that_the_database_does_not_know_yet_is_noticed(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    """A reader would see its code, and no name of it; residents can answer."""
    assert not lacks_themes(known, catalogue)
    fewer = changed(known, themes=frozenset(sorted(known.themes)[1:]))
    assert lacks_themes(fewer, catalogue)
    assert not lacks(fewer, catalogue)


async def test_a_touchpoint_that_the_files_lost_is_named(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    lost = KnownTouchpoint(
        number=4242, municipality="molensloot", slug="loket", fictional=False, batch=10
    )
    (finding,) = contradictions(changed(known, touchpoints=(lost,)), catalogue)
    assert "molensloot/loket (number 4242) has vanished" in finding.message


async def test_a_number_that_was_given_away_is_named(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    first = msgspec.structs.replace(known.touchpoints[0], slug="loket")
    (finding,) = contradictions(changed(known, touchpoints=(first,)), catalogue)
    assert f"number {first.number} belongs to touchpoint {first.path}" in finding.message


async def test_a_municipality_whose_code_changed_is_named(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    (finding,) = contradictions(
        changed(known, codes=known.codes | {"rietbroek": "GM9009"}), catalogue
    )
    assert "the slug rietbroek belongs to GM9009 in this database, not to GM9003" in finding.message


async def test_a_municipality_that_took_another_slug_is_named(
    known: KnownFiles, catalogue: Catalogue
) -> None:
    codes = {("riet" if slug == "rietbroek" else slug): code for slug, code in known.codes.items()}
    (finding,) = contradictions(changed(known, codes=codes), catalogue)
    assert "GM9003 has the slug riet in this database, not rietbroek" in finding.message


@pytest.mark.parametrize(
    ("left", "name"),
    [("noord", "bi_noord"), ("noord-texts", "meetpunt_reads_bi_noord_texts")],
)
async def test_a_group_named_like_a_municipality_that_left_the_files_is_named(
    known: KnownFiles, catalogue: Catalogue, left: str, name: str
) -> None:
    group = Group(slug="noord", name="Noord", members=("molensloot", "waterakker"))
    files = Catalogue(catalogue.municipalities.values(), catalogue.questionnaires, groups=[group])
    (finding,) = contradictions(changed(known, codes=known.codes | {left: "GM9009"}), files)
    assert finding.path == "groups/noord.toml"
    assert f"the name '{name}' belongs to {left}" in finding.message


@pytest.mark.parametrize("what", ["versions", "structures"])
async def test_one_version_or_structure_too_few_is_noticed(
    known: KnownFiles, catalogue: Catalogue, what: str
) -> None:
    one, *rest = sorted(getattr(known, what))
    assert lacks(changed(known, **{what: frozenset(rest)}), catalogue), one

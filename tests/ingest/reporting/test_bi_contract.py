"""What a reader's schema promised is kept, or has a new version; and the page says what is there.

After a change that is meant:

    meetpunt db dictionary --json > tests/contract/bi.json
    meetpunt db dictionary > docs/bi.md
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from ingest.commands.meetpunt import meetpunt
from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.groups import Group
from ingest.reporting.dictionary import (
    Column,
    Contract,
    View,
    broken_promises,
    contract_text,
    dictionary_page,
    read_contract,
)
from tests.conftest import Database
from tests.example import SINCE
from tests.postgres import create_database, drop_database, running_postgres, versions

ROOT = Path(__file__).resolve().parents[3]
FROZEN = ROOT / "tests" / "contract" / "bi.json"
PAGE = ROOT / "docs" / "bi.md"

on_every_version = pytest.mark.parametrize("postgres_version", versions())


def frozen() -> Contract:
    return msgspec.json.decode(FROZEN.read_bytes(), type=Contract)


def in_the(database: Database, schema: str = "bi_molensloot") -> Contract:
    async def look() -> Contract:
        async with database.connected("meetpunt_owner") as owner:
            return await read_contract(owner, schema)

    return asyncio.run(look())


@on_every_version
def test_no_column_changed_without_a_new_version(database: Database) -> None:
    broken = broken_promises(frozen(), in_the(database))
    assert not broken, (
        "Reports that others built break on this: "
        + "; ".join(broken)
        + ". Change it back, or raise VERSION in ingest/database/reading.py and freeze it anew."
    )


@on_every_version
def test_everything_that_is_there_is_frozen(database: Database) -> None:
    assert FROZEN.read_text("utf-8") == contract_text(in_the(database)), (
        "The views of readers are not those of tests/contract/bi.json. Is the change meant? Then "
        "write it anew: meetpunt db dictionary --json > tests/contract/bi.json"
    )


def test_the_page_says_what_the_database_says(database: Database) -> None:
    assert PAGE.read_text("utf-8") == dictionary_page(in_the(database)), (
        "docs/bi.md is behind the database; write it anew: meetpunt db dictionary > docs/bi.md"
    )


@on_every_version
def test_every_view_and_column_is_explained_and_none_is_of_a_loose_type(
    database: Database,
) -> None:
    for name, view in in_the(database).views.items():
        assert view.comment, f"{name} has no comment"
        for column, about in view.columns.items():
            assert about.comment, f"{name}.{column} has no comment"
            assert about.type not in ("name", '"char"', "real"), f"{name}.{column}"


@on_every_version
def test_every_reader_has_the_same_views_a_group_too(
    own_database: Database, catalogue: Catalogue
) -> None:
    """So a dashboard that names no schema works for all of them."""
    group = Group(slug="waterland", name="Waterland", members=("molensloot", "rietbroek"))
    files = Catalogue(catalogue.municipalities.values(), catalogue.questionnaires, groups=[group])

    async def mirror() -> None:
        async with own_database.connected("meetpunt_owner") as owner:
            await mirror_files(owner, files, SINCE)

    asyncio.run(mirror())
    one = in_the(own_database)
    assert one.views
    for slug in ("waterakker", "rietbroek", "duinrade", "waterland"):
        assert in_the(own_database, f"bi_{slug}") == one, slug


PLAIN = Contract(
    version="1",
    views={
        "feit": View(
            comment="Een rij per feit.",
            columns={
                "datum": Column(type="date", comment="De dag."),
                "n": Column(type="bigint", comment="Het aantal."),
            },
        )
    },
)


def changed(**columns: Column) -> Contract:
    return replace(PLAIN, views={"feit": replace(PLAIN.views["feit"], columns=columns)})


DAY, COUNT = PLAIN.views["feit"].columns.values()


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (changed(dag=DAY, n=COUNT), "feit.datum is gone, or has another name"),
        (changed(n=COUNT), "feit.datum is gone, or has another name"),
        (
            changed(datum=replace(DAY, type="text"), n=COUNT),
            "feit.datum changed its type from date to text",
        ),
        (
            changed(datum=replace(DAY, comment="De maand."), n=COUNT),
            "feit.datum changed its meaning; it was: De dag.",
        ),
        (
            replace(PLAIN, views={"feit": replace(PLAIN.views["feit"], comment="Een rij.")}),
            "feit changed its meaning; it was: Een rij per feit.",
        ),
        (replace(PLAIN, views={}), "feit is gone"),
    ],
)
def test_another_name_type_or_meaning_breaks_a_promise_until_the_version_says_so(
    now: Contract, sentence: str
) -> None:
    assert broken_promises(PLAIN, now) == [sentence]
    assert broken_promises(PLAIN, replace(now, version="2")) == []


def test_what_is_new_breaks_nothing() -> None:
    more = changed(datum=DAY, n=COUNT, extra=DAY)
    more = replace(more, views={**more.views, "nieuw": PLAIN.views["feit"]})
    assert broken_promises(PLAIN, more) == []


def test_a_contract_survives_freezing() -> None:
    assert msgspec.json.decode(contract_text(PLAIN), type=Contract) == PLAIN


def test_a_comment_cannot_break_its_table() -> None:
    page = dictionary_page(changed(datum=replace(DAY, comment="a | b\nc")))
    assert "| `datum` | date | a \\| b c |" in page


def test_a_change_in_the_database_is_seen(own_database: Database) -> None:
    async def alter() -> None:
        async with own_database.superuser() as owner:
            await owner.execute(
                "alter view bi_molensloot.dim_kanaal rename column naam to kanaalnaam;"
                " comment on column bi_molensloot.dim_datum.week is 'Zondag van de week.'"
            )

    asyncio.run(alter())
    assert [sentence.partition(";")[0] for sentence in broken_promises(
        frozen(), in_the(own_database)
    )] == [
        "dim_datum.week changed its meaning",
        "dim_kanaal.naam is gone, or has another name",
    ]  # fmt: skip


def test_a_schema_without_a_version_is_refused(own_database: Database) -> None:
    async def forget() -> None:
        async with own_database.connected("meetpunt_owner") as owner:
            await owner.execute("comment on schema bi_molensloot is 'Wat rapportmakers lezen'")

    asyncio.run(forget())
    with pytest.raises(LookupError, match="no version"):
        in_the(own_database)


@pytest.fixture
def run(database: Database, tmp_path: Path) -> Callable[..., str]:
    settings = {
        "MEETPUNT_DATABASE_URL": database.ingest,
        "MEETPUNT_OWNER_URL": database.owner,
        "MEETPUNT_DATA": str(tmp_path),
    }

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(meetpunt, ("db", "dictionary", *arguments), env=settings)
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_a_database_without_readers_schemas_says_what_to_run(postgres_version: int) -> None:
    server = running_postgres(postgres_version)
    name = f"bare_{uuid4().hex}"

    async def prepare() -> None:
        await create_database(server, name)
        async with Database(server, name).connected("meetpunt_owner") as owner:
            await migrate(owner)

    asyncio.run(prepare())
    settings = {"MEETPUNT_OWNER_URL": Database(server, name).owner}
    result = CliRunner().invoke(meetpunt, ("db", "dictionary"), env=settings)
    assert result.exit_code == 1
    assert "run 'meetpunt migrate' first" in result.output
    asyncio.run(drop_database(server, name))


def test_the_command_writes_both_files(run: Callable[..., str]) -> None:
    assert run() == PAGE.read_text("utf-8")
    assert run("--json") == FROZEN.read_text("utf-8")

"""The worlds of readers are made once, kept up where something changed, and else left alone."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from ingest.database import views
from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.database.readers import grant_reader, list_readers
from ingest.database.turns import alone
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.groups import Group
from ingest.municipalities.schemas import region_schema
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.example import SINCE
from tests.postgres import QUICK, create_database, newest_first, programs_of, versions
from tests.publishing import reading, reads, seen

pytestmark = pytest.mark.anyio
on_every_version = pytest.mark.parametrize("postgres_version", versions())
# Each is a second; on the oldest the others show the same rights given and taken.
on_the_newest_first = pytest.mark.parametrize("postgres_version", newest_first())

READER = "lezer_werelden"
PAPER = Path(__file__).resolve().parents[3] / "docs" / "schema.md"
MOLENSLOOT = views.World(
    slug="molensloot",
    codes=("GM9001",),
    municipal=("lees_molensloot",),
    regional=(),
)
GROUP = Group(slug="waterland", name="Waterland", members=("molensloot", "rietbroek"))


def files(catalogue: Catalogue, *groups: Group, **regions: str) -> Catalogue:
    """The same municipalities with these groups, some of them in another region."""
    return Catalogue(
        [
            replace(each, region=regions.get(each.slug, each.region))
            for each in catalogue.municipalities.values()
        ],
        catalogue.questionnaires,
        groups=groups,
    )


async def mirror(database: Database, catalogue: Catalogue) -> None:
    async with database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, catalogue, SINCE)


Things = dict[str, int]

# What is made anew has another oid.
EVERYTHING = """
    select nspname || '.' || relname as name, pg_class.oid::bigint from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace where nspname ~ '^(bi|lees)'
    union all
    select nspname, oid::bigint from pg_namespace where nspname ~ '^(bi|lees)'
    union all
    select proname || pronamespace::regnamespace, oid::bigint from pg_proc
    where pronamespace::regnamespace::text ~ '^bi'
    union all
    select rolname, oid::bigint from pg_roles where rolname ~ '^meetpunt'
"""


async def things(database: Database) -> Things:
    async with database.superuser() as db:
        return dict(await db.fetch(EVERYTHING))


async def row_of(database: Database, table: str, **values: Any) -> None:
    """A row as publishing leaves one."""
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    async with database.connected("meetpunt_folder") as folder:
        await folder.execute(
            f"insert into lees.{table} ({', '.join(values)}) values ({places})", *values.values()
        )


# --- Once, and again -----------------------------------------------------------------------------


async def test_a_world_that_is_there_is_left_alone(
    own_database: Database, catalogue: Catalogue
) -> None:
    before = await things(own_database)
    assert {"bi_molensloot", "lees_molensloot.reactie", "bi_duinrade.stand"} <= before.keys()
    heard: list[str] = []
    async with own_database.connected("meetpunt_owner") as owner:
        owner.add_query_logger(lambda query: heard.append(query.query))
        await mirror_files(owner, catalogue, SINCE)
    assert await things(own_database) == before
    made = ("create", "drop", "grant", "revoke", "comment", "alter")
    assert not [query for query in heard if query.lstrip().startswith(made)]


@on_the_newest_first
async def test_a_municipality_that_is_new_gets_a_world_and_the_others_keep_theirs(
    own_database: Database, catalogue: Catalogue
) -> None:
    before = await things(own_database)
    new = replace(
        catalogue.municipality("molensloot"),
        slug="bergen-nh",
        code="GM9010",
        touchpoints=(),
        targets=(),
    )
    more = Catalogue([*catalogue.municipalities.values(), new], catalogue.questionnaires)
    await mirror(own_database, more)
    after = await things(own_database)
    assert before.items() <= after.items()
    assert {"bi_bergen_nh", "bi_bergen_nh.feit_reactie", "lees_bergen_nh.reactie"} <= after.keys()
    assert all("bergen_nh" in name for name in after.keys() - before.keys())
    await reads(own_database, "bergen-nh", READER)
    assert await seen(own_database, READER, "select * from feit_reactie") == []


async def test_each_municipality_is_a_transaction_of_its_own(
    own_database: Database, catalogue: Catalogue
) -> None:
    """Of four that are new the second fails: the first is there, whole, and the rest follows.

    What is published lands somewhere for all of them.
    """
    slugs = ("aa", "bb", "cc", "dd")
    new = [
        replace(
            catalogue.municipality("molensloot"),
            slug=slug,
            code=f"GM902{nth}",
            touchpoints=(),
            targets=(),
        )
        for nth, slug in enumerate(slugs)
    ]
    more = Catalogue([*catalogue.municipalities.values(), *new], catalogue.questionnaires)
    async with own_database.superuser() as db:
        await db.execute("create schema bi_bb")  # of somebody else
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await mirror(own_database, more)
    there = await things(own_database)
    assert {"bi_aa.stand", *(f"lees_{slug}.reactie" for slug in slugs)} <= there.keys()
    assert not {"bi_bb.stand", "bi_cc", "bi_dd"} & there.keys()
    async with own_database.superuser() as db:
        await db.execute("drop schema bi_bb")
    await mirror(own_database, more)
    assert {f"bi_{slug}.stand" for slug in slugs} <= (await things(own_database)).keys()


async def test_a_reader_who_holds_a_view_keeps_no_new_municipality_from_its_partitions(
    own_database: Database,
    catalogue: Catalogue,
    view_files: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.database.mirror.alone", partial(alone, patience_seconds=0.5))
    new = replace(
        catalogue.municipality("molensloot"),
        slug="nieuwendam",
        code="GM9030",
        touchpoints=(),
        targets=(),
    )
    more = Catalogue([*catalogue.municipalities.values(), new], catalogue.questionnaires)
    rewrite(view_files / "dim_kanaal.sql", "name as naam", "upper(name) as naam")
    await reads(own_database, "molensloot", READER)
    async with reading(own_database, READER) as held, held.transaction():
        await held.fetch("select * from dim_kanaal")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await mirror(own_database, more)
        assert "lees_nieuwendam.reactie" in await things(own_database)
    await mirror(own_database, more)
    assert "bi_nieuwendam.stand" in await things(own_database)


async def test_of_two_that_migrate_at_once_both_come_to_an_end(
    own_database: Database, catalogue: Catalogue
) -> None:
    more = files(catalogue, GROUP, replace(GROUP, slug="nog-een"))
    await asyncio.gather(*(mirror(own_database, more) for _ in range(3)))
    assert {"bi_waterland.stand", "bi_nog_een.stand"} <= (await things(own_database)).keys()


# --- Views that change ---------------------------------------------------------------------------


@pytest.fixture
def view_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The files of the views, to be changed; those of the next version, as it were."""
    folder = tmp_path / "views"
    shutil.copytree(views.VIEWS, folder)
    monkeypatch.setattr(views, "VIEWS", folder)
    forget()
    yield folder
    forget()


def forget() -> None:
    """A new version is a new process, which reads the files anew."""
    views._files.cache_clear()
    views._comments.cache_clear()


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    forget()


async def test_a_view_whose_text_changed_is_made_anew_everywhere_and_no_other_is(
    own_database: Database, catalogue: Catalogue, view_files: Path
) -> None:
    await reads(own_database, "molensloot", READER)
    before = await things(own_database)
    rewrite(view_files / "dim_kanaal.sql", "name as naam", "upper(name) as naam")
    await mirror(own_database, catalogue)
    after = await things(own_database)
    assert {name for name in after if after[name] != before[name]} == {
        f"bi_{slug}.dim_kanaal" for slug in catalogue.municipalities
    }
    (row,) = await seen(own_database, READER, "select naam from dim_kanaal where kanaal = 'balie'")
    assert row["naam"] == "BALIE"


async def test_a_view_with_a_changed_part_another_column_or_another_word_is_made_anew_too(
    own_database: Database, catalogue: Catalogue, view_files: Path
) -> None:
    before = await things(own_database)
    rewrite(
        view_files / "parts" / "reactie.sql",
        "response.language as taal",
        "upper(response.language) as taal",
    )
    rewrite(
        view_files / "dim_kanaal.sql", "name as naam, ", "name as naam, length(name) as nieuw, "
    )
    words = view_files / "comments.toml"
    rewrite(words, "[dim_kanaal]\n", '[dim_kanaal]\nnieuw = "Iets nieuws."\n')
    rewrite(words, 'dag_naam = "Nederlandse naam', 'dag_naam = "De naam')
    await mirror(own_database, catalogue)
    after = await things(own_database)
    changed = {name for name in after if after[name] != before[name]}
    assert {name for name in changed if name.startswith("bi_molensloot")} == {
        f"bi_molensloot.{view}"
        for view in ("feit_reactie", "feit_verdacht", "dim_kanaal", "dim_datum")
    }


async def test_a_view_whose_file_is_gone_is_gone(
    own_database: Database, catalogue: Catalogue, view_files: Path
) -> None:
    before = await things(own_database)
    (view_files / "stand.sql").unlink()
    forget()
    await mirror(own_database, catalogue)
    after = await things(own_database)
    gone = {f"bi_{slug}.stand" for slug in catalogue.municipalities}
    assert before.keys() - after.keys() == gone
    assert {name for name in after if after[name] != before[name]} == set()
    # And comes back with its file.
    shutil.copy(Path(views.__file__).parent / "views" / "stand.sql", view_files)
    forget()
    await mirror(own_database, catalogue)
    assert gone <= (await things(own_database)).keys()


async def test_a_column_without_words_stops_the_migration_and_nothing_changed(
    own_database: Database, catalogue: Catalogue, view_files: Path
) -> None:
    before = await things(own_database)
    rewrite(
        view_files / "dim_kanaal.sql", "name as naam, ", "name as naam, length(name) as nieuw, "
    )
    with pytest.raises(LookupError, match=r"says nothing of dim_kanaal\.nieuw"):
        await mirror(own_database, catalogue)
    assert await things(own_database) == before


@on_the_newest_first
async def test_a_migration_alters_a_column_as_the_paper_says_and_the_views_come_back(
    own_database: Database, catalogue: Catalogue
) -> None:
    before = await things(own_database)
    alter = "alter table lees.stand alter column waiting type integer"
    (drop,) = re.findall(r"```sql\n(.*?)```", PAPER.read_text("utf-8"), re.DOTALL)
    async with own_database.connected("meetpunt_owner") as owner:
        with pytest.raises(asyncpg.FeatureNotSupportedError):
            await owner.execute(alter)
        async with owner.transaction():
            # Other views read it as well.
            for view in views.views_of(MOLENSLOOT):
                if "lees_molensloot.stand as stand" in view.sql:
                    await owner.execute(drop.replace("'stand'", f"'{view.name}'"))
            await owner.execute(alter)
        await mirror_files(owner, catalogue, SINCE)
    assert (await things(own_database)).keys() == before.keys()


async def test_a_version_that_changed_is_told_in_schemas_that_are_there(
    own_database: Database, catalogue: Catalogue
) -> None:
    told = "select obj_description('bi_molensloot'::regnamespace, 'pg_namespace')"
    async with own_database.connected("meetpunt_owner") as owner:
        now = await owner.fetchval(told)
        # As a version of Meetpunt that promised something else left it.
        await owner.execute(
            "comment on schema bi_molensloot is 'Wat rapportmakers lezen, versie 0';"
            " update meetpunt.applied_view set sha256 = 'other' where view_name = ''"
        )
        await mirror_files(owner, catalogue, SINCE)
        assert await owner.fetchval(told) == now


# --- Regions and groups --------------------------------------------------------------------------


async def figure(database: Database, region: str, municipality: str, n: int) -> None:
    """What the region was told of one municipality over a month."""
    key = {
        "region": region, "grain": "month", "period": SINCE, "channel": "balie",
        "core": "balie/1", "indicator": "tevredenheid", "kind": "mark",
    }  # fmt: skip
    await row_of(
        database, "gepubliceerd", **key, municipality=municipality, revision=0, latest=True,
        published_on=SINCE, small_group=False, n=n, total=n * 7, le_6=0, lt_6=0, ge_8=0,
    )  # fmt: skip
    async with database.superuser() as db:
        await db.execute(
            "insert into lees.gepubliceerd_regio (region, grain, period, channel, core, indicator,"
            " kind, municipalities, hidden) values ($1, $2, $3, $4, $5, $6, $7, 3, 0)"
            " on conflict do nothing",
            *key.values(),
        )


async def test_a_municipality_that_moves_compares_with_its_new_region_alone(
    own_database: Database, catalogue: Catalogue
) -> None:
    await reads(own_database, "molensloot", READER)
    region = catalogue.municipality("molensloot").region
    await mirror(own_database, files(catalogue, duinrade="elders", molensloot="elders"))
    await figure(own_database, region, "GM9002", 40)
    await figure(own_database, "elders", "GM9004", 50)
    compared = "select gemeente_code, n from benchmark_regio where not eigen"
    rows = await seen(own_database, READER, compared)
    assert [tuple(row) for row in rows] == [("GM9004", 50)]
    (own,) = await seen(own_database, READER, "select regio from dim_gemeente where eigen")
    assert own["regio"] == "elders"
    # And back: what was told while it was away, it may read.
    await mirror(own_database, catalogue)
    rows = await seen(own_database, READER, compared)
    assert [tuple(row) for row in rows] == [("GM9002", 40)]
    assert f"{region_schema('elders')}.gepubliceerd" in await things(own_database)


@on_the_newest_first
async def test_a_group_reads_the_rows_of_its_members_as_one_and_of_nobody_else(
    own_database: Database, catalogue: Catalogue
) -> None:
    await mirror(own_database, files(catalogue, GROUP))
    await reads(own_database, "waterland", READER)
    for code in ("GM9001", "GM9002", "GM9003", "GM9004"):
        await row_of(
            own_database, "cijfer", municipality=code, grain="month", period=SINCE,
            channel="balie", indicator="gemak", kind="mark", given=[0] * 7 + [10, 0, 0],
            small_group=False,
        )  # fmt: skip
    rows = await seen(own_database, READER, "select gemeente_code, n from indicator_per_maand")
    assert sorted(tuple(row) for row in rows) == [("GM9001", 10), ("GM9003", 10)]
    rows = await seen(own_database, READER, "select gemeente_code from dim_gemeente where eigen")
    assert {row["gemeente_code"] for row in rows} == {"GM9001", "GM9003"}
    rows = await seen(own_database, READER, "select distinct gemeente_code from dim_meetpunt")
    assert {row["gemeente_code"] for row in rows} == {"GM9001", "GM9003"}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen(own_database, READER, "select * from bi_molensloot.stand")


async def test_the_views_of_a_group_follow_its_members(
    own_database: Database, catalogue: Catalogue
) -> None:
    await mirror(own_database, files(catalogue, GROUP))
    await reads(own_database, "waterland", READER)
    before = await things(own_database)
    await mirror(own_database, files(catalogue, replace(GROUP, members=("molensloot", "duinrade"))))
    after = await things(own_database)
    assert all(
        name.startswith("bi_waterland.") for name in after if after[name] != before.get(name)
    )
    rows = await seen(own_database, READER, "select distinct gemeente_code from dim_meetpunt")
    assert {row["gemeente_code"] for row in rows} == {"GM9001", "GM9004"}
    async with own_database.superuser() as db:
        told = await db.fetchval(
            "select prosrc from pg_proc where pronamespace = 'bi_waterland'::regnamespace"
        )
    assert "(GM9001 GM9004)" in told


@on_the_newest_first
async def test_a_group_that_is_removed_takes_its_readers_rights_with_it(
    own_database: Database, catalogue: Catalogue
) -> None:
    before = await things(own_database)
    await mirror(own_database, files(catalogue, GROUP))
    await reads(own_database, "waterland", READER, free_text=True)
    await reads(own_database, "duinrade", READER)
    await mirror(own_database, catalogue)
    after = await things(own_database)
    roles = {"meetpunt_reads_bi_waterland", "meetpunt_reads_bi_waterland_texts"}
    assert after.keys() - roles == before.keys() - roles
    async with own_database.connected("meetpunt_owner") as owner:
        assert [reader.schema for reader in await list_readers(owner)] == ["bi_duinrade"]
        # Another group of that name is not theirs.
        await mirror_files(owner, files(catalogue, GROUP), SINCE)
        assert [reader.schema for reader in await list_readers(owner)] == ["bi_duinrade"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen(own_database, READER, "select * from bi_waterland.stand")
    await mirror(own_database, catalogue)


@on_the_newest_first
async def test_a_group_that_somebody_reads_leaves_whole_or_not_at_all(
    own_database: Database, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.database.mirror.alone", partial(alone, patience_seconds=0.5))
    await mirror(own_database, files(catalogue, GROUP))
    await reads(own_database, "waterland", READER)
    async with reading(own_database, READER) as held, held.transaction():
        await held.fetch("select * from bi_waterland.stand")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await mirror(own_database, catalogue)
    # The bare name too: where it looks is as it was.
    await seen(own_database, READER, "select * from stand")
    await mirror(own_database, catalogue)
    with pytest.raises(asyncpg.UndefinedTableError):
        await seen(own_database, READER, "select * from stand")


@on_the_newest_first
async def test_a_role_of_readers_loses_a_group_that_is_removed_as_well(
    own_database: Database, catalogue: Catalogue
) -> None:
    await mirror(own_database, files(catalogue, GROUP))
    team = "ploeg_waterland"
    async with own_database.superuser() as db:
        await db.execute(f"create role {team} nologin")
    try:
        async with own_database.connected("meetpunt_owner") as owner:
            await owner.execute(
                f"grant meetpunt_reads_bi_waterland, meetpunt_reads_bi_waterland_texts to {team}"
            )
            await mirror_files(owner, catalogue, SINCE)
            await mirror_files(owner, files(catalogue, GROUP), SINCE)
            for view in ("stand", "toelichting"):
                reads_it = "select has_table_privilege($1, 'bi_waterland.' || $2, 'select')"
                assert not await owner.fetchval(reads_it, team, view)
            await mirror_files(owner, catalogue, SINCE)
    finally:
        async with own_database.superuser() as db:
            await db.execute(f"drop role {team}")


# --- What is left behind -------------------------------------------------------------------------


BECOMES = """
    select rolname from pg_roles
    where rolname in ('meetpunt_views', 'meetpunt_audit') and pg_has_role('meetpunt_owner', oid, $1)
"""


@on_every_version
async def test_the_owner_is_not_left_a_member_of_who_reads_everything(
    own_database: Database, postgres_version: int
) -> None:
    async with own_database.superuser() as db:
        # From 16 on who made a role may hand it out, and so stays a member who cannot be it.
        kind = "member" if postgres_version < 16 else "set"
        assert await db.fetch(BECOMES, kind) == []
        assert await db.fetch(BECOMES, "usage") == []
        left = await db.fetch(
            "select nspname, grantee::regrole::text from pg_namespace,"
            " aclexplode(nspacl) where nspname ~ '^bi_'"
            " and grantee::regrole::text in ('meetpunt_views', 'meetpunt_audit')"
        )
        assert left == []
    async with own_database.connected("meetpunt_owner") as owner:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute("set role meetpunt_views")


@pytest.fixture
def bare_server(postgres_version: int, tmp_path_factory: Any) -> Iterator[EmbeddedPostgres]:
    """A server of its own: roles belong to all databases of one."""
    server = EmbeddedPostgres(
        tmp_path_factory.mktemp("roles"),
        binaries=programs_of(postgres_version),
        settings=QUICK,
        announce=lambda _: None,
    )
    server.start()
    yield server
    server.stop()


@asynccontextmanager
async def installed(
    server: EmbeddedPostgres, before: Iterable[str], catalogue: Catalogue
) -> AsyncIterator[asyncpg.Connection]:
    """The owner of a database whose administrator did something `before` the first migration."""
    await create_database(server, "een")
    database = Database(server, "een")
    async with database.superuser() as db:
        for statement in before:
            await db.execute(statement)
    async with database.connected("meetpunt_owner") as owner:
        await migrate(owner)
        await mirror_files(owner, catalogue, SINCE)
        yield owner


# An administrator who makes our roles by hand is rare.
@pytest.mark.long
@on_the_newest_first
async def test_roles_that_an_administrator_made_and_gave_the_owner_stay_its_own(
    bare_server: EmbeddedPostgres, catalogue: Catalogue, view_files: Path
) -> None:
    """Twice: what was taken away the first time would be missed the second."""
    roles = ("meetpunt_views", "meetpunt_audit")
    before = [
        *(f"create role {role} nologin" for role in roles),
        *(f"grant {role} to meetpunt_owner with admin option" for role in roles),
    ]
    async with installed(bare_server, before, catalogue) as owner:
        rewrite(view_files / "dim_kanaal.sql", "name as naam", "upper(name) as naam")
        await mirror_files(owner, catalogue, SINCE)
        await grant_reader(owner, "molensloot", READER, "a password", free_text=False)
        assert await owner.fetchval(
            "select pg_has_role('meetpunt_owner', 'meetpunt_views', 'member')"
        )


# A server on which somebody took a right from the owner.
@pytest.mark.long
@on_the_newest_first
async def test_an_owner_that_may_not_be_who_makes_views_is_told_by_the_database(
    bare_server: EmbeddedPostgres, catalogue: Catalogue, postgres_version: int
) -> None:
    """Up to 15 whoever may make roles may be any of them; from 16 on who made them says who."""
    before = [f"create role {role} nologin" for role in ("meetpunt_views", "meetpunt_audit")]
    if postgres_version < 16:
        async with installed(bare_server, before, catalogue) as owner:
            assert await owner.fetch("select from pg_namespace where nspname = 'bi_molensloot'")
        return
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="meetpunt_"):
        async with installed(bare_server, before, catalogue):
            pass

"""The database, its roles and rights: what is there, and what a restore left behind."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.database.migrate import MIGRATIONS
from ingest.database.once import run_once
from ingest.doctor import clocks, disk, rights
from ingest.doctor import database as steps
from ingest.doctor.findings import Mark
from ingest.doctor.sight import FOLDER, INGEST, OWNER, opened
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from tests.conftest import Database
from tests.cut_line import cut_line
from tests.example import example_directory
from tests.ingest.database.test_connecting import at, black_hole
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, wrongs
from tests.postgres import versions

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("postgres_version", versions())
async def test_a_database_in_step_is_well(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
    assert marks(await seen(sight_of(own_database), steps.examine)) == [Mark.OK] * 4


async def test_where_once_sql_did_not_run_somebody_has_to(database: Database) -> None:
    (told,) = wrongs(await seen(sight_of(database), steps.examine))
    assert "once.sql has not run" in told


async def test_a_database_behind_is_told_what_to_run(own_database: Database) -> None:
    last = max(MIGRATIONS.glob("*.sql")).name
    async with own_database.superuser() as db:
        await db.execute("delete from public.meetpunt_migration where name = $1", last)
    (told,) = wrongs(await seen(sight_of(own_database), steps.examine))
    assert last in told
    assert "meetpunt migrate" in told


async def test_migrations_that_no_role_may_see_are_not_said_to_be_missing(
    database: Database,
) -> None:
    found = await seen(sight_of(database, roles=(FOLDER,)), steps.examine)
    assert wrongs(found) == []
    assert "Which migrations have run" in sentences(found, Mark.UNSEEN)


async def test_the_owner_is_asked_what_the_folder_may_not_see(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
    found = await seen(sight_of(own_database, roles=(FOLDER, OWNER)), steps.examine)
    assert marks(found) == [Mark.OK] * 4


@pytest.mark.parametrize("postgres_version", versions())
async def test_the_version_of_postgres_is_told_as_it_calls_itself(database: Database) -> None:
    async with database.superuser() as db:
        (whole,) = (await db.fetchval("select version()")).split()[1:2]
    told, *_ = await seen(sight_of(database), steps.examine)
    assert told.sentence == f"Postgres {whole} answers."


async def test_files_that_the_database_does_not_know_are_wrong(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await db.execute("delete from meetpunt.touchpoint_version where touchpoint = 1")
    told = wrongs(await seen(sight_of(own_database), steps.examine))
    assert any("behind your files" in each for each in told)


CHANGES = (
    ("update meetpunt.municipality set name = 'Vroeger' where slug = 'molensloot'",
     "municipalities"),
    ("update meetpunt.touchpoint set name = 'Vroeger' where number = 1", "touchpoints"),
    ("update meetpunt.opening_hours set closes = '23:59'", "opening hours"),
    ("insert into meetpunt.opening_hours values ('GM9001', 2, 7, '10:00', '11:00')",
     "opening hours"),
    ("update meetpunt.questionnaire set title = 'Vroeger'", "titles of questionnaires"),
    ("update meetpunt.item set text = 'Vroeger'", "wording of questions"),
    ("update meetpunt.core_item set core = 'balie/0'", "which versions compare"),
    ("delete from meetpunt.target", "targets"),
    ("insert into meetpunt.norm values ('GM9001', 'telefoon', '', '', 'beantwoord', 0.8)", "norms"),
    ("update meetpunt.department set products = '{paspoort}'", "departments"),
    ("insert into meetpunt.wijk values ('GM9001', 'WK900101', 'Oud')", "wijken"),
    ("update meetpunt.theme set name = 'Vroeger'", "themes"),
    ("insert into meetpunt.improvement values ('GM9001', 99, '2026-01-01', '', 'balie', 'Oud')",
     "improvements"),
)  # fmt: skip


@pytest.mark.parametrize("roles", [(INGEST, FOLDER, OWNER), (INGEST, FOLDER)])
async def test_what_files_say_and_the_database_does_not_know_yet_is_named(
    own_database: Database, roles: tuple[str, ...]
) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
    changed: list[str] = []
    for change, named in CHANGES:
        async with own_database.superuser() as db:
            assert (await db.execute(change)).split()[-1] != "0"
        changed += [named] if named not in changed else []
        (told,) = wrongs(await seen(sight_of(own_database, roles=roles), steps.examine))
        words = told.removeprefix("Your files changed and the database has what they said before: ")
        listed = words.removesuffix(". Run 'meetpunt migrate', and start the service anew.")
        assert sorted(re.split(", | and ", listed)) == sorted(changed)


def with_a_group(folder: Path) -> Catalogue:
    """The files of the example, and a group beside them."""
    shutil.copytree(example_directory(), folder)
    (folder / "groups").mkdir()
    written = 'name = "Waterland"\nmembers = ["molensloot", "duinrade"]\n'
    (folder / "groups" / "waterland.toml").write_text(written)
    return load_catalogue(folder, questionnaires_directory())


async def test_a_group_that_the_database_does_not_know_yet_is_named(
    database: Database, tmp_path: Path
) -> None:
    files = with_a_group(tmp_path / "config")
    sight = msgspec.structs.replace(sight_of(database), catalogue=files)
    told = wrongs(await seen(sight, steps.examine))
    assert any("what they said before: groups. Run" in each for each in told)


async def test_what_no_role_may_see_is_not_said_to_be_in_step(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
        await db.execute("revoke select on meetpunt.target from meetpunt_ingest")
    found = await seen(sight_of(own_database, roles=(INGEST,)), steps.examine)
    assert wrongs(found) == []
    assert "Whether the database knows what the files ask" in sentences(found, Mark.UNSEEN)
    assert "The database knows what the files ask" not in sentences(found, Mark.OK)


@pytest.mark.parametrize("postgres_version", versions())
async def test_roles_and_rights_of_a_new_database_are_well(database: Database) -> None:
    assert marks(await seen(sight_of(database), rights.examine)) == [Mark.OK] * 3


async def test_a_rule_that_a_restore_lost_is_named(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await db.execute("drop policy folder on meetpunt.response")
    (told,) = wrongs(await seen(sight_of(own_database), rights.examine))
    assert "rule folder on meetpunt.response" in told


@pytest.mark.parametrize(
    ("lost", "mended", "named"),
    [
        (
            "alter table meetpunt.free_text disable row level security",
            "alter table meetpunt.free_text enable row level security",
            "rules on meetpunt.free_text",
        ),
        (
            "revoke delete on meetpunt.unpublished from meetpunt_folder",
            "grant delete on meetpunt.unpublished to meetpunt_folder",
            "delete on meetpunt.unpublished for meetpunt_folder",
        ),
        (
            "revoke update (counter) on meetpunt.kiosk from meetpunt_ingest",
            "grant update (counter) on meetpunt.kiosk to meetpunt_ingest",
            "update on meetpunt.kiosk.counter for meetpunt_ingest",
        ),
        (
            "alter table meetpunt.response no force row level security",
            "alter table meetpunt.response force row level security",
            "rules on meetpunt.response for its owner",
        ),
        (
            "alter table lees_molensloot.reactie no force row level security",
            "alter table lees_molensloot.reactie force row level security",
            "rules on lees_molensloot.reactie for its owner",
        ),
    ],
)
async def test_a_right_that_a_restore_lost_is_named(
    database: Database, lost: str, mended: str, named: str
) -> None:
    async with database.superuser() as db:
        await db.execute(lost)
        try:
            (told,) = wrongs(await seen(sight_of(database), rights.examine))
        finally:
            await db.execute(mended)
        assert wrongs(await seen(sight_of(database), rights.examine)) == []
    assert named in told


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (
            "grant select on meetpunt.response to a_reader",
            "select on meetpunt.response for a_reader",
        ),
        (
            "grant select (answers) on meetpunt.response to a_reader",
            "select on meetpunt.response.answers for a_reader",
        ),
        (
            "grant select on lees_molensloot.reactie to public",
            "select on lees_molensloot.reactie for everybody",
        ),
        ("grant select on lees.reactie to public", "select on lees.reactie for everybody"),
        (
            "grant update on lees_molensloot.reactie to meetpunt_views",
            "update on lees_molensloot.reactie for meetpunt_views",
        ),
        (
            "grant select on meetpunt.response to meetpunt_auditor",
            "select on meetpunt.response for meetpunt_auditor",
        ),
        (
            "grant select on bi_molensloot.toelichting to meetpunt_reads_bi_molensloot",
            "select on bi_molensloot.toelichting for meetpunt_reads_bi_molensloot",
        ),
        ("grant meetpunt_views to a_reader", "a_reader may act as meetpunt_views"),
        ("grant meetpunt_folder to a_group", "a_reader may act as meetpunt_folder"),
        ("grant meetpunt_owner to a_reader", "a_reader may act as meetpunt_owner"),
        ("grant pg_read_all_data to a_reader", "a_reader may act as pg_read_all_data"),
        ("alter role a_group bypassrls", "a_reader may act as a_group"),
        ("alter role a_reader bypassrls", "a_reader bypasses the rules on rows"),
    ],
)
@pytest.mark.parametrize("postgres_version", versions())
async def test_what_somebody_may_that_nobody_should_is_named(
    database: Database, given: str, named: str
) -> None:
    async with database.superuser() as db:
        await db.execute(
            "create role a_reader login; create role a_group; grant a_group to a_reader"
        )
        try:
            await db.execute(given)
            (told,) = wrongs(await seen(sight_of(database, roles=(INGEST,)), rights.examine))
        finally:
            if given.startswith("grant "):
                await db.execute(given.replace("grant ", "revoke ").replace(" to ", " from "))
            await db.execute("drop owned by a_reader, a_group; drop role a_reader, a_group")
    assert named in told


async def test_a_reader_as_meetpunt_makes_one_may_no_more_than_it_should(
    database: Database,
) -> None:
    async with database.superuser() as db:
        await db.execute(
            "create role a_reader login in role meetpunt_reads_bi_molensloot, meetpunt_auditor"
        )
        try:
            found = await seen(sight_of(database, roles=(INGEST,)), rights.examine)
        finally:
            await db.execute("drop role a_reader")
    assert marks(found) == [Mark.OK] * 3


async def test_another_superuser_is_to_be_looked_at(database: Database) -> None:
    async with database.superuser() as db:
        await db.execute("create role a_chief login superuser")
        try:
            found = await seen(sight_of(database, roles=(INGEST,)), rights.examine)
        finally:
            await db.execute("drop role a_chief")
    assert wrongs(found) == []
    assert "Role a_chief is a superuser" in sentences(found, Mark.LOOK)


@pytest.mark.parametrize(
    ("spoilt", "mended", "told"),
    [
        ("nologin", "login", "meetpunt_folder may not log in"),
        ("bypassrls", "nobypassrls", "meetpunt_folder is a superuser, or bypasses"),
        ("valid until '2020-01-01'", "valid until 'infinity'", "is past its last day"),
    ],
)
async def test_a_role_that_may_too_much_or_too_little_is_named(
    database: Database, spoilt: str, mended: str, told: str
) -> None:
    async with database.superuser() as db:
        await db.execute(f"alter role meetpunt_folder {spoilt}")
        try:
            found = await seen(sight_of(database, roles=(INGEST,)), rights.examine)
        finally:
            await db.execute(f"alter role meetpunt_folder {mended}")
    assert told in "".join(wrongs(found))


async def test_a_url_with_the_wrong_role_is_told(database: Database) -> None:
    sight = sight_of(database)
    swapped = {INGEST: sight.urls[OWNER], FOLDER: sight.urls[INGEST]}
    found = await seen(msgspec.structs.replace(sight, urls=swapped), rights.examine)
    told = "\n".join(wrongs(found))
    assert "owns the database" in told
    assert "MEETPUNT_FOLDER_URL connects as meetpunt_ingest" in told


@pytest.mark.parametrize(
    ("ahead", "mark"),
    [(0, Mark.OK), (20, Mark.LOOK), (-20, Mark.LOOK), (7200, Mark.WRONG), (-7200, Mark.WRONG)],
)
async def test_clocks_that_differ_are_told_by_how_much(
    database: Database, ahead: int, mark: Mark
) -> None:
    sight = msgspec.structs.replace(
        sight_of(database), clock=lambda: datetime.now(UTC) + timedelta(seconds=ahead)
    )
    told, _ = await seen(sight, clocks.examine)
    assert told.mark == mark
    assert ("ahead of" in told.sentence) == (ahead > 0)


async def test_of_several_hosts_one_that_says_nothing_keeps_nobody_waiting(
    database: Database,
) -> None:
    async with cut_line(database.ingest) as (_, url), black_hole() as hole:
        sight = msgspec.structs.replace(sight_of(database), urls={INGEST: at(url, hole)})
        assert Mark.WRONG not in marks(await seen(sight, clocks.examine))


@pytest.mark.parametrize(("days", "mark"), [(0, Mark.OK), (400, Mark.WRONG)])
async def test_a_clock_by_which_nothing_would_be_destroyed_is_wrong(
    database: Database, days: int, mark: Mark
) -> None:
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.purge_moment (at) values (now() - make_interval(days => $1))",
            days,
        )
    assert marks(await seen(sight_of(database), clocks.examine)) == [Mark.OK, mark]


async def test_a_disk_that_is_not_ours_is_said_to_be_unseen(database: Database) -> None:
    found = await seen(sight_of(database), disk.examine)
    assert "not visible from here (the database takes" in sentences(found, Mark.UNSEEN)


async def test_what_may_not_be_seen_of_it_is_not_asked_for(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await db.execute(
            "revoke execute on function pg_database_size(name), pg_database_size(oid) from public"
        )
    failed: list[object] = []
    async with opened(sight_of(own_database, roles=(INGEST,))) as (sight, _):
        assert sight.ingest is not None
        with sight.ingest.query_logger(lambda asked: failed.append(asked.exception)):
            (told,) = await disk.examine(sight)
    assert "not visible from here: watch it there" in told.sentence
    assert failed == [None]


async def test_little_room_in_the_data_folder_is_wrong(database: Database) -> None:
    sight = msgspec.structs.replace(sight_of(database, data=database.server.data), own=True)
    (told,) = await disk.examine(sight, least_bytes=0)
    assert told.mark in (Mark.OK, Mark.LOOK)
    (told,) = await disk.examine(sight, least_bytes=10**18)
    assert told.mark == Mark.WRONG

"""`docs/backup.md` followed to the letter: every right, role and view is there as it was."""

import asyncio
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from ingest.database.migrate import migrate
from ingest.database.mirror import mirror_files
from ingest.database.once import run_once
from ingest.database.readers import grant_reader
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import new_keys
from tests.embedding import a_server, ask, passwords_of
from tests.example import example_catalogue, example_directory
from tests.postgres import programs_of, versions
from tests.system.running import ROOT

pytestmark = [pytest.mark.processes, pytest.mark.long]

PAGE = ROOT / "docs" / "backup.md"
READER, PASSWORD = "lezer_molensloot", "a password of a reader"

_RIGHTS = """
with given as (
    select 'relation' as kind, c.oid::regclass::text as name, c.relowner as owner,
        coalesce(c.relacl,
            acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as rights
    from pg_class as c where relkind in ('r', 'v', 'm', 'p', 'S')
    union all
    select 'column', attrelid::regclass || '.' || attname, null, attacl
    from pg_attribute where attacl is not null and not attisdropped
    union all
    select 'function', oid::regprocedure::text, proowner,
        coalesce(proacl, acldefault('f', proowner)) from pg_proc
    union all
    select 'schema', nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner))
    from pg_namespace where nspname !~ '^pg_(toast|temp)'
    union all
    select 'database', datname, datdba, coalesce(datacl, acldefault('d', datdba))
    from pg_database
)
select concat_ws(' ', kind, name, 'of', owner::regrole,
    'to', grantee::regrole, privilege_type, is_grantable)
from given left join lateral aclexplode(rights) on true
union all
select concat_ws(' ', 'policy', schemaname, tablename, policyname, permissive, roles, cmd,
    qual, with_check)
from pg_policies
union all
select concat_ws(' ', 'rls', oid::regclass, relrowsecurity, relforcerowsecurity)
from pg_class where relrowsecurity or relforcerowsecurity
union all
select concat_ws(' ', 'role', to_jsonb(a) - 'oid') from pg_authid as a
where rolname !~ '^pg_' and rolname <> 'postgres'
union all
select concat_ws(' ', 'member', roleid::regrole, member::regrole, grantor::regrole,
    to_jsonb(m) - 'oid' - 'roleid' - 'member' - 'grantor') from pg_auth_members as m
where roleid::regrole::text !~ '^pg_'
union all
select concat_ws(' ', 'setting', setdatabase <> 0, setrole::regrole, setconfig)
from pg_db_role_setting
union all
select concat_ws(' ', 'view', oid::regclass, pg_get_viewdef(oid))
from pg_class where relkind = 'v' and oid >= 16384
union all
select concat_ws(' ', 'comment', description) from pg_description where objoid >= 16384
"""


def commands(name: str) -> str:
    """The block of the page that is marked so."""
    found = re.search(
        rf"<!-- tested: {name} -->\n```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL
    )
    assert found
    return found[1]


def rights(server: EmbeddedPostgres) -> Counter[str]:
    """All that says who may do what, a line each."""

    async def fetched() -> Counter[str]:
        db = await asyncpg.connect(server.url(SUPERUSER))
        try:
            return Counter(row[0] for row in await db.fetch(_RIGHTS))
        finally:
            await db.close()

    return asyncio.run(fetched())


def ours(rights: Counter[str]) -> Counter[str]:
    """Those on what is in schemas of ours; MAINTAIN is new in 17, and every owner's."""
    kept = re.compile(
        r"(policy|rls|setting) |(relation|column|function) (?!pg_|information_schema)\S+\."
        r"|schema \w+ of meetpunt"
    )
    return Counter(
        {line: n for line, n in rights.items() if kept.match(line) and "MAINTAIN" not in line}
    )


async def furnish(server: EmbeddedPostgres) -> None:
    """What an administrator does first, and a reader."""
    owner = await asyncpg.connect(server.url(OWNER))
    try:
        await migrate(owner)
        await mirror_files(owner, example_catalogue(), date(2026, 1, 1))
        await grant_reader(owner, "molensloot", READER, PASSWORD, free_text=True)
    finally:
        await owner.close()
    superuser = await asyncpg.connect(server.url(SUPERUSER))
    try:
        await run_once(superuser)
    finally:
        await superuser.close()


async def forget(server: EmbeddedPostgres) -> None:
    """As a server that never heard of Meetpunt."""
    db = await asyncpg.connect(server.url(SUPERUSER, "postgres"))
    try:
        await db.execute("drop database meetpunt")
        await db.execute("drop role meetpunt_ingest, meetpunt_folder, meetpunt_work")
        await db.execute("drop role meetpunt_owner")
    finally:
        await db.close()


class Servers:
    """The one that is dumped, and the empty one; commands run with either as `postgres`."""

    def __init__(self, folder: Path, here: EmbeddedPostgres, there: EmbeddedPostgres) -> None:
        self.folder = folder
        self.here = here
        self.there = there
        self.keys_file = folder / "etc" / "keys.json"
        self._bin = folder / "bin"
        self._bin.mkdir()
        self.keys_file.parent.mkdir()
        command = self._bin / "meetpunt"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m ingest "$@"\n')
        command.chmod(0o755)

    def run(self, server: EmbeddedPostgres, script: str) -> subprocess.CompletedProcess[str]:
        place = server.url(SUPERUSER).partition("host=")[2].partition("&port=")
        owner = self.here.url(OWNER).partition("?")[0] + "?" + server.url().partition("?")[2]
        return subprocess.run(
            ("bash", "-euo", "pipefail", "-c", script),
            cwd=self.folder,
            env={
                # The newer's programs on both sides, as the page has it.
                "PATH": f"{self._bin}:{self.there.programs().folder}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "PGHOST": place[0],
                "PGPORT": place[2],
                "PGUSER": SUPERUSER,
                "PGPASSWORD": passwords_of(server)[SUPERUSER],
                "MEETPUNT_OWNER_URL": owner,
                "MEETPUNT_KEYS_FILE": str(self.keys_file),
                "MEETPUNT_CONFIG": str(example_directory()),
            },
            check=False,
            capture_output=True,
            text=True,
        )


PAIRS = [(here, there) for here in versions() for there in versions() if here <= there]


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0]} to {pair[1]}")
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Servers]:
    here, there = (
        a_server(tmp_path / name, binaries=programs_of(version))
        for name, version in zip(("here", "there"), request.param, strict=True)
    )
    with here, there:
        asyncio.run(furnish(here))
        asyncio.run(forget(there))
        found = Servers(tmp_path, here, there)
        new_keys(found.keys_file, now=datetime.now(UTC))
        yield found


def test_everything_that_says_who_may_do_what_is_as_before(servers: Servers) -> None:
    before, keys = rights(servers.here), servers.keys_file.read_bytes()
    assert sum(line.startswith("policy ") for line in before) > 60
    dumped = servers.run(servers.here, commands("dump"))
    assert not dumped.returncode, dumped.stderr
    assert {path.stat().st_mode & 0o77 for path in servers.folder.glob("*.*")} == {0}
    servers.keys_file.unlink()
    restored = servers.run(servers.there, commands("restore"))
    assert not restored.returncode, restored.stderr
    after = rights(servers.there)
    if servers.here.programs().version != servers.there.programs().version:
        before, after = ours(before), ours(after)  # a newer one has other functions of its own
        moved = servers.run(servers.there, commands("newer"))
        assert not moved.returncode, moved.stderr
    assert sorted((before - after).elements())[:9] == []
    assert sorted((after - before).elements())[:9] == []
    assert servers.keys_file.read_bytes() == keys
    as_reader = servers.there.url(SUPERUSER).partition("?")[2]
    line = f"postgresql://{READER}:{PASSWORD.replace(' ', '%20')}@/meetpunt?{as_reader}"
    assert ask(line, "select count(*) from stand") is not None
    # And the owner may still give and take them: memberships have rights of their own.
    for command in ("db revoke", "db grant"):
        done = servers.run(servers.there, f"meetpunt {command} molensloot --role {READER}")
        assert not done.returncode, done.stderr


def test_a_dump_alone_loses_policies(servers: Servers) -> None:
    dumped = servers.run(servers.here, commands("dump"))
    assert not dumped.returncode, dumped.stderr
    alone = servers.run(
        servers.there,
        "psql -qc 'create role meetpunt_owner createrole' postgres;"
        " pg_restore --create --dbname=postgres meetpunt.dump || true",
    )
    assert "does not exist" in alone.stderr
    policies = [
        sum(line.startswith("policy ") for line in rights(server))
        for server in (servers.here, servers.there)
    ]
    assert policies[1] < policies[0] / 2

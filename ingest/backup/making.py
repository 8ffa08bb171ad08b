"""Make base backups of our own Postgres, and let it be asked for them."""

import asyncio
import fcntl
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import msgspec

from ingest.backup import revocations
from ingest.backup.sealing import SealBroken
from ingest.backup.shelf import Base, Shelf
from ingest.postgres.cluster import BACKUP, SUPERUSER, add_password, let_backup_in
from ingest.postgres.folder import open_own_file
from ingest.postgres.server import EmbeddedPostgres, PostgresFailed
from ingest.running.verifiers import scram_verifier

SLOT = "meetpunt_backup"
_PIECE = 1 << 20


class Source(msgspec.Struct, frozen=True):
    """The server of which backups are made, and the keys file that belongs to it.

    Beside the keys lies what was revoked (`ingest.backup.revocations`).
    """

    server: EmbeddedPostgres
    keys_file: Path

    def secrets(self) -> dict[str, Path]:
        """The files that a restore needs and that are in no database, by their names."""
        places = {
            "passwords.json": self.server.data / "passwords.json",
            "keys.json": self.keys_file,
            revocations.NAME: revocations.beside(self.keys_file),
        }
        return {name: place for name, place in places.items() if place.exists()}

    def ask(self, statement: str, *values: Any) -> Any:
        """The first row of what a superuser is answered; None: no row. Not from an event loop."""

        async def first_row() -> Any:
            db = await self._connected()
            try:
                return await db.fetchrow(statement, *values)
            finally:
                await db.close(timeout=2)

        return asyncio.run(first_row())

    async def _connected(self) -> asyncpg.Connection:
        url = self.server.url(SUPERUSER, "postgres")
        return await asyncpg.connect(url, timeout=5, command_timeout=30)

    @contextmanager
    def log_held(self) -> Iterator[None]:
        """Postgres removes nothing of its log while this lasts, and no longer than we live.

        Else the checkpoint of another base backup takes away what this one comes for at its end.
        """
        with asyncio.Runner() as runner:
            db = runner.run(self._connected())
            try:
                name = f"meetpunt_base_{secrets.token_hex(4)}"
                hold = (
                    "/* backup_hold */ select pg_create_physical_replication_slot($1, true, true)"
                )
                runner.run(db.fetchval(hold, name))
                yield
            finally:
                runner.run(db.close(timeout=2))

    def admit(self, shelf: Shelf) -> None:
        """Make the role that backups are made by, and let it in; the same again changes nothing.

        Raises OtherDatabase where `shelf` is of another, OSError or PostgresFailed.
        """
        shelf.claim(database_in(self.server.data))
        with _one_at_a_time(self.server.data):
            password = add_password(self.server.data, BACKUP)
            there = "/* backup_role */ select from pg_roles where rolname = $1"
            if self.ask(there, BACKUP) is None:
                self.ask(f"create role {BACKUP}")
            kept = scram_verifier(password)  # nothing in it needs quoting
            self.ask(f"alter role {BACKUP} login replication password '{kept}'")
            let_backup_in(self.server.programs(), self.server.cluster)
            self.ask("/* backup_reload */ select pg_reload_conf()")

    def start(
        self,
        program: str,
        arguments: Sequence[str],
        *,
        errors: IO[bytes],
        descriptors: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        """Start one of Postgres' programs as the role of backups; its password is in nobody's list.

        What it writes can be read from its `stdout`.
        """
        parts = urlsplit(self.server.url(BACKUP))
        query = parse_qs(parts.query)
        programs = self.server.programs()
        options = programs.options()
        options["env"]["PGPASSWORD"] = parts.password or ""
        return subprocess.Popen(
            [
                *(programs.folder / program, "--no-password", "--username", BACKUP),
                *("--host", query["host"][0], "--port", query["port"][0], *arguments),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            pass_fds=descriptors,
            **options,
        )


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Of two that change one role at once Postgres refuses one, and of two files one is lost."""
    lock = open_own_file(data / "backup-admits")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def database_in(data: Path) -> int:
    """Which database lies in a data folder: the first number of what Postgres notes of it."""
    with (data / "postgres" / "global" / "pg_control").open("rb") as file:
        return int.from_bytes(file.read(8), sys.byteorder)


def make_base(source: Source, shelf: Shelf, line: str) -> Base:
    """Make a base backup of a server that runs, and keep the secrets beside it.

    It leads to its own end by itself, and with what is received further. Raises PostgresFailed,
    NoRoom, OtherDatabase or OSError; nothing that counts is then left.
    """
    began = datetime.now(UTC)
    segment = source.ask(
        "/* backup_segment */ select pg_walfile_name(pg_current_wal_lsn()) as first,"
        " current_setting('server_version_num')::integer / 10000 as version"
    )
    keep_secrets(source, shelf, line)
    target = shelf.base_path(line, began)
    with source.log_held(), tempfile.TemporaryFile() as errors:
        process = source.start(
            "pg_basebackup",
            (
                *("--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast"),
                "--no-manifest",  # gzip and the seal know whether it is whole
            ),
            errors=errors,
        )
        try:
            with shelf.seal.writing(target) as file:
                while piece := (process.stdout.read(_PIECE) if process.stdout else b""):
                    file.write(piece)
                if process.wait():
                    errors.seek(0)
                    complaint = errors.read().decode(errors="replace")
                    raise PostgresFailed(f"pg_basebackup gave up: {complaint.strip() or 'no word'}")
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
    base = Base(
        line=line,
        began=began,
        ended=datetime.now(UTC),
        segment=segment["first"],
        postgres=segment["version"],
        size=target.stat().st_size,
    )
    shelf.note_base(base)
    return base


def keep_secrets(source: Source, shelf: Shelf, line: str) -> None:
    """Keep each file with secrets of which the last that was kept differs, or cannot be read."""
    kept = shelf.secrets()
    for name, place in source.secrets().items():
        if name in kept:
            with suppress(SealBroken), shelf.seal.reading(kept[name]) as last:
                if last.read() == place.read_bytes():
                    continue
        shelf.seal_secret(line, place, name, datetime.now(UTC))

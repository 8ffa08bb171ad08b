"""Backups that are really used: a service is destroyed and put back as it was at a marked moment.

`make faults ARGS=backup`. The same for Meetpunt's own Postgres, encrypted or not, and for one's own
with pgBackRest as `docs/backup.md` has it.
"""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec

from ingest.backup.sealing import Seal, read_backup_key
from ingest.backup.shelf import Shelf
from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys
from tests.example import example_catalogue, example_directory
from tests.system.ledger import Ledger, tokens_of
from tests.system.running import ROOT, Running, running

PATH = "molensloot/balie-hal"
_LONGEST_WAIT = 60.0  # seconds


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """Responses before and after the mark, and how many of each are there when it was restored."""

    sent_before: int
    there_before: int
    sent_after: int
    there_after: int
    restore_seconds: float
    backup_bytes: int
    readable: int

    @property
    def right(self) -> bool:
        """All of before, none of after, and of the backup nothing that says what it holds."""
        return self.there_before == self.sent_before > 0 == self.there_after


def own_postgres(folder: Path, count: int, *, encrypted: bool) -> Drill:
    """`count` responses, a mark, as many again; destroy the data folder; restore to the mark."""
    data, kept, key = folder / "data", folder / "kept", folder / "backup.key"
    settings = {"MEETPUNT_BACKUP": str(kept)}
    if encrypted:
        key.write_text(secrets.token_hex(32))
        key.chmod(0o600)
        settings["MEETPUNT_BACKUP_KEY_FILE"] = str(key)
    shelf = Shelf(kept, Seal(read_backup_key(key) if encrypted else None))
    with running(data, workers=1, **settings) as service:
        wait_until(lambda: shelf.spans(), "a base backup")
        before = send(folder, "before", service, count)
        mark = datetime.now(UTC)
        after = send(folder, "after", service, count)
        all_sent = datetime.now(UTC)
        wait_until(lambda: shelf.spans()[-1].until > all_sent, "all that was written")
        content = load_keys(data / "keys.json").content
        service.kill_everything()
    shutil.rmtree(data)
    began = time.monotonic()
    restored = restore_command(data, mark, **settings)
    if restored.returncode:
        raise RuntimeError(restored.stderr)
    with running(data, workers=1, **settings):
        seconds = time.monotonic() - began
        there = stored_ids(EmbeddedPostgres(data).url(SUPERUSER))
    codes = Codes(content)
    return Drill(
        sent_before=len(before),
        there_before=len({codes.of_response(UUID(id)) for id in before} & there),
        sent_after=len(after),
        there_after=len({codes.of_response(UUID(id)) for id in after} & there),
        restore_seconds=seconds,
        backup_bytes=sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()),
        readable=sum(_plain(path) for path in kept.rglob("*.gz*")),
    )


def restore_command(
    data: Path, to: datetime, *more: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """`meetpunt restore`, as an operator runs it."""
    return subprocess.run(
        (sys.executable, "-m", "ingest", "restore", "--to", to.isoformat(), *more),
        cwd=data.parent,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("MEETPUNT_")},
            "MEETPUNT_CONFIG": str(example_directory()),
            "MEETPUNT_DATA": str(data),
            "PYTHONPATH": str(ROOT),
            **settings,
        },
        check=False,
        capture_output=True,
        text=True,
    )


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return when it holds; fail in a minute with what was waited for."""
    give_up = time.monotonic() + _LONGEST_WAIT
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"{what} did not come in {_LONGEST_WAIT:g} s")
        time.sleep(0.05)


def stored_ids(url: str) -> set[UUID]:
    """Of every response that is stored; `url` is a superuser's."""

    async def fetched() -> set[UUID]:
        db = await asyncpg.connect(url)
        try:
            return {row["id"] for row in await db.fetch("select id from meetpunt.response")}
        finally:
            await db.close()

    return asyncio.run(fetched())


def send(folder: Path, name: str, service: Running, count: int) -> set[str]:
    """The ids of `count` responses that were acknowledged, each once."""
    touchpoint = example_catalogue().touchpoint(*PATH.split("/"))
    with Ledger(folder / name, PATH, touchpoint.number, touchpoint.questionnaire) as ledger:
        asyncio.run(ledger.post(service.url, tokens_of(service.data), count))
        return ledger.acknowledged


def _plain(path: Path) -> bool:
    """Whether anybody can unpack it."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"

"""The way of `docs/backup.md` with pgBackRest, tried: with Debian's, over a Postgres 15."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from ingest.postgres.programs import Programs, give
from ingest.postgres.server import OWNER, SUPERUSER, EmbeddedPostgres
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys, new_keys
from tests.embedding import ask
from tests.example import example_directory
from tests.postgres import programs_of, versions
from tests.restoring import Drill, send, stored_ids
from tests.system.running import ROOT, running

_STANZA = "meetpunt"


def pgbackrest_is_here() -> bool:
    """Whether it can be tried on this machine."""
    return shutil.which("pgbackrest") is not None and 15 in versions()


def with_pgbackrest(folder: Path, count: int) -> Drill:
    """`count` responses, a mark, as many again; destroy the cluster; restore to the mark."""
    folder.chmod(0o755)  # whoever runs Postgres comes through it
    configuration = folder / "pgbackrest.conf"
    server = EmbeddedPostgres(
        folder / "own",
        binaries=programs_of(15),
        announce=lambda _: None,
        settings={
            "archive_mode": "on",
            "archive_command": f"{_command(configuration)} archive-push %p",
            "archive_timeout": "60",
        },
    )
    _configure(folder, configuration, server)
    data = folder / "service"
    data.mkdir()
    new_keys(data / "keys.json", now=datetime.now(UTC) - timedelta(days=1))
    with server:
        _meetpunt(folder, "migrate", MEETPUNT_OWNER_URL=server.url(OWNER))
        for words in (("stanza-create",), ("check",), ("--type=full", "backup")):
            _run(server.programs(), configuration, words, server.url(SUPERUSER))
        with running(data, workers=1, **_settings(server, data)) as service:
            before = send(folder, "before", service, count)
            mark = datetime.now(UTC)
            after = send(folder, "after", service, count)
        ask(server.url(SUPERUSER, "postgres"), "select pg_switch_wal()")
        _run(server.programs(), configuration, ("check",), server.url(SUPERUSER))
    account = server.programs().account
    shutil.rmtree(server.cluster)
    server.cluster.mkdir(mode=0o700)
    give(server.cluster, account)
    began = time.monotonic()
    target = f"--target={mark:%Y-%m-%d %H:%M:%S.%f}+00"
    back = ("--type=time", target, "--target-action=promote", "restore")
    _run(server.programs(), configuration, back)
    with server, running(data, workers=1, **_settings(server, data)):
        seconds = time.monotonic() - began
        there = stored_ids(server.url(SUPERUSER))
    codes = Codes(load_keys(data / "keys.json").content)
    files = [path for path in (folder / "repository").rglob("*") if path.is_file()]
    return Drill(
        sent_before=len(before),
        there_before=len({codes.of_response(UUID(id)) for id in before} & there),
        sent_after=len(after),
        there_after=len({codes.of_response(UUID(id)) for id in after} & there),
        restore_seconds=seconds,
        backup_bytes=sum(path.stat().st_size for path in files),
        readable=sum(path.read_bytes()[:8] != b"Salted__" for path in files),
    )


def _settings(server: EmbeddedPostgres, data: Path) -> dict[str, str]:
    return {
        "MEETPUNT_DATABASE_URL": server.url("meetpunt_ingest"),
        "MEETPUNT_KEYS_FILE": str(data / "keys.json"),
    }


def _command(configuration: Path) -> str:
    return f"pgbackrest --config={configuration} --stanza={_STANZA}"


def _configure(folder: Path, configuration: Path, server: EmbeddedPostgres) -> None:
    """As the document has it, with places of our own."""
    account = server.programs().account
    for name in ("repository", "lock", "log", "spool"):
        (folder / name).mkdir(mode=0o700)
        give(folder / name, account)
    configuration.touch(mode=0o600)
    configuration.write_text(
        f"""[global]
repo1-path={folder}/repository
repo1-retention-full-type=time
repo1-retention-full=14
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass={secrets.token_urlsafe(36)}
start-fast=y
lock-path={folder}/lock
log-path={folder}/log
spool-path={folder}/spool
log-level-console=warn

[{_STANZA}]
pg1-path={server.cluster}
"""
    )
    give(configuration, account)


def _run(programs: Programs, configuration: Path, words: Sequence[str], url: str = "") -> None:
    options = programs.options()
    more: list[str] = []
    if url:
        place = url.partition("host=")[2].partition("&port=")
        more = [f"--pg1-socket-path={place[0]}", f"--pg1-port={place[2]}"]
        options["env"] |= {"PGUSER": SUPERUSER, "PGPASSWORD": url.split(":")[2].split("@")[0]}
        more.append(f"--pg1-user={SUPERUSER}")
    done = subprocess.run(
        [*_command(configuration).split(), *more, *words],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    if done.returncode:
        raise RuntimeError(f"pgbackrest {words[-1]}: {done.stdout}{done.stderr}")


def _meetpunt(folder: Path, *command: str, **settings: str) -> None:
    subprocess.run(
        (sys.executable, "-m", "ingest", *command),
        cwd=folder,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("MEETPUNT_")},
            "MEETPUNT_CONFIG": str(example_directory()),
            "PYTHONPATH": str(ROOT),
            **settings,
        },
        check=True,
        capture_output=True,
    )

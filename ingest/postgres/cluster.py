"""Makes the embedded Postgres' cluster: files, roles with their passwords, who may enter."""

import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ingest.postgres.programs import PostgresFailed, Programs, give
from ingest.running.verifiers import scram_verifier

DATABASE = "meetpunt"
UNIX_PORT = 5432  # the number in the socket's name when there is no TCP port
SUPERUSER = "postgres"
OWNER = "meetpunt_owner"
BACKUP = "meetpunt_backup"
_SERVICE_ROLES = ("meetpunt_ingest", "meetpunt_folder", "meetpunt_work")
_UNFINISHED = "postgres.new-"

# Who makes backups reads everything: one role, only where backups are made, only by the socket.
_BACKUP_MAY_ENTER = f"local replication {BACKUP} scram-sha-256\n"

# No line for replication until backups are made, and none that trusts.
_WHO_MAY_ENTER = """\
# Written by Meetpunt: everybody shows a password, and only on this machine.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""

# The beginning; an operator tunes with ALTER SYSTEM. pglz compression is in every build.
_TUNABLE = {
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# What must hold whatever else is set, so it goes on the command line.
# An error of Postgres can quote the row that it refused, so errors stay out of the log (`log`
# leaves out ERROR and WARNING, and keeps what stops the server), and so do details and statements.
_FIXED = {
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_duration": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_lock_waits": "off",
    "log_checkpoints": "off",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
    # Postgres calls itself ready as soon as it can be read, in the middle of a restore too. Who
    # stops it just then finds that the next start goes on past the moment that was asked for.
    "hot_standby": "off",
    # What is kept for a backup that does not come for it: this disk is the service's.
    "max_slot_wal_keep_size": "1GB",
    # Of a transaction that was prepared nobody sees that it is open, and nothing ends it.
    "max_prepared_transactions": "0",
}

# Readers that take every connection leave some to the service, whose roles may use what is reserved
# (once.sql). Ten readers have room beside those. An operator may set another number of connections.
_ROOM = {"max_connections": "300"}
_RESERVED = {"reserved_connections": "100"}
_RESERVES = 16
"""From this Postgres on."""


def only_ours(cluster: Path) -> list[str]:
    """Let nobody else into a cluster than we did; returns the files that let others in.

    The files keep their owner. Lines of ours stay, the one for backups included.
    """
    ours = [*_WHO_MAY_ENTER.splitlines(), *_BACKUP_MAY_ENTER.splitlines()]
    others = []
    for name, known in (("pg_hba.conf", ours), ("pg_ident.conf", [])):
        path = cluster / name
        lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
        kept = [line for line in lines if line in known or line.lstrip().startswith("#")]
        if kept != [line for line in lines if line.strip()]:
            others.append(name)
            path.write_text("".join(f"{line}\n" for line in kept), "utf-8")
    return others


def server_arguments(
    programs: Programs, cluster: Path, socket: Path, port: int | None, settings: Mapping[str, str]
) -> list[str]:
    """The command line's settings of a server over `cluster` that listens in folder `socket`.

    `port` is also listened to on 127.0.0.1; None is no TCP at all. `settings` win over ours.
    """
    chosen = {
        **_FIXED,
        **_room(programs, cluster),
        "unix_socket_directories": str(socket),
        "listen_addresses": "" if port is None else "127.0.0.1",
        "port": str(port or UNIX_PORT),
        **settings,
    }
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def _room(programs: Programs, cluster: Path) -> dict[str, str]:
    """Connections for all, unless ALTER SYSTEM says how many: what is reserved must fit in them."""
    tuned = cluster / "postgresql.auto.conf"
    if tuned.exists() and re.search(r"(?m)^max_connections\b", tuned.read_text("utf-8", "replace")):
        return {}
    return _ROOM | (_RESERVED if programs.version >= _RESERVES else {})


def passwords(data: Path) -> dict[str, str]:
    """The passwords of the roles that we made, by role. Raises PostgresFailed when gone."""
    path = data / "passwords.json"
    try:
        kept: dict[str, str] = json.loads(path.read_text())
        _ = kept[OWNER]
    except (FileNotFoundError, ValueError, LookupError, TypeError):
        raise PostgresFailed(f"The passwords of Postgres in {path} are missing.") from None
    return kept


def new_password() -> str:
    """One that needs no quoting in a URL."""
    return secrets.token_urlsafe(24)


def add_password(data: Path, role: str, chosen: str | None = None) -> str:
    """The password of a role, kept when there is none yet: `chosen`, or a new one.

    Raises PostgresFailed.
    """
    kept = passwords(data)
    if role not in kept:
        kept[role] = chosen or new_password()
        _keep_passwords(data, kept)
    return kept[role]


def let_backup_in(programs: Programs, cluster: Path) -> None:
    """Let BACKUP in, and by the socket only; counts after a reload."""
    path = cluster / "pg_hba.conf"
    text = path.read_text()
    if _BACKUP_MAY_ENTER not in text:
        _write(path, f"{text}{_BACKUP_MAY_ENTER}", programs)


def make_cluster(programs: Programs, data: Path, cluster: Path, *, durable: bool = True) -> None:
    """Make `cluster` in the folder `data`: either wholly, or nothing that a next start would take.

    Raises DiskFull or PostgresFailed. `durable` False leaves out the waits for the disk.
    """
    for leftover in data.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)
    chosen = _choose_passwords(data)
    new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=data))
    give(new, programs.account)
    try:
        _initialise(programs, new, durable=durable)
        programs.run(
            "postgres",
            "--single",
            *("-j", "-c", "exit_on_error=on", "-c", "log_checkpoints=off"),
            SUPERUSER,
            data=new,
            text=_roles(chosen),
        )
        _write(new / "pg_hba.conf", _WHO_MAY_ENTER, programs)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    new.rename(cluster)
    sync_folder(data)


def _initialise(programs: Programs, new: Path, *, durable: bool) -> None:
    # Casing and order of letters the same on every system; the wheel is built without ICU.
    locale = ["--locale=C"]
    if programs.version >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Nobody enters until the passwords stand: then our own pg_hba.conf replaces this one.
    programs.run(
        "initdb",
        "--auth=reject",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-instructions",
        *locale,
        *([] if durable else ["--no-sync"]),
        data=new,
    )


def _choose_passwords(data: Path) -> dict[str, str]:
    chosen = {role: new_password() for role in (SUPERUSER, OWNER, *_SERVICE_ROLES)}
    _keep_passwords(data, chosen)
    return chosen


def _keep_passwords(data: Path, chosen: Mapping[str, str]) -> None:
    with tempfile.NamedTemporaryFile("w", dir=data, delete=False) as file:  # mode 0600
        json.dump(chosen, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(data / "passwords.json")
    sync_folder(data)


def _roles(chosen: Mapping[str, str]) -> str:
    """The statements that set the beginning, and make roles and database.

    The owner itself makes the service's roles, as it would in a Postgres of an operator's own: from
    Postgres 16 on only their maker may change them. What is kept of passwords needs no quoting.
    """
    kept = {role: scram_verifier(password) for role, password in chosen.items()}
    statements = [
        *(f"ALTER SYSTEM SET {name} = '{value}'" for name, value in _TUNABLE.items()),
        f"ALTER ROLE {SUPERUSER} PASSWORD '{kept[SUPERUSER]}'",
        f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{kept[OWNER]}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"SET ROLE {OWNER}",
        *(f"CREATE ROLE {role} LOGIN PASSWORD '{kept[role]}'" for role in _SERVICE_ROLES),
    ]
    # With -j a statement of the single-user server ends at an empty line.
    return "".join(f"{statement};\n\n" for statement in statements)


def _write(path: Path, text: str, programs: Programs) -> None:
    """Replace `path` by a file that we make ourselves, and never follow a link there as root."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)  # a kill left it
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    give(new, programs.account)
    new.rename(path)


def sync_folder(folder: Path) -> None:
    """Return when what was made, renamed or removed in `folder` outlasts a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""What a plain backup could make a restored Postgres do: anybody may have written to its folder.

An encrypted one is our own word. Of a plain one the files that Postgres reads as settings are
looked through; what is in the database itself is as trusted as whoever may write to the folder.
"""

import re
from pathlib import Path

from ingest.postgres.cluster import only_ours

# Of postgresql.conf and what `alter system` writes: names are never quoted, one to a line.
_FILES = ("postgresql.conf", "postgresql.auto.conf")
_SETTING = re.compile(rb"[ \t\r]*([A-Za-z_][A-Za-z0-9_.]*)")
_RUNS = re.compile(
    r".*_command|.*_librar(y|ies)|jit_provider|dynamic_library_path|extension_control_path"
    r"|include(_dir|_if_exists)?|(data|log)_directory|(config|hba|ident|external_pid)_file"
    r"|primary_conninfo"
    # What keeps rules and rows: triggers, policies, and what is on the disk when the power goes.
    r"|session_replication_role|row_security|fsync|full_page_writes|ssl.*|password_encryption"
    r"|listen_addresses|unix_socket_.*"
)
# Ours is no standby, and has no table elsewhere on the disk.
_NOT_OURS = ("standby.signal", "tablespace_map")


def without_commands(cluster: Path) -> list[str]:
    """Take out of an unpacked base backup what runs a program, reads elsewhere or lets others in.

    Returns what it was: names of settings and files, never a value. Lines become comments.
    """
    taken_out: list[str] = []
    for name in _FILES:
        path = cluster / name
        if path.exists():
            lines = path.read_bytes().split(b"\n")
            kept = [_harmless(line, taken_out) for line in lines]
            if kept != lines:
                path.write_bytes(b"\n".join(kept))
    taken_out += only_ours(cluster)
    for name in _NOT_OURS:
        path = cluster / name
        if path.exists() and path.read_bytes().strip():
            taken_out.append(name)
        path.unlink(missing_ok=True)
    return sorted(set(taken_out))


def _harmless(line: bytes, taken_out: list[str]) -> bytes:
    setting = _SETTING.match(line)
    name = setting[1].decode().lower() if setting else ""
    if not _RUNS.fullmatch(name):
        return line
    taken_out.append(name)
    return b"# taken out by meetpunt restore: " + line

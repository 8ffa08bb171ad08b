"""What was revoked, noted outside the database: put back to an earlier state, it has forgotten.

`revoked.jsonl` lies beside the keys file, a line a revocation, and is kept with the backups. It
names keys of case systems, kiosks and readers, and holds nothing that opens anything.
"""

import os
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import asyncpg
import msgspec

from ingest.database.readers import list_readers
from ingest.municipalities.schemas import slug_of

NAME = "revoked.jsonl"

HOW = {
    "apikey": "meetpunt apikeys revoke {0} --name {1}",
    "kiosk": "meetpunt kiosk revoke {0}",
    "reader": "meetpunt db revoke {0} --role {1}",
}
"""By kind, the command that revokes it again; the parts of the name stand in it."""
Kind = Literal["apikey", "kiosk", "reader"]


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """What was revoked at a moment (UTC), or with `again` allowed again.

    `name` is municipality/name of a key, the id of a kiosk, or municipality/role of a reader.
    """

    kind: Kind
    name: str
    at: datetime
    again: bool = False

    @property
    def command(self) -> str:
        """What revokes it once more."""
        first, _, rest = self.name.partition("/")
        return HOW[self.kind].format(shlex.quote(first), shlex.quote(rest))


def beside(keys_file: Path) -> Path:
    """Where it lies for a keys file, which may be a link to where secrets are kept."""
    return Path(os.path.realpath(keys_file)).with_name(NAME)


def note(keys_file: Path, kind: Kind, name: str, *, again: bool = False) -> bool:
    """Note it beside the keys file; False where there is no such folder, as on another machine."""
    path = beside(keys_file)
    if not path.parent.is_dir():
        return False
    line = Revocation(kind=kind, name=name, at=datetime.now(UTC), again=again)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, msgspec.json.encode(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True


def noted(keys_file: Path) -> list[Revocation]:
    """What is revoked according to the file, the last word on each; none when there is no file."""
    try:
        text = beside(keys_file).read_bytes()
    except FileNotFoundError:
        return []
    last: dict[tuple[str, str], Revocation] = {}
    for line in text.splitlines():
        try:
            each = msgspec.json.decode(line, type=Revocation)
        except msgspec.DecodeError:
            continue  # cut off by a power cut
        last[each.kind, each.name] = each
    return [each for each in last.values() if not each.again]


async def live_again(owner: asyncpg.Connection, revoked: Sequence[Revocation]) -> list[Revocation]:
    """What was revoked and is in use in this database: it was put back to before that.

    Over a connection as the owner of the database.
    """
    rows = await owner.fetch(
        """/* in_use */
        select 'apikey' as kind, municipality.slug || '/' || api_key.name as name
        from meetpunt.api_key join meetpunt.municipality on code = api_key.municipality
        where revoked_on is null
        union all
        select 'kiosk', id::text from meetpunt.kiosk where revoked_on is null
        """
    )
    in_use = {(row["kind"], row["name"]) for row in rows} | {
        ("reader", f"{slug_of(reader.schema)}/{reader.role}")
        for reader in await list_readers(owner)
    }
    return [each for each in revoked if (each.kind, each.name) in in_use]

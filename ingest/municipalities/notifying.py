"""Who may notify us of what happened elsewhere: `[notifications]` in a municipality's file.

It is for Open Notificaties, or whatever else posts as the Dutch standard for it asks. The secret
lies in a file of its own (`key_file`).
"""

import msgspec

from ingest.files.toml_tables import Table, line_fault
from ingest.municipalities.connecting import path_fault


class Notifying(msgspec.Struct, frozen=True, kw_only=True):
    """Whom notifications of this municipality are believed from.

    Whoever shows the key in `key_file` itself (`Authorization: Bearer <key>`); and, where there is
    a `client_id`, whoever shows a JSON Web Token of that client that is signed with it.
    """

    key_file: str
    client_id: str = ""


def read_notifying(table: Table) -> Notifying | None:
    """Read `[notifications]` of a municipality; None where it is left out."""
    if not table.holds("notifications"):
        return None
    inside = table.table("notifications")
    read = Notifying(
        key_file=inside.text("key_file", path_fault),
        client_id=inside.text_or_none("client_id", line_fault) or "",
    )
    inside.close()
    return read

"""The audit trail: who did what, when, and how it ended; the one place that writes and reads it.

A line names what was acted upon: a name, a schema, the id of a kiosk, a number of rows. Never an
answer, an address, a key or a token.
"""

import os
import pwd
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from enum import StrEnum, unique

import asyncpg
import msgspec

AUDIT_DAYS = 1096
"""Three years: as long as an audit looks back. No longer, because the trail names our operators."""

FEWEST_DAYS = 365
"""The database refuses fewer, so that a stolen password of the service cannot wipe fresh lines."""

_MOST_CHARACTERS = 4000
_MOST_OF_A_NAME = 64
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Note = Callable[[asyncpg.Connection], Awaitable[None]]
"""Writes the line of a deed, in the same transaction as the deed."""


@unique
class Action(StrEnum):
    """Every deed that is noted. Never remove one: its lines are kept for years."""

    GRANT_READER = "grant-reader"
    REVOKE_READER = "revoke-reader"
    SET_PASSWORD = "set-password"  # noqa: S105  # the name of a deed
    NEW_API_KEY = "new-api-key"
    REVOKE_API_KEY = "revoke-api-key"
    ENROL_KIOSK = "enrol-kiosk"
    REVOKE_KIOSK = "revoke-kiosk"
    READ_KEPT = "read-kept"
    RELEASE_KEPT = "release-kept"
    EXPORT = "export"
    PURGE = "purge"
    PUBLISH = "publish"
    REBUILD = "rebuild"
    IMPORT_BASE = "import-base"
    IMPORT_FIGURES = "import-figures"
    FOLLOW_UP = "follow-up"
    MIGRATE = "migrate"
    RESTORE = "restore"
    FORGET_AUDIT = "forget-audit"
    ALLOW_MESSAGES = "allow-messages"
    OPEN_CALLBACK = "open-callback"
    CLEAR_CALLBACKS = "clear-callbacks"
    NEW_KEYS = "new-keys"
    ADD_KEY = "add-key"
    RETIRE_KEY = "retire-key"
    SUGGEST_THEMES = "suggest-themes"
    RETAG_THEMES = "retag-themes"


class Outcome(StrEnum):
    """How a deed ended. `begun`: it was allowed; a later line tells the end, if it is known."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Entry(msgspec.Struct, kw_only=True):
    """A deed. `object` may be filled in during the deed; "-" where there is nothing to name."""

    action: Action
    object: str = "-"
    actor: str = msgspec.field(default_factory=lambda: acting_user())


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the trail, as it is read. `role` is the database role that the actor used."""

    at: datetime
    actor: str
    role: str
    action: str
    object: str
    outcome: str


def acting_user() -> str:
    """The login name of this process's user, and of the person who became that user by sudo.

    The system tells the first; sudo puts the second into the environment.
    """
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container knows numbers only
        name = f"uid {number}"
    sudo_user = cleaned(os.environ.get("SUDO_USER", ""))[:_MOST_OF_A_NAME]
    return f"{name} (sudo by {sudo_user})" if sudo_user and sudo_user != name else name


def cleaned(text: str) -> str:
    """The text on one line, without signs that would change how a line looks."""
    return _CONTROLS.sub("?", text)[:_MOST_CHARACTERS]


def harmless(text: str) -> str:
    """All of a text of several lines, each without such signs: for a terminal."""
    return "\n".join(_CONTROLS.sub("?", line) for line in text.split("\n"))


def outcome_of(failure: BaseException) -> Outcome:
    """Refused for an exception class of our own or a missing privilege; failed for any other."""
    if isinstance(failure, asyncpg.InsufficientPrivilegeError):
        return Outcome.REFUSED
    from_library = isinstance(failure, asyncpg.PostgresError | asyncpg.InterfaceError)
    nameless = type(failure).__module__ == "builtins" or not isinstance(failure, Exception)
    return Outcome.FAILED if from_library or nameless else Outcome.REFUSED


async def note(db: asyncpg.Connection, entry: Entry, outcome: Outcome = Outcome.DONE) -> None:
    """Write a line, in the transaction that is open if there is one.

    Raises `asyncpg.PostgresError`: a deed that cannot be noted must not be done.
    """
    await db.execute(
        "/* note_deed */ select meetpunt.note_deed($1, $2, $3, $4)",
        entry.actor,
        entry.action,
        cleaned(entry.object) or "-",
        outcome,
    )


@asynccontextmanager
async def tried(db: asyncpg.Connection, entry: Entry) -> AsyncIterator[Note]:
    """Write a line when the deed of the block is refused or fails.

    Yields a function that writes the line of a deed that is done; the block calls it in its own
    transaction.
    """

    async def done(within: asyncpg.Connection) -> None:
        await note(within, entry)

    try:
        yield done
    except BaseException as failure:
        # The caller must see what failed first, and not that this line could not be written.
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await note(db, entry, outcome_of(failure))
        raise


@asynccontextmanager
async def audited(db: asyncpg.Connection, entry: Entry) -> AsyncIterator[None]:
    """Do the deed of the block and write its line in one transaction: both happen, or neither."""
    async with tried(db, entry) as done, db.transaction():
        yield
        await done(db)


@asynccontextmanager
async def followed(db: asyncpg.Connection, entry: Entry) -> AsyncIterator[None]:
    """Write a line before the first of several transactions, and one after the last or a failure.

    If the process is killed in between, only the first line is there.
    """
    async with tried(db, entry) as done:
        await note(db, entry, Outcome.BEGUN)
        yield
        await done(db)


async def lines(
    db: asyncpg.Connection, *, since: datetime | None = None, action: str | None = None
) -> list[Line]:
    """The trail, newest last; `db` is a connection as the owner or as an auditor."""
    rows = await db.fetch(
        """/* audit_lines */
        select at, actor, role, action, object, outcome
        from meetpunt.audit
        where at >= coalesce($1::timestamptz, '-infinity')
            and action = coalesce($2::text, action)
        order by at, id
        """,
        since,
        action,
    )
    return [Line(**row) for row in rows]


async def forget(folder: asyncpg.Connection, days: int) -> int:
    """Destroy lines of months that ended over `days` (at least 365) days ago; returns how many."""
    gone: int = await folder.fetchval("/* forget_audit */ select meetpunt.forget_audit($1)", days)
    return gone

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
"""Three years: as long as an audit looks back, and no longer, because it names who works here."""

FEWEST_DAYS = 365
"""Under this the database refuses: who has a password of the service cannot wipe fresh traces."""

_MOST_CHARACTERS = 4000
_MOST_OF_A_NAME = 64
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Note = Callable[[asyncpg.Connection], Awaitable[None]]
"""Writes the line of a deed, in the transaction of the deed."""


@unique
class Action(StrEnum):
    """Every deed that is noted. One that is done no more stays: its lines are kept for years."""

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
    MIGRATE = "migrate"
    RESTORE = "restore"
    FORGET_AUDIT = "forget-audit"
    NEW_KEYS = "new-keys"
    ADD_KEY = "add-key"
    RETIRE_KEY = "retire-key"


class Outcome(StrEnum):
    """How a deed ended. `begun`: allowed; what came of it follows, or is not known here."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Entry(msgspec.Struct, kw_only=True):
    """A deed. `object` may be filled in while it is done; "-" where there is nothing to name."""

    action: Action
    object: str = "-"
    actor: str = msgspec.field(default_factory=lambda: acting_user())


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the trail, as it is read. `role`: as whom the database knew the actor."""

    at: datetime
    actor: str
    role: str
    action: str
    object: str
    outcome: str


def acting_user() -> str:
    """The login name of who acts on this machine, and of who became that one by sudo.

    The first the system tells; the second sudo does, in the environment.
    """
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:  # a container knows numbers only
        name = f"uid {number}"
    before = cleaned(os.environ.get("SUDO_USER", ""))[:_MOST_OF_A_NAME]
    return f"{name} (sudo by {before})" if before and before != name else name


def cleaned(text: str) -> str:
    """The text on one line, without signs that would change how a line looks."""
    return _CONTROLS.sub("?", text)[:_MOST_CHARACTERS]


def harmless(text: str) -> str:
    """All of a text of several lines, each without such signs: for a terminal."""
    return "\n".join(_CONTROLS.sub("?", line) for line in text.split("\n"))


def outcome_of(broken: BaseException) -> Outcome:
    """Refused: by a rule, ours or the database's, which has a name. Anything else broke."""
    if isinstance(broken, asyncpg.InsufficientPrivilegeError):
        return Outcome.REFUSED
    of_others = isinstance(broken, asyncpg.PostgresError | asyncpg.InterfaceError)
    nameless = type(broken).__module__ == "builtins" or not isinstance(broken, Exception)
    return Outcome.FAILED if of_others or nameless else Outcome.REFUSED


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
    """Write a line of its own when the deed of the block is refused or breaks.

    What it yields writes the line of one that is done: for who has a transaction of its own.
    """

    async def done(within: asyncpg.Connection) -> None:
        await note(within, entry)

    try:
        yield done
    except BaseException as broken:
        # Whoever waits is told what broke, and not that the database was gone for this as well.
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            await note(db, entry, outcome_of(broken))
        raise


@asynccontextmanager
async def audited(db: asyncpg.Connection, entry: Entry) -> AsyncIterator[None]:
    """One transaction for the deed of the block and its line: neither is without the other."""
    async with tried(db, entry) as done, db.transaction():
        yield
        await done(db)


@asynccontextmanager
async def followed(db: asyncpg.Connection, entry: Entry) -> AsyncIterator[None]:
    """A line before the first of several transactions, and one after the last, or of what broke.

    Killed in between, the first line stays and has no second.
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
    """Destroy the lines of months that ended over `days` days ago (365 or more); how many."""
    gone: int = await folder.fetchval("/* forget_audit */ select meetpunt.forget_audit($1)", days)
    return gone

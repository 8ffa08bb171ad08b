"""Of a thousand people who were invited nothing is left that leads to them, wherever one looks."""

import json
import logging
import re
import subprocess
from binascii import unhexlify
from pathlib import Path

import pytest

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.programs import find_programs
from ingest.running import metrics
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    Unknown,
)
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.inviting import CODE, Provider, contact, inviting, take_in, until, working
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio

# A hundred meet every way in which a call ends; a thousand in the long tests.
each_number = pytest.mark.parametrize("many", [20, pytest.param(500, marks=pytest.mark.long)])
# Digits and names that stand nowhere else.
CANARY = re.compile(rb"6583\s?1\d{4}|kanarie-\d{4}|kanarie\.example", re.IGNORECASE)


def people(many: int) -> list[Recipient]:
    """So many with a telephone, and as many with a telephone as with a mailbox."""
    numbers = [Recipient(scheme="tel", address=f"+3165831{n:04}") for n in range(many)]
    mailboxes = [
        Recipient(scheme="mailto", address=f"kanarie-{n:04}@kanarie.example") for n in range(many)
    ]
    return [*numbers, *mailboxes]


def contacts(source: str, many: int) -> list[ContactEnded]:
    """One of each; the source's own key is as telling as many a real one."""
    return [
        contact(n, who, source=source, source_key=f"call-of-{who.address}")
        for n, who in enumerate(people(many))
    ]


def answers(message: OutgoingMessage) -> Outcome:
    """Every way in which a call may end, by turns; some with the address in what is raised."""
    match int(re.sub(r"\D", "", message.recipient.address)[-2:]) % 5:
        case 0:
            return RefusedForGood("recipient-refused")
        case 1:
            return Unknown("no-answer")
        case 2:
            raise RuntimeError(f"cannot send to {message.recipient.address}: {message.link}")
        case 3:
            raise ValueError(message.text, message.plain) from KeyError(message.recipient.address)
    return Accepted("theirs", receipts=True)


def found_in(folder: Path, canary: re.Pattern[bytes] = CANARY) -> list[str]:
    """The files in which a canary stands."""
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and canary.search(path.read_bytes())
    ]


async def flushed(database: Database) -> Path:
    """The folder of the whole server, with everything in its files that there is."""
    async with database.superuser() as db:
        await db.execute("checkpoint")
    folder: Path = database.server.data
    return folder


def dump_of(database: Database) -> bytes:
    """All of the database, as a backup by hand takes it; what is written there in hexadecimal is
    read, or a million of its digits would hold some telephone number now and then.
    """
    dump = subprocess.run(
        [
            find_programs(None, None).folder / "pg_dump",
            f"--dbname={database.url('postgres')}",
        ],
        check=True,
        capture_output=True,
    ).stdout
    return re.sub(rb"\\\\x((?:[0-9a-f]{2})+)", lambda each: unhexlify(each[1]), dump)


@each_number
async def test_nothing_leads_to_anybody_after_delivery_and_after_failures(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    caplog: pytest.LogCaptureFixture,
    many: int,
) -> None:
    caplog.set_level(logging.DEBUG, "meetpunt")
    caplog.set_level(logging.DEBUG)
    files = inviting(catalogue)
    taking = Taking(files, keys)
    await take_in(database, taking, contacts("api", many))
    # Sealed while it waits.
    assert not CANARY.search(dump_of(database))
    provider, fifth = Provider(answers), 2 * many // 5
    async with working(database, files, keys, provider):
        await until(database, {"sent": fifth, "failed": fifth, "unknown": 3 * fifth}, seconds=60)
    assert {each.recipient.address for each in provider.sent} == {
        who.address for who in people(many)
    }
    assert found_in(await flushed(database)) == []
    assert not CANARY.search(dump_of(database))
    assert not CANARY.search(metrics.exposition())
    said = json.dumps(lines_of(caplog))
    assert "RuntimeError" in said
    assert "KeyError" in said
    assert not CANARY.search(said.encode())


# The test above looks in the same places, for the same people.
@pytest.mark.long
@each_number
async def test_the_opt_out_of_each_holds_when_nothing_else_is_left_of_them(
    database: Database, catalogue: Catalogue, keys: Keys, many: int
) -> None:
    files = inviting(catalogue)
    codes = InvitationCodes(derived_keys(keys))
    async with database.connected("meetpunt_ingest") as db:
        await db.executemany(
            "insert into meetpunt.opted_out values ($1, $2, current_date)",
            [(CODE, codes.of_opted_out(CODE, who)) for who in people(many)],
        )
    await take_in(database, Taking(files, keys), contacts("csv", many))
    provider = Provider(answers)
    async with working(database, files, keys, provider):
        await until(database, {"opted-out": 2 * many}, seconds=60)
    assert provider.sent == []
    assert found_in(await flushed(database)) == []
    assert not CANARY.search(dump_of(database))


async def test_what_is_not_sealed_would_be_found(own_database: Database) -> None:
    """The control: the search finds somebody who stands in a table, also once the row is gone."""
    who = "+31658320001"
    async with own_database.superuser() as db:
        await db.execute("create table public.told (who text)")
        await db.execute("insert into public.told values ($1)", who)
        await db.execute("delete from public.told")
    assert found_in(await flushed(own_database), re.compile(rb"658320001"))
    async with own_database.superuser() as db:
        await db.execute("drop table public.told")


async def test_bytes_of_a_dump_are_read(own_database: Database) -> None:
    """The control: who is kept unsealed in bytes is found, and digits of hexadecimal are not."""
    async with own_database.superuser() as db:
        await db.execute("create table public.told (said bytea)")
        await db.execute("insert into public.told values ('\\x658318806f'), ('tel:+31658311234')")
    assert CANARY.findall(dump_of(own_database)) == [b"658311234"]
    async with own_database.superuser() as db:
        await db.execute("drop table public.told")

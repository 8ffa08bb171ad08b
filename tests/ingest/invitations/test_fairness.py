"""What goes wrong with one sender, or in one row, stops no other message."""

import pytest
from msgspec.structs import replace

from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.senders import Sender as DeclaredSender
from ingest.senders.sender import Outcome, OutgoingMessage, RefusedForNow
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.inviting import (
    MUNICIPALITY,
    QUICK,
    Provider,
    contact,
    inviting,
    stages,
    take_in,
    until,
    working,
)

pytestmark = pytest.mark.anyio

TOO_LONG = "(select string_agg(md5(n::text), '') from generate_series(1, 400) n)"


class Two(Provider):
    """A provider that does well, and under the name of "stil" another that does not."""

    def __init__(self, other: Provider) -> None:
        super().__init__()
        self.other = other

    def of(self, _municipality: str, name: str) -> Provider:
        return self.other if name == "stil" else self


@pytest.fixture
def files(catalogue: Catalogue) -> Catalogue:
    """Molensloot has two senders."""
    usual = inviting(catalogue)
    chosen = usual.municipality(MUNICIPALITY)
    second = DeclaredSender(name="stil", kind="file")
    chosen = replace(chosen, senders={**chosen.senders, "stil": second})
    others = [each for each in usual.municipalities.values() if each.slug != MUNICIPALITY]
    return Catalogue([chosen, *others], catalogue.questionnaires)


async def take_in_for_both(
    database: Database, files: Catalogue, keys: Keys, *, silent: int, well: int
) -> None:
    """Messages of both; those of the silent one were due first."""
    taking = Taking(files, keys)
    await take_in(database, taking, [contact(n) for n in range(silent)])
    async with database.superuser() as db:
        await db.execute(
            "update meetpunt.outbox set sender = 'stil', due = due - interval '1 hour'"
        )
    await take_in(database, taking, [contact(silent + n) for n in range(well)])


# Three is all that one sender may have at once: there it would hold up everybody.
@pytest.mark.parametrize("at_once", [3, pytest.param(6, marks=pytest.mark.long)])
async def test_a_sender_that_takes_messages_and_says_nothing_holds_up_no_other(
    database: Database, files: Catalogue, keys: Keys, at_once: int
) -> None:
    await take_in_for_both(database, files, keys, silent=200, well=60)
    silent = Provider()
    silent.taking.clear()
    pace = replace(QUICK, at_once=at_once, each=3)
    async with working(database, files, keys, Two(silent), pace=pace):
        await until(database, {"waiting": 197, "sending": 3, "sent": 60})
        assert len(silent.sent) == 3
        silent.taking.set()
        await until(database, {"sent": 260})


async def test_a_sender_that_cannot_be_reached_is_left_alone_after_some_messages(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    def unreachable(_: OutgoingMessage) -> Outcome:
        return RefusedForNow("unreachable")

    await take_in_for_both(database, files, keys, silent=100, well=60)
    dead = Provider(unreachable)
    pace = replace(QUICK, at_once=6, each=3)
    async with working(database, files, keys, Two(dead), pace=pace):
        await until(database, {"waiting": 100, "sent": 60})
        await dead.until_sent(10)
    # The tenth makes a pause; two may have been on their way with it.
    assert 10 <= len(dead.sent) <= 12


@pytest.mark.parametrize(
    ("bad", "counted"),
    [
        ("expires_at = 'infinity'", 1),
        ("expires_at = 'infinity', sender = 'nergens'", 1),
        ("expires_at = '0044-03-15 BC', due = '-infinity'", 1),
        ("month = '0044-03-01 BC'", 1),
        # And too long a product for any figure.
        (f"expires_at = 'infinity', product = {TOO_LONG}", 0),
    ],
)
async def test_a_row_that_cannot_be_picked_ends_and_the_others_are_sent(
    own_database: Database, files: Catalogue, keys: Keys, bad: str, counted: int
) -> None:
    await take_in(own_database, Taking(files, keys), [contact(n) for n in range(5)])
    async with own_database.superuser() as db:
        # As if the database did not refuse it.
        checks = await db.fetch(
            "select conname from pg_constraint"
            " where conrelid = 'meetpunt.outbox'::regclass and contype = 'c'"
        )
        for (name,) in checks:
            await db.execute(f'alter table meetpunt.outbox drop constraint "{name}"')
        await db.execute(
            f"update meetpunt.outbox set {bad} where id = (select min(id::text)::uuid"
            " from meetpunt.outbox)"
        )
    provider = Provider()
    async with working(own_database, files, keys, provider):
        await until(own_database, {"sent": 4, "failed": 1})
    assert len(provider.sent) == 4
    async with own_database.superuser() as db:
        ended = await db.fetchrow(
            "select reason, sealed from meetpunt.outbox where state = 'failed'"
        )
    assert tuple(ended) == ("row-unusable", None)
    assert (await stages(own_database)).get("failed", 0) == counted

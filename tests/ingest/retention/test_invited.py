"""What is kept of who was invited, and for how long."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ingest.clock import today_here
from ingest.invitations.codes import quarter_before as before_by_name
from ingest.invitations.codes import quarter_of
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.retention.invited import quarter_before
from ingest.retention.purging import purge
from ingest.senders.sender import Accepted, RefusedForGood
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.inviting import (
    Provider,
    contact,
    inviting,
    noon,
    stages,
    states,
    take_in,
    until,
    working,
)

pytestmark = pytest.mark.anyio


async def purged(database: Database, days: int) -> dict[str, int]:
    """What a purge destroys so many days from now, of who was invited."""
    now = datetime.now(UTC) + timedelta(days=days)
    async with database.connected("meetpunt_folder") as folder:
        told = await purge(folder, {}, now=now)
    return {each.kind: each.rows for each in told if each.kind != "invitation"}


async def test_each_goes_at_its_term(database: Database, catalogue: Catalogue, keys: Keys) -> None:
    files = inviting(catalogue)
    await take_in(database, Taking(files, keys), [contact(1), contact(2)])
    provider = Provider(
        lambda message: (
            Accepted(None)
            if message.recipient.address.endswith("1")
            else RefusedForGood("recipient-refused")
        )
    )
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1, "failed": 1})
    assert await purged(database, 6) == {}
    assert await purged(database, 9) == {"outbox": 2}
    assert await purged(database, 34) == {}
    assert await purged(database, 37) == {"occasion": 2}
    assert await purged(database, 88) == {}
    assert await purged(database, 92) == {"asked": 2}
    # Figures stay.
    assert await stages(database) == {"known": 2, "sent": 1, "failed": 1}


async def test_a_contact_is_known_until_35_days_after_its_message_was_due(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    taking, now = Taking(inviting(catalogue), keys), noon()
    asked_for_later = contact(1, send_after=now + timedelta(days=80))
    assert await take_in(database, taking, [asked_for_later]) == ["waiting"]
    for days in (36, 81, 114):
        await purged(database, days)
        later = now + timedelta(days=days)
        told_again = [contact(1, ended_at=later)]
        assert await take_in(database, taking, told_again, now=later) == ["again"]
    assert (await purged(database, 120))["occasion"] == 1


async def test_what_waits_is_never_destroyed(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    await take_in(database, Taking(inviting(catalogue), keys), [contact(1)])
    await purged(database, 30)
    assert await states(database) == {"waiting": 1}


async def test_without_a_receipt_nobody_knows_after_three_days(
    database: Database, catalogue: Catalogue, keys: Keys
) -> None:
    files = inviting(catalogue)
    await take_in(database, Taking(files, keys), [contact(1)])
    async with working(database, files, keys, Provider(lambda _: Accepted("x", receipts=True))):
        await until(database, {"sent": 1})
    await purged(database, 2)
    assert await states(database) == {"sent": 1}
    await purged(database, 5)
    assert await states(database) == {"unknown": 1}
    assert await stages(database) == {"known": 1, "sent": 1, "unknown": 1}
    assert await purged(database, 11) == {}
    assert await purged(database, 13) == {"outbox": 1}


async def test_the_half_of_a_quarter_is_destroyed_when_it_is_not_looked_up_any_more(
    database: Database,
) -> None:
    today = today_here()
    now, before = quarter_of(today), before_by_name(quarter_of(today))
    async with database.superuser() as db:
        for quarter in (now, before, before_by_name(before)):
            await db.execute("insert into meetpunt.asked_key values ($1, $2)", quarter, bytes(32))
        await purged(database, 0)
        left = await db.fetch("select quarter from meetpunt.asked_key order by quarter")
    assert [row["quarter"] for row in left] == sorted([before, now])


def test_a_quarter_has_one_before_it() -> None:
    day = date(2026, 1, 1)
    while day < date(2028, 3, 1):
        assert quarter_before(day) == before_by_name(quarter_of(day))
        day += timedelta(days=1)

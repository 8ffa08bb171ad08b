"""What a provider tells later ends a message once, whenever it comes and however often."""

import pytest

from ingest.invitations.receipts import apply_receipt
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.receipts import Receipt, State
from ingest.senders.sender import Accepted, RefusedForNow, Unknown
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.inviting import (
    CODE,
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


@pytest.fixture
def files(catalogue: Catalogue) -> Catalogue:
    return inviting(catalogue)


async def told(
    database: Database,
    reference: str,
    state: State = "delivered",
    reason: str = "",
    sender: str = "proef",
) -> bool:
    """What the provider tells, as the service hears it."""
    receipt = Receipt(
        municipality="molensloot", sender=sender, reference=reference, state=state, reason=reason
    )
    async with database.connected("meetpunt_ingest") as db:
        return await apply_receipt(db, receipt, municipality=CODE, now=noon())


async def sent(
    database: Database, files: Catalogue, keys: Keys, provider: Provider, becomes: str = "sent"
) -> str:
    """A message that this provider was handed; its reference."""
    await take_in(database, Taking(files, keys), [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {becomes: 1})
    return provider.sent[0].reference


async def test_what_arrived_is_delivered_however_often_it_is_told(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    provider = Provider(lambda _: Accepted("theirs", receipts=True))
    reference = await sent(database, files, keys, provider)
    assert await told(database, reference)
    assert not await told(database, reference)
    # What comes after the end changes nothing.
    assert not await told(database, reference, "failed", "delivered-not")
    assert await states(database) == {"delivered": 1}
    assert await stages(database) == {"known": 1, "sent": 1, "delivered": 1}


async def test_a_provider_tells_nothing_of_what_another_sent(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    reference = await sent(database, files, keys, Provider(lambda _: Accepted("x", receipts=True)))
    for name in (reference, "x"):
        assert not await told(database, name, sender="ander")
    assert await states(database) == {"sent": 1}
    assert await told(database, "x")


@pytest.mark.parametrize(
    ("state", "reason"), [("failed", "delivered-not"), ("expired", "delivered-not-now")]
)
async def test_what_did_not_arrive_keeps_the_reason(
    database: Database, files: Catalogue, keys: Keys, state: State, reason: str
) -> None:
    reference = await sent(database, files, keys, Provider(lambda _: Accepted("x", receipts=True)))
    assert await told(database, reference, state, reason)
    async with database.superuser() as db:
        row = await db.fetchrow("select state, reason, receipt_until from meetpunt.outbox")
    assert tuple(row) == (state, reason, None)
    assert await stages(database) == {"known": 1, "sent": 1, state: 1}


async def test_a_receipt_may_know_the_message_by_the_providers_name(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    await sent(database, files, keys, Provider(lambda _: Accepted("theirs", receipts=True)))
    assert await told(database, "theirs")


async def test_a_receipt_of_nothing_of_ours_is_fine(database: Database) -> None:
    assert not await told(database, "no-such-thing")
    assert not await told(database, "00000000-0000-4000-8000-000000000000")
    assert not await stages(database)


async def test_a_receipt_may_come_before_the_answer_to_the_call(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    provider = Provider(lambda _: Accepted("theirs", receipts=True))
    provider.taking.clear()
    await take_in(database, Taking(files, keys), [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {"sending": 1})
        assert await told(database, await _reference(database))
        provider.taking.set()
        await until(database, {"delivered": 1})
    assert await states(database) == {"delivered": 1}
    assert await stages(database) == {"known": 1, "sent": 1, "delivered": 1}


async def test_what_nobody_knew_of_is_known_once_the_provider_tells(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    provider = Provider(lambda _: Unknown("no-answer"))
    reference = await sent(database, files, keys, provider, "unknown")
    assert await stages(database) == {"known": 1, "unknown": 1}
    assert await told(database, reference)
    assert await stages(database) == {"known": 1, "sent": 1, "delivered": 1}


async def test_what_arrived_is_not_sent_again_though_its_call_was_refused(
    database: Database, files: Catalogue, keys: Keys
) -> None:
    provider = Provider(lambda _: RefusedForNow("provider-busy", 10**6))
    await take_in(database, Taking(files, keys), [contact(1)])
    async with working(database, files, keys, provider), database.superuser() as db:
        while not await db.fetchval("select attempts = 1 and due > now() from meetpunt.outbox"):
            await db.execute("select pg_sleep(0.02)")
        reference = await _reference(database)
        # A refused call did not arrive, which is no news.
        assert not await told(database, reference, "failed", "delivered-not")
        assert await told(database, reference)
    assert await states(database) == {"delivered": 1}


async def _reference(database: Database) -> str:
    async with database.superuser() as db:
        return str(await db.fetchval("select id from meetpunt.outbox"))

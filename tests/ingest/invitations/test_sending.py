"""What waits is sent once, to who may be asked; what cannot be known is not sent again."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens, digest
from tests.conftest import Database, Served
from tests.inviting import (
    CODE,
    QUICK,
    Provider,
    contact,
    inviting,
    let_leases_run_out,
    mobile,
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


@pytest.fixture
def taking(files: Catalogue, keys: Keys) -> Taking:
    return Taking(files, keys)


async def test_a_message_goes_out_once_and_nothing_of_who_it_was_is_left(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    assert provider.numbers == ["+31610000001"]
    assert await stages(database) == {"known": 1, "sent": 1}
    async with database.superuser() as db:
        row = await db.fetchrow("select * from meetpunt.outbox")
    assert (row["sealed"], row["due"], row["expires_at"], row["holder"]) == (None,) * 4


async def test_the_link_that_was_sent_opens_and_is_spent_by_one_answer(
    database: Database, files: Catalogue, keys: Keys, taking: Taking, serve: object
) -> None:
    await take_in(database, taking, [contact(1, dimensions={"product": "paspoort"})])
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    token = provider.sent[0].link.rpartition("/")[2]
    async with serve() as served:  # type: ignore[operator]
        assert isinstance(served, Served)
        body = served.body(token, "molensloot/telefonie")
        assert (await served.post(body)).status_code == 201
        again = served.body(token, "molensloot/telefonie")
        assert (await served.post(again)).status_code == 410
        (response,) = await served.responses()
    assert response["dimensions"] == '{"product": "paspoort"}'


async def test_several_processes_send_each_message_once(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(n) for n in range(300)])
    providers = [Provider() for _ in range(3)]
    async with (
        working(database, files, keys, providers[0]),
        working(database, files, keys, providers[1]),
        working(database, files, keys, providers[2]),
    ):
        await until(database, {"sent": 300})
    numbers = [number for provider in providers for number in provider.numbers]
    assert len(numbers) == len(set(numbers)) == 300


async def test_nobody_is_asked_again_within_the_days_of_the_municipality(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    # In one batch, by mail as well as spelled another way, and at a later moment.
    await take_in(database, taking, [contact(1, mobile(7)), contact(2, mobile(7)), contact(3)])
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"sent": 2, "asked-recently": 1})
        await take_in(database, taking, [contact(4, mobile(7))])
        await until(database, {"sent": 2, "asked-recently": 2})
    assert sorted(provider.numbers) == ["+31610000003", "+31610000007"]
    assert await stages(database) == {"known": 4, "sent": 2, "asked-recently": 2}


async def test_two_processes_never_ask_one_person_twice(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    for turn in range(10):
        keys_of_calls = range(turn * 100, turn * 100 + 40)
        calls = [contact(n, mobile(turn * 10 + n % 4)) for n in keys_of_calls]
        await take_in(database, taking, calls)
    providers = [Provider(), Provider()]
    async with (
        working(database, files, keys, providers[0], pace=replace(QUICK, at_once=3)),
        working(database, files, keys, providers[1], pace=replace(QUICK, at_once=3)),
    ):
        await until(database, {"sent": 40, "asked-recently": 360})
    numbers = [number for provider in providers for number in provider.numbers]
    assert len(numbers) == len(set(numbers)) == 40


async def test_who_was_asked_is_known_in_the_next_quarter_and_may_be_asked_after_it(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    provider = Provider()
    await take_in(database, taking, [contact(1, mobile(1))])
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    async with database.superuser() as db:
        await db.execute("update meetpunt.outbox set state = state")
        today = noon().date()
    for days, sent, recently in ((60, 1, 1), (100, 2, 1)):
        later = noon() + timedelta(days=days)
        assert later.date() > today
        ended = [contact(days, mobile(1), ended_at=later)]
        await take_in(database, taking, ended, now=later)
        async with database.superuser() as db:
            await db.execute("update meetpunt.outbox set due = now() where state = 'waiting'")
        async with working(database, files, keys, provider, clock=lambda at=later: at):  # type: ignore[misc]
            await until(database, {"sent": sent, "asked-recently": recently})


async def test_without_the_half_of_its_quarter_a_code_means_nothing(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1, mobile(1))])
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    async with database.superuser() as db:
        code = await db.fetchval("select code from meetpunt.asked")
        half = await db.fetchval("select half from meetpunt.asked_key")
    codes = InvitationCodes(derived_keys(keys))
    assert codes.of_asked(half, CODE, mobile(1)) == code
    assert codes.of_asked(bytes(32), CODE, mobile(1)) != code


async def test_who_opted_out_is_sent_nothing(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    code = InvitationCodes(derived_keys(keys)).of_opted_out(CODE, mobile(1))
    async with database.connected("meetpunt_ingest") as db:
        await db.execute("insert into meetpunt.opted_out values ($1, $2, current_date)", CODE, code)
    await take_in(database, taking, [contact(1), contact(2)])
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1, "opted-out": 1})
    assert provider.numbers == ["+31610000002"]
    # They were not asked, so a later change of mind is not held up by that.
    async with database.superuser() as db:
        assert await db.fetchval("select count(*) from meetpunt.asked") == 1


async def test_what_is_refused_for_now_is_tried_again_with_the_same_link(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    refusals: list[Outcome] = [RefusedForNow("provider-busy"), RefusedForNow("too-many", 90.0)]
    provider = Provider(lambda _: refusals.pop(0) if refusals else Accepted("theirs"))
    await take_in(database, taking, [contact(1)])
    # By the clock of this process every pause was over an hour ago.
    async with working(
        database, files, keys, provider, clock=lambda: noon() - timedelta(minutes=30)
    ):
        await until(database, {"sent": 1})
    assert len(provider.sent) == 3
    ids = {Tokens(keys).read(each.link.rpartition("/")[2]).id for each in provider.sent}
    assert len(ids) == 1
    async with database.superuser() as db:
        (found,) = await db.fetch("select digest from meetpunt.invitation")
        assert found["digest"] == digest(ids.pop())
    assert await stages(database) == {"known": 1, "sent": 1}


async def test_what_is_refused_for_good_is_not_tried_again(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    provider = Provider(lambda _: RefusedForGood("recipient-refused"))
    await take_in(database, taking, [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {"failed": 1})
    assert len(provider.sent) == 1
    assert await stages(database) == {"known": 1, "failed": 1}
    async with database.superuser() as db:
        row = await db.fetchrow("select reason, sealed from meetpunt.outbox")
    assert tuple(row) == ("recipient-refused", None)


async def test_what_may_have_gone_out_is_looked_up_and_not_sent_again(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    provider = Provider(lambda _: Unknown("no-answer"), found=lambda _: Accepted("theirs"))
    await take_in(database, taking, [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {"sent": 1})
    assert len(provider.sent) == len(provider.looked_up) == 1
    assert provider.looked_up == [provider.sent[0].reference]


async def test_where_nobody_can_be_asked_it_stays_unknown_and_is_counted(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    provider = Provider(lambda _: Unknown("connection-lost"))
    await take_in(database, taking, [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {"unknown": 1})
    assert len(provider.sent) == 1
    assert await stages(database) == {"known": 1, "unknown": 1}


async def test_only_what_is_not_there_when_asked_twice_is_sent_again(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    outcomes: list[Outcome] = [Unknown("no-answer"), Accepted(None)]
    provider = Provider(lambda _: outcomes.pop(0), found=lambda _: RefusedForNow("not-there"))
    await take_in(database, taking, [contact(1)])
    async with working(
        database, files, keys, provider, clock=lambda: noon() - timedelta(minutes=30)
    ):
        await until(database, {"sent": 1})
    assert len(provider.looked_up) == 2
    assert len(provider.sent) == 2


async def test_a_provider_that_raises_may_have_sent(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    def raises(_: OutgoingMessage) -> Outcome:
        raise RuntimeError("+31610000001")

    provider = Provider(raises)
    await take_in(database, taking, [contact(1)])
    async with working(database, files, keys, provider):
        await until(database, {"unknown": 1})


async def test_what_was_due_in_time_and_is_late_at_night_waits_for_the_morning(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    night = noon() + timedelta(hours=11)
    provider = Provider()
    async with (
        working(database, files, keys, provider, clock=lambda: night),
        database.superuser() as db,
        asyncio.timeout(10),
    ):
        while not await db.fetchval("select due > $1 from meetpunt.outbox", night):
            await db.execute("select pg_sleep(0.02)")
    assert not provider.sent
    assert await states(database) == {"waiting": 1}


async def test_what_was_tried_for_too_long_expires_and_the_address_goes(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    async with database.superuser() as db:
        await db.execute("update meetpunt.outbox set expires_at = now()")
    provider = Provider()
    async with working(database, files, keys, provider):
        await until(database, {"expired": 1})
    assert not provider.sent
    assert await stages(database) == {"known": 1, "expired": 1}


async def test_a_touchpoint_that_retired_meanwhile_sends_nothing(
    database: Database, catalogue: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    provider = Provider()
    async with working(database, inviting(catalogue, retired=True), keys, provider):
        await until(database, {"withdrawn": 1})
    assert not provider.sent


async def test_what_is_not_in_the_files_of_one_process_waits_for_another(
    database: Database, catalogue: Catalogue, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    """Files change while the version of before still sends: nothing may be lost by that."""
    await take_in(database, taking, [contact(1)])
    others = [each for each in catalogue.municipalities.values() if each.code != CODE]
    older, newer = Provider(), Provider()
    async with (
        working(database, Catalogue(others, catalogue.questionnaires), keys, older),
        database.superuser() as db,
        asyncio.timeout(10),
    ):
        while not await db.fetchval("select reason = 'not-in-files' from meetpunt.outbox"):
            await db.execute("select pg_sleep(0.02)")
    async with database.superuser() as db:
        await db.execute("update meetpunt.outbox set due = now()")
    async with working(database, files, keys, newer):
        await until(database, {"sent": 1})
    assert (len(older.sent), len(newer.sent)) == (0, 1)


async def test_what_was_sealed_with_other_keys_is_told_and_not_sent(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    provider = Provider()
    others = replace(keys, accounts=bytes(32))
    async with working(database, files, others, provider):
        await until(database, {"failed": 1})
    assert not provider.sent
    async with database.superuser() as db:
        assert await db.fetchval("select reason from meetpunt.outbox") == "seal-broken"


async def test_who_stops_writes_down_what_is_on_its_way(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    provider = Provider()
    provider.taking.clear()
    async with working(database, files, keys, provider) as work:
        await until(database, {"sending": 1})
        closing = asyncio.create_task(work.close())
        asyncio.get_running_loop().call_soon(provider.taking.set)
        await closing
    assert await states(database) == {"sent": 1}


async def test_what_was_on_its_way_when_a_process_ended_is_asked_about_by_another(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    first, second = Provider(), Provider(found=lambda _: Accepted(None))
    first.taking.clear()
    async with working(database, files, keys, first) as work:
        await until(database, {"sending": 1})
        await work.close(seconds=0.0)
    assert await states(database) == {"sending": 1}
    await let_leases_run_out(database)
    async with working(database, files, keys, second):
        await until(database, {"sent": 1})
    assert not second.sent
    assert [UUID(each) for each in second.looked_up] == [UUID(first.sent[0].reference)]


async def cut_off(database: Database, files: Catalogue, keys: Keys, provider: Provider) -> None:
    """A message went out by `provider`, and who sent it died before it heard."""
    provider.taking.clear()
    async with working(database, files, keys, provider) as work:
        await provider.until_sent(1)
        await work.close(seconds=0.0)
    assert await states(database) == {"sending": 1}
    await let_leases_run_out(database)


async def test_who_is_another_provider_by_now_is_not_asked_and_nothing_is_sent_twice(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    await take_in(database, taking, [contact(1)])
    first, second = Provider(), Provider(found=lambda _: RefusedForNow("not-there"))
    await cut_off(database, files, keys, first)
    second.account = "another account"
    async with working(database, files, keys, second):
        await until(database, {"unknown": 1})
    assert (second.looked_up, second.sent) == ([], [])
    async with database.superuser() as db:
        assert await db.fetchval("select reason from meetpunt.outbox") == "provider-changed"
    assert await stages(database) == {"known": 1, "unknown": 1}


@pytest.mark.parametrize("not_known", ["to the version before", "while its key is unreadable"])
async def test_where_it_is_not_known_who_was_called_that_name_is_asked(
    database: Database, files: Catalogue, keys: Keys, taking: Taking, not_known: str
) -> None:
    await take_in(database, taking, [contact(1)])
    first, second = Provider(), Provider(found=lambda _: Accepted(None))
    await cut_off(database, files, keys, first)
    if not_known == "to the version before":
        async with database.superuser() as db:
            await db.execute("update meetpunt.outbox set provider = null")
        second.account = "another account"
    else:
        second.account = None
    async with working(database, files, keys, second):
        await until(database, {"sent": 1})
    assert (len(second.looked_up), second.sent) == (1, [])


async def test_an_account_that_changed_since_it_was_written_down_is_not_called(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    class ReadAgain(Provider):
        """Its key is another one from the second time on that it is looked at."""

        def of(self, _municipality: str, _name: str) -> Provider:
            self.account, self.later = self.later, "newer"
            return self

        account, later = "older", "older"

    await take_in(database, taking, [contact(1)])
    provider = ReadAgain()
    async with working(
        database, files, keys, provider, clock=lambda: noon() - timedelta(minutes=30)
    ):
        await until(database, {"sent": 1})
    assert len(provider.sent) == 1
    async with database.superuser() as db:
        assert await db.fetchval("select attempts from meetpunt.outbox") == 2


async def test_who_stops_leaves_nothing_that_was_picked_and_not_called(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    """Ten stops in the middle of much work: a provider that cannot be asked knows of all."""
    await take_in(database, taking, [contact(n) for n in range(200)])
    provider = Provider()
    for _ in range(10):
        async with working(database, files, keys, provider, pace=replace(QUICK, at_once=7)):
            sent = len(provider.sent)
            await provider.until_sent(min(sent + 10, 200))
        assert "sending" not in await states(database)
    async with working(database, files, keys, provider):
        await until(database, {"sent": 200})
    assert len(provider.sent) == 200


async def test_what_was_picked_and_never_begun_is_given_back(
    database: Database, files: Catalogue, keys: Keys, taking: Taking
) -> None:
    """A commit that was cut off, a process that was stopped: nothing was called."""
    await take_in(database, taking, [contact(1)])
    provider = Provider()
    async with working(database, files, keys, provider) as work:
        await until(database, {"sent": 1})
        async with database.superuser() as db:
            # As a pick leaves it whose end nobody heard.
            await db.execute(
                "update meetpunt.outbox set state = 'sending', sealed = '\\x00', due = now(),"
                " expires_at = now() + interval '1 day', holder = $1,"
                " held_until = now() + interval '1 hour'",
                work._holder,
            )
            await db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'meetpunt work'"
            )
        await until(database, {"failed": 1})  # it waited again, and this seal is none

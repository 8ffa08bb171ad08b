"""A department gets its mail once a month: written by who publishes, sent by who sends."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from ingest.clock import today_here
from ingest.doctor.waiting import REPORTS_NOT_SENT
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.monthly_reports import MonthlyReports
from ingest.municipalities.municipality import Municipality
from ingest.reports.reading import DepartmentUnknown, as_reader, read_department
from ingest.reports.sending import Providers, SendingReports, became
from ingest.reports.statements import Taken, put_report
from ingest.reports.writing import write_reports, writing_reports
from ingest.senders.sender import (
    Accepted,
    Outcome,
    OutgoingMessage,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)
from ingest.tasks.leases import hold, take
from ingest.tasks.names import TaskName
from tests.conftest import Database

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


class Post:
    """A sender that keeps what it was given, and answers as it is told."""

    kinds = frozenset({"mailto"})
    receipts = False
    account = "post"

    def __init__(self, *answers: Outcome | type[BaseException]) -> None:
        self.sent: list[OutgoingMessage] = []
        self.asked: list[str] = []
        self._answers = list(answers)

    def of(self, municipality: str, name: str) -> "Post":
        assert (municipality, name) == ("molensloot", "proef")
        return self

    async def send(self, message: OutgoingMessage) -> Outcome:
        self.sent.append(message)
        answer = self._answers.pop(0) if self._answers else Accepted()
        if isinstance(answer, type):
            raise answer
        return answer

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        self.asked.append(reference)
        return None

    async def close(self) -> None:
        pass


def with_mail(there: Municipality) -> Municipality:
    """With reports on, and an address for its first department."""
    departments = tuple(
        msgspec.structs.replace(each, mail=f"{each.slug}@{there.slug}.example")
        for each in there.departments[:1]
    )
    return msgspec.structs.replace(
        there, departments=departments, reports=MonthlyReports(sender="proef")
    )


@pytest.fixture
def municipality(catalogue: Catalogue) -> Municipality:
    """Molensloot, with reports on and two departments that have an address."""
    there = catalogue.municipality("molensloot")
    departments = tuple(
        msgspec.structs.replace(each, mail=None if each.slug == "openbare-ruimte" else
                                f"{each.slug}@molensloot.example")
        for each in there.departments
    )  # fmt: skip
    return msgspec.structs.replace(
        there, departments=departments, reports=MonthlyReports(sender="proef")
    )


@pytest.fixture
def with_reports(catalogue: Catalogue, municipality: Municipality) -> Catalogue:
    others = [each for each in catalogue.municipalities.values() if each.slug != "molensloot"]
    return Catalogue([*others, municipality], catalogue.questionnaires)


async def give_marks(database: Database, marks: Sequence[int]) -> None:
    """Marks of October at the counter, and ten times as many of the month before."""
    async with database.superuser() as db:
        given = [list(marks).count(value) for value in range(1, 11)]
        for month, times in ((OCTOBER, 1), (date(2026, 9, 1), 10)):
            await db.execute(
                """insert into lees.cijfer_uitgesplitst (municipality, month, touchpoint, product,
                    location, wijk, mode, daypart, indicator, kind, given, small_group)
                values ('GM9001', $1, 1, '', '', '', '', '', 'tevredenheid', 'mark', $2, false)""",
                month,
                [times * count for count in given],
            )


async def looked(database: Database, at: datetime, code: str = "GM9001") -> None:
    """What may be published was looked at."""
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.look (municipality, looked_at) values ($2, $1)"
            " on conflict (municipality) do update set looked_at = excluded.looked_at",
            *(at, code),
        )


async def counted_from(database: Database, month: date = OCTOBER, code: str = "GM9001") -> None:
    """Its first figures are of this month."""
    async with database.superuser() as db:
        await db.execute(
            """insert into lees.cijfer
                (municipality, grain, period, channel, indicator, kind, given, small_group)
            values ($1, 'month', $2, 'balie', 'tevredenheid', 'mark', $3, false)""",
            *(code, month, [0, 0, 0, 0, 0, 0, 0, 10, 0, 0]),
        )


async def states(database: Database) -> dict[str, tuple[str, str | None]]:
    async with database.superuser() as db:
        rows = await db.fetch("select department, state, reason from meetpunt.report")
    return {row["department"]: (row["state"], row["reason"]) for row in rows}


async def sent(
    database: Database, catalogue: Catalogue, post: Providers, at: datetime = NOW
) -> int:
    holder = uuid4()
    async with database.connected("meetpunt_work") as db:
        assert await take(db, TaskName.SEND_REPORTS, holder)
        try:
            return await SendingReports(catalogue, post, clock=lambda: at).send_all(db, holder)
        finally:
            await db.execute(
                "update meetpunt.task set holder = null, held_until = null, pid = null"
            )


async def test_each_department_gets_its_month_once(
    database: Database, with_reports: Catalogue, municipality: Municipality
) -> None:
    await give_marks(database, [7, 8, 8, 8, 9, 9, 10, 6, 7, 8])
    await counted_from(database)
    await looked(database, NOW - timedelta(days=1))
    async with database.connected("meetpunt_folder") as folder:
        # What came in while the service was away is published first.
        assert await write_reports(folder, municipality, now=NOW) == 0
        await looked(database, NOW - timedelta(hours=2))
        too_early = NOW - timedelta(hours=2)
        assert await write_reports(folder, municipality, now=too_early) == 0
        assert await write_reports(folder, municipality, now=NOW) == 2
        assert await write_reports(folder, municipality, now=NOW) == 0
    post = Post()
    assert await sent(database, with_reports, post) == 2
    assert await sent(database, with_reports, post) == 0
    assert await states(database) == {
        "publiekszaken": ("sent", None),
        "vergunningen": ("sent", None),
    }
    by_address = {message.recipient.address: message for message in post.sent}
    mail = by_address["publiekszaken@molensloot.example"]
    assert mail.subject == (
        "Publiekszaken, oktober 2026: Geen aantoonbaar verschil met de twaalf maanden ervoor"
    )
    told = r"Aan de balie in oktober 2026: 8,0 \(\d,\d tot \d,\d\), 10 antwoorden\."
    assert re.search(told, mail.plain)
    assert "voorlopig" in mail.plain
    # What was sent is not kept, and the month is not written again after a restart.
    async with database.superuser() as db:
        assert await db.fetchval("select count(plain) from meetpunt.report") == 0
    async with database.connected("meetpunt_folder") as folder:
        later = NOW + timedelta(days=20)
        assert await write_reports(folder, municipality, now=later) == 0


async def test_of_a_month_before_the_first_figures_nobody_gets_a_mail(
    database: Database, municipality: Municipality
) -> None:
    await looked(database, NOW)
    async with database.connected("meetpunt_folder") as folder:
        assert await write_reports(folder, municipality, now=NOW) == 0
        await counted_from(database, date(2026, 11, 1))
        await counted_from(database, date(2026, 9, 1), code="GM9002")
        assert await write_reports(folder, municipality, now=NOW) == 0
        # Its answers came in October, and filled their batch later.
        await counted_from(database, OCTOBER)
        assert await write_reports(folder, municipality, now=NOW) == 2


async def test_what_was_being_sent_when_the_process_died_is_not_sent_again(
    database: Database, with_reports: Catalogue, municipality: Municipality
) -> None:
    await counted_from(database)
    await looked(database, NOW)
    async with database.connected("meetpunt_folder") as folder:
        await write_reports(folder, municipality, now=NOW)
    killed = Post(asyncio.CancelledError)
    with pytest.raises(asyncio.CancelledError):
        await sent(database, with_reports, killed)
    assert [state for state, _ in (await states(database)).values()].count("sending") == 1
    async with database.superuser() as db:
        await db.execute("update meetpunt.report set held_until = now() where state = 'sending'")
    after = Post()
    assert await sent(database, with_reports, after) == 1
    assert after.asked == [killed.sent[0].reference]
    assert killed.sent[0].reference not in {message.reference for message in after.sent}
    assert sorted((await states(database)).values()) == [
        ("sent", None),
        ("unknown", "process-lost"),
    ]
    # Whoever runs this is told, by the doctor, who asks the database which day it is.
    async with database.superuser() as db:
        await db.execute("update meetpunt.report set changed_on = current_date")
    async with database.connected("meetpunt_folder") as folder:
        reports = await folder.fetchrow(REPORTS_NOT_SENT)
    assert (reports["lost"], reports["why"]) == (1, "process-lost")


async def test_what_a_relay_refuses_for_now_waits_and_is_the_same_mail_again(
    database: Database, with_reports: Catalogue, municipality: Municipality
) -> None:
    await counted_from(database)
    await looked(database, NOW)
    async with database.connected("meetpunt_folder") as folder:
        await write_reports(folder, municipality, now=NOW)
    post = Post(RefusedForNow("unreachable"), RefusedForGood("recipient-refused"))
    assert await sent(database, with_reports, post) == 0
    assert sorted((await states(database)).values()) == [
        ("failed", "recipient-refused"),
        ("waiting", "unreachable"),
    ]
    assert await sent(database, with_reports, post) == 0  # not due yet
    async with database.superuser() as db:
        await db.execute("update meetpunt.report set due = now() where state = 'waiting'")
    assert await sent(database, with_reports, post) == 1
    assert post.sent[2].reference == post.sent[0].reference


async def test_who_is_told_to_stop_hears_what_came_of_a_mail_and_begins_no_other(
    database: Database, with_reports: Catalogue
) -> None:
    begun, answers = asyncio.Event(), asyncio.Event()

    class Slow(Post):
        async def send(self, message: OutgoingMessage) -> Outcome:
            begun.set()
            await answers.wait()
            return await super().send(message)

    async with database.connected("meetpunt_folder") as folder:
        for department in ("publiekszaken", "vergunningen"):
            await put_report(
                folder,
                municipality="GM9001",
                month=OCTOBER,
                department=department,
                id=uuid4(),
                subject="Oktober",
                plain="Tekst",
                today=NOW.date(),
            )
    sending = asyncio.create_task(sent(database, with_reports, Slow()))
    async with asyncio.timeout(10):
        await begun.wait()
        sending.cancel()
        asyncio.get_running_loop().call_later(0.02, answers.set)
        with pytest.raises(asyncio.CancelledError):
            await sending
    # One that was cut off would be unknown, and the department would have no page.
    assert sorted((await states(database)).values()) == [("sent", None), ("waiting", None)]


async def test_a_municipality_whose_relay_is_slow_keeps_no_other_waiting(
    database: Database, with_reports: Catalogue
) -> None:
    others_have_it = asyncio.Event()

    class Slow(Post):
        async def send(self, message: OutgoingMessage) -> Outcome:
            await others_have_it.wait()
            return await super().send(message)

    class Quick(Post):
        async def send(self, message: OutgoingMessage) -> Outcome:
            others_have_it.set()
            return await super().send(message)

    class Posts:
        def of(self, municipality: str, name: str) -> Post:
            return {"molensloot": slow, "waterakker": quick}[municipality]

    slow, quick = Slow(), Quick()
    there = with_reports.municipality("waterakker")
    departments = tuple(
        msgspec.structs.replace(each, mail="kcc@waterakker.example") for each in there.departments
    )
    waterakker = msgspec.structs.replace(
        there, departments=departments, reports=MonthlyReports(sender="proef")
    )
    others = [each for each in with_reports.municipalities.values() if each.slug != "waterakker"]
    files = Catalogue([*others, waterakker], with_reports.questionnaires)
    async with database.connected("meetpunt_folder") as folder:
        for code, department in (("GM9001", "publiekszaken"), ("GM9002", "dienstverlening")):
            await put_report(
                folder,
                municipality=code,
                month=OCTOBER,
                department=department,
                id=uuid4(),
                subject="Oktober",
                plain="Tekst",
                today=NOW.date(),
            )
    async with asyncio.timeout(10):
        assert await sent(database, files, Posts()) == 2
    assert (len(slow.sent), len(quick.sent)) == (1, 1)


# As Postgres says that a statement took too long, and that there is no memory for it.
@pytest.mark.parametrize("code", ["57014", "53200"])
async def test_a_report_that_asks_too_much_keeps_no_other_municipality_from_its_own(
    database: Database, catalogue: Catalogue, code: str
) -> None:
    both = [with_mail(catalogue.municipality(slug)) for slug in ("molensloot", "waterakker")]
    task = writing_reports(Catalogue(both, catalogue.questionnaires), clock=lambda: NOW)
    holder = uuid4()
    await looked(database, NOW)
    await looked(database, NOW, "GM9002")
    await counted_from(database)
    await counted_from(database, code="GM9002")
    async with database.superuser() as db, database.connected("meetpunt_folder") as folder:
        await db.execute(
            f"""alter view bi_molensloot.dim_afdeling rename to before;
            create function bi_molensloot.given_up() returns boolean language plpgsql as
                $$ begin raise exception 'given up' using errcode = '{code}'; end $$;
            create view bi_molensloot.dim_afdeling as
                select * from bi_molensloot.before where bi_molensloot.given_up();
            grant select on bi_molensloot.dim_afdeling to meetpunt_reads_bi_molensloot"""
        )
        assert await take(folder, TaskName.WRITE_REPORTS, holder)
        try:
            await task.work(folder, holder)
        finally:
            await db.execute(
                "drop view bi_molensloot.dim_afdeling; drop function bi_molensloot.given_up;"
                " alter view bi_molensloot.before rename to dim_afdeling"
            )
        assert await db.fetchval("select array_agg(municipality) from meetpunt.report") == [
            "GM9002"
        ]


async def test_who_reads_a_long_report_keeps_the_task_meanwhile(
    database: Database, municipality: Municipality
) -> None:
    holder = uuid4()
    async with (
        database.connected("meetpunt_folder") as folder,
        database.connected("meetpunt_folder") as other,
    ):
        assert await take(folder, TaskName.WRITE_REPORTS, holder)
        held = partial(hold, folder, TaskName.WRITE_REPORTS, holder=holder)
        await folder.execute(
            "update meetpunt.task set held_until = now() where name = 'write-reports'"
        )
        async with as_reader(folder, "molensloot", first=held) as reader:
            assert not await take(other, TaskName.WRITE_REPORTS, uuid4())
            with pytest.raises(asyncpg.PostgresError):
                await reader.execute("delete from meetpunt.report")


@pytest.mark.parametrize(
    ("outcome", "at", "state"),
    [
        (Accepted(), NOW, "sent"),
        (RefusedForGood("text-refused"), NOW, "failed"),
        (RefusedForNow("too-many"), NOW, "waiting"),
        # A month later nobody waits for it any more.
        (RefusedForNow("too-many"), datetime(2026, 12, 1, tzinfo=UTC), "failed"),
        (Unknown("no-answer"), NOW, "unknown"),
        (None, NOW, "unknown"),
    ],
)
async def test_what_becomes_of_a_report(outcome: Outcome | None, at: datetime, state: str) -> None:
    taken = Taken(municipality="GM9001", month=OCTOBER, department="x", id=uuid4(), attempts=1)
    assert became(outcome, taken, now=at)[0] == state


async def test_it_is_read_with_a_readers_rights_and_nothing_is_left_of_them(
    database: Database,
) -> None:
    async with database.connected("meetpunt_folder") as folder:
        # By itself it reads no view, so nobody forgets to ask for a reader's rights.
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await folder.fetch("select * from bi_molensloot.stand")
        async with as_reader(folder, "molensloot") as reader:
            role = await reader.fetchval("select current_user")
            assert role == "meetpunt_reads_bi_molensloot"
            report = await read_department(reader, "publiekszaken", OCTOBER, today=today_here())
            assert (report.municipality, report.series) == ("Molensloot", ())
            with pytest.raises(DepartmentUnknown):
                await read_department(reader, "publiek", OCTOBER, today=today_here())
        assert await folder.fetchval("select current_user") == "meetpunt_folder"
        assert "bi_" not in await folder.fetchval("show search_path")
        for forbidden in (
            "select * from bi_molensloot.toelichting",
            "select * from bi_waterakker.stand",
            "select * from lees.reactie",
            "select * from meetpunt.response",
            "delete from meetpunt.report",
        ):
            with pytest.raises(asyncpg.PostgresError):
                async with as_reader(folder, "molensloot") as reader:
                    await reader.fetch(forbidden)


async def test_who_sends_reads_no_view_and_may_not_act_as_a_reader(database: Database) -> None:
    async with database.connected("meetpunt_work") as work:
        for forbidden in (
            "set role meetpunt_reads_bi_molensloot",
            "select * from bi_molensloot.stand",
            "insert into meetpunt.report select * from meetpunt.report",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await work.execute(forbidden)

"""An outbox that nobody empties is noticed: by /readyz, by metrics, in the log, by the doctor."""

import pytest

from ingest.doctor import installation, invitations
from ingest.doctor.findings import Mark
from ingest.doctor.sight import FOLDER, INGEST, OWNER, WORK
from ingest.invitations.outbox_status import LATE_AFTER_SECONDS, TASK, OutboxStatus, read_outbox
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.running import metrics
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, wrongs
from tests.inviting import contact, inviting, take_in
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def late(database: Database, catalogue: Catalogue, keys: Keys) -> Database:
    """Two messages that should have gone out ten minutes ago."""
    await take_in(database, Taking(inviting(catalogue), keys), [contact(1), contact(2)])
    async with database.superuser() as db:
        await db.execute("update meetpunt.outbox set due = now() - interval '10 minutes'")
    return database


def test_what_is_due_may_wait_for_five_minutes() -> None:
    status = OutboxStatus(waiting=1, due=1, due_seconds=LATE_AFTER_SECONDS - 1, sending=0)
    assert status.why_late() is None
    assert status.why_late(elapsed_seconds=2) == "1 due, the first for 299 seconds"
    none = OutboxStatus(waiting=5, due=0, due_seconds=0, sending=0)
    assert none.why_late(elapsed_seconds=3600) is None


def test_what_nobody_holds_any_more_is_looked_up_within_five_minutes() -> None:
    status = OutboxStatus(waiting=0, due=0, due_seconds=0, sending=50, left_seconds=301)
    assert status.why_late() == "being sent by nobody any more for 301 seconds"
    held = OutboxStatus(waiting=0, due=0, due_seconds=0, sending=50)
    assert held.why_late(elapsed_seconds=3600) is None


@pytest.mark.parametrize(
    ("rows", "reason", "is_told"),
    [
        (1, "folder-unwritable", True),
        (1, "key-refused", True),
        (4, "provider-busy", False),
        (5, "provider-busy", True),
    ],
)
async def test_a_provider_that_refuses_again_and_again_is_told(
    database: Database, catalogue: Catalogue, keys: Keys, rows: int, reason: str, is_told: bool
) -> None:
    """A single mailbox that is full is nobody's concern."""
    contacts = [contact(number) for number in range(rows)]
    await take_in(database, Taking(inviting(catalogue), keys), contacts)
    for attempts, told in ((2, False), (3, is_told)):
        async with database.superuser() as db:
            await db.execute(
                "update meetpunt.outbox set attempts = $1, reason = $2,"
                " due = now() + interval '1 hour'",
                attempts,
                reason,
            )
        async with database.connected("meetpunt_ingest") as db:
            why = (await read_outbox(db)).why_late()
        assert why == (f"{rows} refused again and again: {reason}" if told else None)


async def test_a_late_outbox_is_told_by_readyz_and_keeps_no_response_away(
    late: Database, serve: Serve
) -> None:
    async with serve() as served:
        await served.service.tasks.look()
        await served.service.outbox.look()
        told = await served.client.get("/readyz")
    assert told.status_code == 200
    # By its name alone: residents may ask this too, and how much is due is none of their business.
    assert {"task": TASK} in told.json()["lateTasks"]
    assert {key for each in told.json()["lateTasks"] for key in each} == {"task"}


async def test_metrics_and_the_log_tell_it_once_and_when_it_is_over(
    late: Database, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "meetpunt")
    async with serve() as served:
        watch = served.service.outbox
        for _ in range(2):
            await watch.look()
            watch.tell(in_log=True)
        assert f'task_late{{task="{TASK}"}} 1.0' in metrics.exposition().decode()
        assert 'outbox_rows{state="due"} 2.0' in metrics.exposition().decode()
        async with late.superuser() as db:
            await db.execute("delete from meetpunt.outbox")
        await watch.look()
        watch.tell(in_log=True)
    assert f'task_late{{task="{TASK}"}} 0.0' in metrics.exposition().decode()
    told = [line["event"] for line in lines_of(caplog) if line.get("kind") == TASK]
    assert told == ["task_late", "task_runs_again"]


@pytest.mark.parametrize("role", [WORK, INGEST, FOLDER])
async def test_the_doctor_sees_it_as_any_role_of_the_service(late: Database, role: str) -> None:
    (told,) = wrongs(await seen(sight_of(late, roles=(role,)), invitations.examine))
    assert told.startswith(
        "Waiting to be sent: 2 messages, 2 of them due; being sent: 0. 2 due, the"
    )


async def test_the_owner_alone_sees_nothing_of_it(late: Database) -> None:
    found = await seen(sight_of(late, roles=(OWNER,)), invitations.examine)
    assert marks(found) == [Mark.UNSEEN]


@pytest.mark.parametrize(
    ("today", "each_day_before", "told"),
    [
        (999, 0, ""),
        (1_000, 0, "1000 numbers and addresses opted out of messages of molensloot"),
        (1_000, 101, ""),
        (1_020, 101, "usual are 101 a day"),
    ],
)
async def test_a_day_on_which_far_more_than_usual_opt_out_is_told_to_the_owner(
    database: Database, today: int, each_day_before: int, told: str
) -> None:
    async with database.superuser() as db:
        for count, first, last in ((today, 0, 0), (each_day_before, 7, 96)):
            await db.execute(
                "insert into meetpunt.opted_out (municipality, code, since)"
                " select 'GM9001', sha256(format('%s/%s', day, number)::bytea), current_date - day"
                " from generate_series($2::int, $3) as day, generate_series(1, $1) as number",
                count,
                first,
                last,
            )
    found = await seen(sight_of(database), invitations.examine)
    assert marks(found)[1:] == ([Mark.LOOK] if told else [])
    assert told in sentences(found, Mark.LOOK)
    assert marks(await seen(sight_of(database, roles=(INGEST,)), invitations.examine)) == [Mark.OK]


async def test_the_doctor_says_when_nobody_can_send(database: Database) -> None:
    found = await seen(sight_of(database), installation.examine)
    assert "MEETPUNT_WORK_URL is not set" in sentences(found, Mark.LOOK)
    assert marks(await seen(sight_of(database), invitations.examine)) == [Mark.OK]

"""An operator cancels the wait for a standby that is away: nobody may be thanked for that commit.

Postgres calls such a commit a success, with a warning. The control does not hear the warning.
"""

import asyncio
import re
import tempfile
from pathlib import Path

import asyncpg
import click
import httpx
import msgspec

from ingest.postgres.server import SUPERUSER, EmbeddedPostgres
from ingest.tokens.keys import load_keys
from tests.system.flood import Flood, flooding
from tests.system.outcome import Outcome, tell
from tests.system.running import free_port, running, serving

_EACH = 100
_CLIENTS = 32
# What was thanked for before the wait is in the clients' hands by then; and what is thanked after.
_SETTLES_SECONDS = 0.1
_WAITS = (
    "select pid from pg_stat_activity"
    " where wait_event = 'SyncRep' and application_name = 'meetpunt writer'"
)


class Found(msgspec.Struct, kw_only=True):
    """What came of so many waits that were cancelled; `thanked`: for what was not replicated."""

    cancelled: int = 0
    thanked: int = 0
    counted: int = 0  # in the metric
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    double: int = 0
    gap: float = 0


async def drilled(times: int, *command: str) -> Found:
    """Take the standby away, cancel a wait for it, and bring it back, so many times."""
    found, metrics = Found(), f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        with running(data, *command, MEETPUNT_METRICS_ADDRESS=metrics) as service:
            superuser = EmbeddedPostgres(data).url(SUPERUSER)
            db = await asyncpg.connect(superuser)
            keys = load_keys(data / "keys.json")
            async with flooding(service.port, keys, _CLIENTS) as flood:
                for _ in range(times):
                    await flood.more(_EACH)
                    await _cancel_one(db, flood, found)
                await flood.more(_EACH)
                found.gap = flood.gap()
            await db.close()
            stored = await flood.verdict(superuser)
            async with httpx.AsyncClient() as client:
                text = (await client.get(f"http://{metrics}/metrics")).text
        counted = re.search(r"^db_syncrep_cancelled_total (\S+)", text, re.MULTILINE)
        found.counted = int(float(counted[1])) if counted else 0
    for name in ("acknowledged", "stored", "lost", "double"):
        setattr(found, name, getattr(stored, name))
    return found


async def _cancel_one(db: asyncpg.Connection, flood: Flood, found: Found) -> None:
    await _name(db, "somebody")
    async with asyncio.timeout(30):
        while (waits := await db.fetchval(_WAITS)) is None:
            await db.execute("select pg_sleep(0.01)")
    await asyncio.sleep(_SETTLES_SECONDS)
    before = len(flood.thanked)
    found.cancelled += await db.fetchval("select pg_cancel_backend($1)::integer", waits)
    await asyncio.sleep(_SETTLES_SECONDS)
    found.thanked += len(flood.thanked) - before
    await _name(db, "")


async def _name(db: asyncpg.Connection, standby: str) -> None:
    await db.execute(f"alter system set synchronous_standby_names = '{standby}'")
    await db.execute("select pg_reload_conf()")


@click.command()
@click.argument("times", default=100, type=click.IntRange(1, 10_000))
def cancelled(times: int) -> None:
    """Cancel the wait for a standby that is away, TIMES times; nobody may be thanked for it.

    And a control that does not hear Postgres' warning, which has to thank.
    """
    deaf = asyncio.run(drilled(3, *serving("tests.system.careless:hears_no_warning")))
    click.echo(f"control: {deaf}")
    found = asyncio.run(drilled(times))
    click.echo(found)
    tell(
        Outcome(
            fault="F11",
            what="the wait for a standby cancelled by an operator",
            acknowledged=found.acknowledged,
            stored=found.stored,
            # With the standby as the next leader they would be gone.
            lost=found.lost + found.thanked,
            double=found.double,
            gap=found.gap,
            control=deaf.thanked,
            shows="thanked for, not replicated",
            rounds=found.cancelled,
        )
    )
    wrong = {
        "something was lost or doubled": found.lost or found.double,
        "somebody was thanked for what was not replicated": found.thanked,
        "the metric missed some": found.counted < found.cancelled,
        "the control thanked nobody": not deaf.thanked,
    }
    if faults := [what for what, is_so in wrong.items() if is_so]:
        raise click.ClickException("; ".join(faults))

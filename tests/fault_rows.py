"""What each drill found, as lines of the table of `make faults`; docs/faults.md has the numbers."""

from collections.abc import Iterator, Mapping, Sequence

from tests.browser.kiosk.drill import Drill as Tablets
from tests.restoring import Drill as Restored
from tests.system import failover, invitation_drill, signals_drill, task_drill, writeback_drill
from tests.system.backlog import Backlog
from tests.system.clock_jump import ClockJump
from tests.system.full_disk import Filled
from tests.system.ha import drill as ha
from tests.system.ledger import Verdict
from tests.system.one_machine import Installed
from tests.system.outcome import Outcome
from tests.system.promises import Kept
from tests.system.rolling import Rolled
from tests.system.upgrade_drill import Upgraded


def of_kill(kept: Verdict, control: Verdict | None, rounds: int) -> Outcome:
    return Outcome(
        fault="F01",
        what="`kill -9` of everything at once",
        acknowledged=kept.acknowledged,
        stored=kept.stored,
        lost=kept.lost,
        double=kept.double,
        gap=kept.gap,
        control=None if control is None else control.lost,
        rounds=rounds,
    )


def of_disk(what: str, found: Sequence[Filled], control: Filled | None) -> Outcome:
    acknowledged = sum(
        each.acknowledged_before + each.acknowledged_while_full + each.acknowledged_after
        for each in found
    )
    lost, double = sum(each.lost for each in found), sum(each.double for each in found)
    return Outcome(
        fault="F04",
        what=f"a full disk, {what}",
        acknowledged=acknowledged,
        stored=acknowledged - lost + double,
        lost=lost,
        double=double,
        gap=max(each.gap for each in found),
        control=None if control is None else control.lost,
        rounds=len(found),
    )


def of_replica(runs: Sequence[Mapping[str, Mapping[str, Kept]]]) -> Outcome:
    """The first of the ways is the service as it is, the other its control."""
    kept, control = (
        [each for found in runs for each in found[way].values()] for way in failover.WAYS
    )
    acknowledged = sum(each.acknowledged for each in kept)
    lost, double = sum(each.lost for each in kept), sum(each.double for each in kept)
    return Outcome(
        fault="F10",
        what="a standby cut off, everybody sends again, fail over to it",
        acknowledged=acknowledged,
        stored=acknowledged - lost + double,
        lost=lost,
        double=double,
        control=sum(each.lost for each in control),
        rounds=len(runs),
    )


# Of the plan's numbers: a failover, and a standby that is not there.
_OF_HA = {"alone": "F09"}


def of_ha(found: ha.Found, control: ha.Found | None) -> Outcome:
    acknowledged = sum(kept.acknowledged for kept in found.kinds.values())
    return Outcome(
        fault=_OF_HA.get(found.fault, "F08"),
        what=f"three machines, {found.lane}: {found.fault}",
        acknowledged=acknowledged,
        stored=acknowledged - found.lost + found.double,
        lost=found.lost,
        double=found.double,
        gap=found.gap_seconds,
        control=None if control is None else control.lost,
        rounds=found.rounds,
    )


def of_rolling(proxied: Rolled, direct: Rolled) -> Outcome:
    return Outcome(
        fault="F13",
        what="two copies restarted in turn, behind HAProxy",
        acknowledged=proxied.sent - proxied.errors_after_one_retry,
        stored=proxied.stored,
        lost=max(0, proxied.sent - proxied.errors_after_one_retry - proxied.stored),
        double=proxied.double,
        control=direct.raw_errors,
        shows="errors at the first try, without HAProxy",
        rounds=proxied.restarts,
    )


def of_kiosk(kept: Tablets, control: Tablets, rounds: int) -> Outcome:
    return Outcome(
        fault="F15",
        what="`kill -9` of a tablet's browser, offline",
        acknowledged=kept.thanked,
        stored=kept.stored,
        lost=kept.lost,
        double=kept.double,
        control=control.lost,
        rounds=rounds,
    )


def of_items(found: Backlog, control: Backlog | None) -> Outcome:
    return Outcome(
        fault="F16",
        what="a tablet's long queue, replies to a seventh lost",
        acknowledged=found.items,
        stored=found.items - found.lost + found.double,
        lost=found.lost,
        double=found.double,
        control=None if control is None else control.double,
        shows="double",
    )


def of_backup(way: str, found: Restored) -> Outcome:
    return Outcome(
        fault="F17",
        what=f"all destroyed, restored to a mark ({way})",
        acknowledged=found.sent_before,
        stored=found.there_before + found.there_after,
        lost=found.sent_before - found.there_before,
        double=found.there_after,
        gap=found.restore_seconds,
        control=found.sent_after - found.there_after,
        shows="of after the mark gone",
    )


def of_machine(found: Installed) -> Outcome:
    return Outcome(
        fault="F17",
        what="a bare Debian installed, destroyed and restored",
        acknowledged=found.thanked,
        stored=found.restored,
        lost=max(0, found.thanked - found.restored),
        double=max(0, found.restored - found.thanked),
    )


def of_upgrade(proxied: Upgraded, direct: Upgraded) -> Outcome:
    acknowledged = proxied.sent - proxied.errors_after_one_retry
    return Outcome(
        fault="F18",
        what="migrated and replaced under load, behind HAProxy",
        acknowledged=acknowledged,
        stored=acknowledged - proxied.lost + proxied.double,
        lost=proxied.lost,
        double=proxied.double,
        control=direct.raw_errors,
        shows="errors at the first try, without HAProxy",
    )


def of_invitations(lanes: Mapping[str, invitation_drill.Found]) -> Iterator[Outcome]:
    for lane in invitation_drill.LANES[:-1]:
        found = lanes[lane]
        yield Outcome(
            fault="F21",
            what=f"`kill -9` of who sends invitations, provider {lane}",
            acknowledged=found.occasions,
            stored=found.one + 2 * found.double,
            lost=found.lost,
            double=found.double,
            control=lanes["control"].double if lane == "asked" else None,
            shows="sent twice",
            rounds=found.rounds,
        )


def of_writeback(lanes: Mapping[str, writeback_drill.Found]) -> Outcome:
    kept, control = (lanes[lane] for lane in writeback_drill.LANES)
    return Outcome(
        fault="F22",
        what="`kill -9` between an answer and what Signalen is told",
        acknowledged=kept.thanked,
        stored=kept.thanked - kept.lost + kept.double,
        lost=kept.lost + kept.not_told,
        double=kept.double + kept.told_twice,
        control=control.refused,
        shows="refused, and stored nowhere",
        rounds=kept.rounds,
    )


def of_signals(lanes: Mapping[str, signals_drill.Found]) -> Outcome:
    kept, *control = (lanes[lane] for lane in signals_drill.LANES if lane in lanes)
    return Outcome(
        fault="F19",
        what="`kill -9` of who tells webhooks and departments",
        acknowledged=kept.signals,
        stored=kept.signals - kept.lost + kept.double,
        lost=kept.lost,
        double=kept.double,
        control=control[0].lost if control else None,
        shows="told to nobody",
        rounds=kept.rounds,
    )


def of_tasks(drilled: task_drill.Drilled) -> Outcome:
    found: Sequence[task_drill.Found] = list(drilled.lanes.values())
    return Outcome(
        fault="F23",
        what="a worker killed in the middle of its tasks, another stopped",
        # Of tasks nobody is thanked.
        acknowledged=0,
        stored=0,
        lost=sum(lane.not_run for lane in found),
        # Counted by Postgres, which sums in numbers of its own.
        double=int(sum(lane.twice for lane in found)),
        gap=max(lane.seconds for lane in found),
        control=len(drilled.control),
        shows="tasks not run",
        rounds=sum(lane.starts for lane in found),
    )


def of_clock(found: ClockJump) -> Outcome:
    return Outcome(
        fault="F24",
        what="a clock 400 days ahead, then two hours back",
        acknowledged=found.texts,
        stored=found.texts - found.destroyed_wrongly,
        lost=found.destroyed_wrongly,
        control=found.control,
        shows="destroyed, for somebody answered for that clock",
    )

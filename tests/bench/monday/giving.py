"""What one step found, and what gave in it. Pure."""

import msgspec

from tests.bench.monday.dashboards import Read
from tests.bench.monday.player import Played
from tests.bench.monday.publisher import Looked
from tests.bench.monday.requests import A_SYNC, EXPECTED

SLOW_MS = 1_000
"""Where one in a hundred waits longer until an answer is stored, it gave."""

_BUSY = 0.9
"""A core that is busy for so much of the time has nothing left."""


class Cores(msgspec.Struct, frozen=True, kw_only=True):
    """How many cores were busy on average over these seconds.

    `machine` is all of them, whoever used them.
    """

    seconds: float

    service: float
    postgres: float
    load: float
    machine: float


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The hour so many `times` as dense; `sent` is all messages until now."""

    times: float
    played: Played
    stored: int
    wal_bytes: int
    sent: int
    read: Read
    published: Looked
    cores: Cores

    @property
    def serving_cores(self) -> float:
        """Of service and Postgres, without what dashboards and publishing cost Postgres."""
        return self.cores.service + self.cores.postgres - self.dashboards - self.publishing

    @property
    def dashboards(self) -> float:
        """Cores of Postgres that dashboards kept busy."""
        return self.read.postgres_cpu_us / 1_000_000 / self.cores.seconds

    @property
    def publishing(self) -> float:
        """Cores of Postgres that publishing kept busy, for as long as it went on."""
        return self.published.postgres_cpu_us / 1_000_000 / self.published.seconds

    def told(self) -> str:
        """In a sentence."""
        submit, cores = self.played.kinds["submit"], self.cores
        wrong = unexpected(self)
        return (
            f"submit p99 {submit.p99_ms:,.0f} ms, {sum(wrong.values())} went wrong {wrong or ''};"
            f" cores: service {cores.service:.2f}, Postgres {cores.postgres:.2f}, load"
            f" {cores.load:.2f}, all {cores.machine:.2f}; load late {self.played.late_ms:.0f} ms"
        )


def thanked_for(played: Played) -> int:
    """How many responses were said to be stored."""
    ok = {kind: waits.statuses.get(str(EXPECTED[kind]), 0) for kind, waits in played.kinds.items()}
    return ok.get("submit", 0) + ok.get("kiosk", 0) * A_SYNC


def unexpected(step: Step) -> dict[str, int]:
    """How many requests had another status than was expected, by kind and status."""
    return {
        f"{kind} {status}": many
        for kind, waits in step.played.kinds.items()
        for status, many in waits.statuses.items()
        if status != str(EXPECTED[kind])
    }


def gave(step: Step) -> bool:
    """Whether something gave: residents wait too long for their thanks, or were refused."""
    return step.played.kinds["submit"].p99_ms > SLOW_MS or bool(unexpected(step))


def what_gives(step: Step, *, cores: int) -> str:
    """What had nothing left in this step, in a sentence."""
    used = step.cores
    others = used.machine - used.service - used.postgres - used.load
    shares = (
        f"service {used.service:.2f}, Postgres {used.postgres:.2f}, the load {used.load:.2f},"
        f" others {others:.2f} of {cores} cores"
    )
    if not gave(step):
        what = "nothing yet"
    elif used.load >= _BUSY:
        what = "the program that makes the load"
    elif used.service >= _BUSY:
        what = "the one worker of the service"
    elif used.machine < _BUSY * cores:
        what = "no processor"
    elif others > max(used.service, used.postgres):
        what = "the machine, which did other work"
    else:
        what = "the machine as a whole"
    return f"{what}, at the hour times {step.times:g}: {shares}"

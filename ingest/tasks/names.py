"""Every task that runs beside the requests, in one list, and when one is late."""

from enum import StrEnum, unique

LEASE_SECONDS = 15.0
"""How long a worker keeps a task after its last sign of life."""

MISSED_PERIODS = 3


@unique
class TaskName(StrEnum):
    """The key of a row in `meetpunt.task`; of two tasks under one name, one would never run."""

    PUBLISH = "publish"
    PURGE = "purge"
    WATCH_KIOSKS = "watch-kiosks"
    END_LONG_READERS = "end-long-readers"
    COVER = "cover"

    @property
    def period_seconds(self) -> float:
        """The longest time between two runs; the demo publishes more often."""
        return _PERIOD_SECONDS[self]

    @property
    def late_after_seconds(self) -> float:
        """The rule: a task is late when it has not run for three of its periods and a lease."""
        return MISSED_PERIODS * self.period_seconds + LEASE_SECONDS


_PERIOD_SECONDS = {
    TaskName.PUBLISH: 60.0,
    TaskName.PURGE: 3600.0,
    TaskName.WATCH_KIOSKS: 60.0,
    TaskName.END_LONG_READERS: 60.0,
    TaskName.COVER: 60.0,
}

"""Every task that runs beside the requests, in one list, and when one is late."""

from enum import StrEnum, unique

LEASE_SECONDS = 15.0
"""For how long a task stays with a worker that says nothing more."""

MISSED_PERIODS = 3


@unique
class TaskName(StrEnum):
    """The key of a row in `meetpunt.task`: two tasks under one name, and one of them never runs."""

    PUBLISH = "publish"
    PURGE = "purge"
    WATCH_KIOSKS = "watch-kiosks"
    END_LONG_READERS = "end-long-readers"

    @property
    def period_seconds(self) -> float:
        """How long after one run the next begins, at the latest; the demo publishes sooner."""
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
}

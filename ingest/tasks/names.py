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
    FOLLOW_NOTIFICATIONS = "follow-notifications"
    POLL_CASES = "poll-cases"
    POLL_CONTACTS = "poll-contacts"
    TELL_SIGNALS = "tell-signals"
    WRITE_REPORTS = "write-reports"
    SEND_REPORTS = "send-reports"

    @property
    def period_seconds(self) -> float:
        """The longest time between two runs; the demo publishes more often."""
        return _PERIOD_SECONDS[self]

    @property
    def of_work(self) -> bool:
        """Whether it is done as meetpunt_work, by who sends invitations.

        Where nobody ever did it, nobody there is told of contacts that way, and it is not late.
        """
        return self in _OF_WORK

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
    TaskName.FOLLOW_NOTIFICATIONS: 5.0,
    TaskName.POLL_CASES: 900.0,
    TaskName.POLL_CONTACTS: 60.0,
    TaskName.TELL_SIGNALS: 30.0,
    TaskName.WRITE_REPORTS: 900.0,
    TaskName.SEND_REPORTS: 60.0,
}

_OF_WORK = frozenset(
    {
        TaskName.FOLLOW_NOTIFICATIONS,
        TaskName.POLL_CASES,
        TaskName.POLL_CONTACTS,
        TaskName.TELL_SIGNALS,
        TaskName.SEND_REPORTS,
    }
)

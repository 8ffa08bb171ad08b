"""Every advisory lock that we take, in one list: of two tasks under one number one never runs."""

from enum import IntEnum, unique

_OURS = 7_203_151_000
"""Any number that is ours, so that other programs in the same database have others."""


@unique
class Lock(IntEnum):
    """What is held, and for how long."""

    MIGRATE = _OURS + 946
    """Whoever migrates, for the session."""

    PUBLISH = _OURS + 947
    """Whoever publishes, rebuilds or moves the day of what was destroyed, for the transaction."""

    PURGE = _OURS + 948
    """Whoever purges, for the session."""

    SERVING_PURGE = _OURS + 949
    """The worker that purges every hour."""

    SERVING_PUBLISH = _OURS + 950
    """The worker that publishes while the service runs."""

    SERVING_KIOSKS = _OURS + 951
    """The worker that looks at the kiosks."""

    SERVING_READERS = _OURS + 952
    """The worker that ends readers' sessions that are open for too long."""

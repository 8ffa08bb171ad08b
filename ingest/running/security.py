"""Security events: each is counted; the log gets at most one line a minute for each kind.

They hold no address: the proxy's log has it, at the same moment. They are not stored in the
database, or a stranger could fill it.
"""

import threading
import time
from collections.abc import Callable
from enum import StrEnum, unique

from ingest.running import metrics
from ingest.running.logs import log


@unique
class SecurityEvent(StrEnum):
    """Every kind there is."""

    API_KEY_UNKNOWN = "api-key-unknown"
    """A call for links without a key, or with one that is wrong, revoked or somebody else's."""

    CONNECTOR_REFUSED = "connector-refused"
    """A message for a connector that is not there, or that its key did not sign."""

    SENDER_SECRET_UNKNOWN = "sender-secret-unknown"  # noqa: S105  (a name, and no secret)
    """Who tells of messages without the secret of their sender, or with a wrong one."""

    OPT_OUTS_CROWDED = "opt-outs-crowded"
    """A form for no more messages, taken or not, while more are sent than a town does."""

    CALLBACKS_CROWDED = "callbacks-crowded"
    """A form of who wants to be called, taken or not, while more are sent than can be called."""

    SIGNATURE_REFUSED = "signature-refused"
    """A batch, or a question after a pairing, that the key it names did not sign."""

    KIOSK_UNKNOWN = "kiosk-unknown"
    """A batch of a kiosk that was never enrolled here."""

    PAIRING_KEY_UNREADABLE = "pairing-key-unreadable"
    """A pairing with something that is no key."""

    PAIRING_CODE_EXPIRED = "pairing-code-expired"
    """A question after a code that is not, or no longer, to be enrolled."""


class SecurityEvents:
    """Counts and logs events. The first of a kind is logged at once; later ones after `seconds`.

    The later ones share one line. `clock` gives seconds and never goes back. `later` calls a
    function after some seconds, and returns a function that cancels this. Call `close` at the end.
    """

    def __init__(
        self,
        *,
        seconds: float = 60,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], Callable[[], None]] | None = None,
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._later = later or _in_a_thread
        self._quiet_until: dict[SecurityEvent, float] = {}
        self._untold: dict[SecurityEvent, int] = {}
        self._call_off: dict[SecurityEvent, Callable[[], None]] = {}
        self._held = threading.Lock()

    def happened(self, kind: SecurityEvent) -> None:
        """One more of this kind."""
        metrics.security_events.labels(kind=kind).inc()
        with self._held:
            quiet_seconds_left = self._quiet_until.get(kind, float("-inf")) - self._clock()
            if quiet_seconds_left > 0 or kind in self._untold:
                self._untold[kind] = self._untold.get(kind, 0) + 1
                if self._untold[kind] == 1:
                    self._call_off[kind] = self._later(quiet_seconds_left, lambda: self._tell(kind))
                return
            self._quiet_until[kind] = self._clock() + self._seconds
        _log(kind, 1)

    def close(self) -> None:
        """Log at once what would have been logged later. May be called more than once."""
        with self._held:
            put_off = list(self._call_off.items())
        for kind, call_off in put_off:
            call_off()
            self._tell(kind)

    def _tell(self, kind: SecurityEvent) -> None:
        """Log how many came since the last line, and wait again before the next one."""
        with self._held:
            count = self._untold.pop(kind, 0)
            self._call_off.pop(kind, None)
            if not count:
                return  # another thread has just logged them
            self._quiet_until[kind] = self._clock() + self._seconds
        _log(kind, count)


def _log(kind: SecurityEvent, count: int) -> None:
    log("security_event", level="warning", kind=kind, count=count)


def _in_a_thread(seconds: float, call: Callable[[], None]) -> Callable[[], None]:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()
    return timer.cancel


security = SecurityEvents()
"""Of this process."""

"""A network that can be switched off: what a tablet reaches the service through."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Gate:
    """Passes connections on to a service; while it is shut they are refused, and open ones cut."""

    def __init__(self, service: str) -> None:
        """`service` is its URL."""
        self._there = _address(service)
        self._listening: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._port = 0
        self.open()

    @property
    def url(self) -> str:
        """Where the tablet looks. A browser counts localhost as safe, so that it has keys."""
        return f"http://localhost:{self._port}"

    def leads_to(self, service: str) -> None:
        """From now on another service answers."""
        self.shut()
        self._there = _address(service)
        self.open()

    def open(self) -> None:
        """Let everything through, on the same port as before."""
        if self._listening is not None:
            return
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._listening = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def shut(self) -> None:
        """The cable is out."""
        if self._listening is not None:
            # A thread that waits in accept() keeps the port; this wakes it.
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._there)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {one, other}
        one.close()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


@contextlib.contextmanager
def gate_to(service: str) -> Iterator[Gate]:
    """A gate for as long as the block lasts."""
    gate = Gate(service)
    try:
        yield gate
    finally:
        gate.shut()

"""Ask this machine for the addresses of a name, in threads that nothing else waits for."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future

type_of_lookup = Callable[[str, int], Awaitable[list[str]]]
"""A host and a port to addresses, as the system writes them. Raises OSError."""

_SECONDS = 10.0
_MOST = 32


class Lookups:
    """One thread at a time for a name: who asks for it meanwhile waits for the same answer.

    A directory of names that does not answer holds its thread for as long as the system asks it,
    and nobody can stop that; who waits gives up after `seconds`. Above `most` names at once, no
    more are asked for.
    """

    def __init__(self, *, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._asking: dict[tuple[str, int], Future[list[str]]] = {}
        self._lock = threading.Lock()

    async def __call__(self, host: str, port: int) -> list[str]:
        """Every address of the name. Raises OSError, of which TimeoutError is one."""
        answer = self._asked(host, port)
        async with asyncio.timeout(self._seconds):
            # Who goes away does not take the answer from those who wait on.
            return await asyncio.shield(asyncio.wrap_future(answer))

    def _asked(self, host: str, port: int) -> Future[list[str]]:
        with self._lock:
            if (host, port) in self._asking:
                return self._asking[host, port]
            if len(self._asking) >= self._most:
                raise OSError("too many names that nobody answers for")
            answer: Future[list[str]] = Future()
            self._asking[host, port] = answer
        # Not one of a pool: a process that ends would wait for those.
        threading.Thread(target=self._ask, args=(host, port, answer), daemon=True).start()
        return answer

    def _ask(self, host: str, port: int, answer: Future[list[str]]) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as failure:
            self._forget(host, port)
            answer.set_exception(failure)
        else:
            self._forget(host, port)
            answer.set_result(list(dict.fromkeys(str(place[0]) for *_, place in found)))

    def _forget(self, host: str, port: int) -> None:
        with self._lock:
            del self._asking[host, port]


system_lookup = Lookups()
"""What this machine makes of a name."""

"""Find a host once, look at every address that it has, and connect to one of exactly those."""

import asyncio
import os
import socket
from collections.abc import Iterable

import httpcore2

from ingest.outgoing.counted_bytes import Closing, CountedStream
from ingest.outgoing.looking_up import system_lookup, type_of_lookup
from ingest.outgoing.places import Address, address_of, is_private, may_reach


class NotSent(Exception):
    """Nothing went out; `reason` is a code of ours, and the message has nothing of the other's."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def may_call_this_machine() -> bool:
    """Whether the administrator lets files of municipalities name this machine itself.

    Read from the environment: whoever writes such a file must not be able to say so.
    """
    return os.environ.get("MEETPUNT_LOOPBACK") == "1"


class Guard:
    """Resolves and judges for one host; with `private` it may lie in a network of one's own.

    This machine itself is reached where its administrator says so, too (`MEETPUNT_LOOPBACK`).
    With `in_the_clear` it must: what is not encrypted goes over no network of others. Where one
    address takes nobody for `seconds_each`, there is time for the next.
    """

    def __init__(
        self,
        *,
        private: bool,
        in_the_clear: bool = False,
        look_up: type_of_lookup = system_lookup,
        seconds_each: float = 2.0,
    ) -> None:
        self.seconds_each = seconds_each
        self._private = private
        self._in_the_clear = in_the_clear
        self._look_up = look_up

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Every address of the host. Raises `NotSent`, also when we refuse even one of them."""
        try:
            found = [address_of(text) for text in await self._look_up(host, port)]
        except (OSError, UnicodeError):
            raise NotSent("unreachable") from None
        except ValueError:
            raise NotSent("destination-refused") from None
        if not found:
            raise NotSent("unreachable")
        # A name that leads to us as well as to itself is somebody's attempt, and not to be trusted.
        if not all(self._may_reach(address) for address in found):
            raise NotSent("destination-refused")
        return found

    def _may_reach(self, address: Address) -> bool:
        if self._in_the_clear and not is_private(address):
            return False
        return may_reach(address, private=self._private, here=may_call_this_machine())

    async def connect(self, host: str, port: int) -> socket.socket:
        """A connection to the first address that takes one. Raises `NotSent`."""
        loop = asyncio.get_running_loop()
        for address in await self.addresses(host, port):
            family = socket.AF_INET if address.version == 4 else socket.AF_INET6
            made = socket.socket(family, socket.SOCK_STREAM)
            made.setblocking(False)
            try:
                async with asyncio.timeout(self.seconds_each):
                    await loop.sock_connect(made, (str(address), port))
            except OSError:  # TimeoutError is one
                made.close()
            except BaseException:
                made.close()
                raise
            else:
                return made
        raise NotSent("unreachable")


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """How httpcore2 gets its connections: to an address that was looked at, and never by a name."""

    def __init__(self, guard: Guard, most_raw_bytes: int, closing: Closing) -> None:
        """`most_raw_bytes` of an answer are read, and no more."""
        self._guard = guard
        self._closing = closing
        self._most_raw_bytes = most_raw_bytes
        self._plain = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore2 calls it so)
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Called once for each connection. Raises `NotSent`."""
        for address in await self._guard.addresses(host, port):
            try:
                stream = await self._plain.connect_tcp(
                    str(address), port, self._guard.seconds_each, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
            return CountedStream(stream, self._most_raw_bytes, self._closing)
        raise NotSent("unreachable")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore2 calls it so)
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A socket of this machine is no neighbour. Raises `NotSent`."""
        raise NotSent("destination-refused")

    async def sleep(self, seconds: float) -> None:
        """As it is."""
        await self._plain.sleep(seconds)

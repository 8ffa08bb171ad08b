"""The only way in which we call somebody else's API: one host, looked at, with limits.

Nothing that comes back is ever followed or repeated: no redirect, no name, no text.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from typing import Any

import httpcore2
import msgspec

from ingest.outgoing.connecting import Guard, GuardedBackend, NotSent
from ingest.outgoing.counted_bytes import BESIDE_BODY, Closing
from ingest.outgoing.looking_up import system_lookup, type_of_lookup

MOST_SECONDS = 5.0
"""For one call: the name, the connection and the whole answer together."""

MOST_BYTES = 64_000
"""Of an answer's body, unless a client is made for lists."""

_CONNECTIONS = 64
_LAST_PORT = 65_535
# A connection that stands idle for longer may be closed by the other side just as we write on it,
# and then nobody knows whether the call arrived.
_IDLE_SECONDS = 1.0

_BASE = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~-]+)*)/?"
)
_TARGET = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*")
# Whatever a browser or `inet_aton` would read as a number: 2130706433, 0x7f.1, 0177.0.0.1, 127.1.
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


class PerhapsSent(Exception):
    """The call may have arrived, and what became of it is not known; `reason` is a code of ours."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Answer(msgspec.Struct, frozen=True):
    """What a neighbour answered. `headers` have lower-case names, the last of each."""

    status: int
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        # Providers repeat the number in what they say.
        return f"Answer(status={self.status})"

    def json(self) -> Any:
        """The body as JSON; None where it is not."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return None

    @property
    def retry_after_seconds(self) -> float | None:
        """What the provider asks us to wait, where it says so in seconds."""
        told = self.headers.get("retry-after", "")
        return float(told) if re.fullmatch(r"[0-9]{1,6}", told) else None


class Client:
    """Calls one API at `base_url` (`https://host/path`), and nothing else on earth.

    `private` allows a host that is not public. `tls` and `look_up` are of this machine unless told
    otherwise. Raises ValueError for a base that is no plain address.
    """

    def __init__(
        self,
        base_url: str,
        *,
        private: bool = False,
        tls: ssl.SSLContext | None = None,
        look_up: type_of_lookup = system_lookup,
        most_seconds: float = MOST_SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        match = _BASE.fullmatch(base_url)
        port = int(match["port"] or 0) if match else 0
        if match is None or not is_one_host(match["host"]) or port > _LAST_PORT:
            raise ValueError(
                "no plain web address: a scheme, a host, a port if need be, and a path"
            )
        self.base_url = base_url
        self._scheme = match["scheme"]
        self._host = match["host"].strip("[]")
        self._port = port or None
        self._path = match["path"]
        self._most_seconds = most_seconds
        self._most_bytes = most_bytes
        self._tls = tls or trusting_this_machine("http")
        self._guard = Guard(
            private=private,
            in_the_clear=self._scheme == "http",
            look_up=look_up,
            seconds_each=0.4 * most_seconds,
        )
        self._pool: httpcore2.AsyncConnectionPool | None = None
        self._closing = Closing()

    async def call(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Make one call of `target`, which begins with a slash and comes after the base's path.

        Raises `NotSent` or `PerhapsSent`, and ValueError for a target that is none.
        """
        if not _TARGET.fullmatch(target):
            raise ValueError("a target is a path, and a query if need be")
        request = _Request(method, self._url(target), headers or {}, body)
        try:
            async with asyncio.timeout(self._most_seconds):
                return await request.made_through(self._connections(), self._most_bytes)
        except TimeoutError:
            raise request.failed("no-answer") from None
        except httpcore2.TimeoutException:
            raise request.failed("no-answer") from None
        except httpcore2.RemoteProtocolError:
            raise request.failed("answer-unreadable") from None
        except (httpcore2.NetworkError, OSError) as broken:
            if is_about_certificate(broken):
                raise NotSent("certificate-refused") from None
            raise request.failed("connection-lost") from None

    async def close(self) -> None:
        """Close every connection; the next call makes new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()
        await self._closing.all_closed()

    def _url(self, target: str) -> httpcore2.URL:
        path = f"{self._path}{target}".encode("ascii")
        return httpcore2.URL(scheme=self._scheme, host=self._host, port=self._port, target=path)

    def _connections(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=_CONNECTIONS,
                keepalive_expiry=_IDLE_SECONDS,
                network_backend=GuardedBackend(
                    self._guard, self._most_bytes + BESIDE_BODY, self._closing
                ),
            )
        return self._pool


@cache
def trusting_this_machine(_protocol: str) -> ssl.SSLContext:
    """Trusts whom this machine trusts (`SSL_CERT_FILE` names others); to read that takes a while.

    One for each protocol: httpcore2 writes into it that it speaks HTTP.
    """
    return ssl.create_default_context()


def is_about_certificate(failure: BaseException | None) -> bool:
    """Whether this failed because we do not believe who is at the other side."""
    while failure is not None:
        if isinstance(failure, ssl.SSLCertVerificationError):
            return True
        failure = failure.__cause__ or failure.__context__
    return False


class _Request:
    """One call, and whether any of it went out."""

    def __init__(
        self, method: str, url: httpcore2.URL, headers: Mapping[str, str], body: bytes
    ) -> None:
        self._on_its_way = False
        host = url.host.decode("ascii")
        shown = f"[{host}]" if ":" in host else host
        lines = {
            "Host": shown if url.port is None else f"{shown}:{url.port}",
            "User-Agent": "Meetpunt",
            "Accept": "application/json",
            # Packed bytes would have to be unpacked before they can be counted.
            "Accept-Encoding": "identity",
            **headers,
        }
        if body:
            lines["Content-Length"] = str(len(body))
        self._request = httpcore2.Request(
            method,
            url,
            headers=list(lines.items()),
            content=body,
            extensions={"trace": self._notice},
        )

    async def made_through(self, pool: httpcore2.AsyncConnectionPool, most_bytes: int) -> Answer:
        response = await pool.handle_async_request(self._request)
        try:
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in response.headers
            }
            if headers.get("content-encoding", "identity") != "identity":
                raise PerhapsSent("answer-unreadable")
            body = bytearray()
            async for piece in response.aiter_stream():
                body += piece
                if len(body) > most_bytes:
                    raise PerhapsSent("answer-unreadable")
            return Answer(response.status, headers, bytes(body))
        finally:
            await response.aclose()

    def failed(self, reason: str) -> NotSent | PerhapsSent:
        """Before the first byte went out nothing happened; after it nobody knows."""
        return PerhapsSent(reason) if self._on_its_way else NotSent("unreachable")

    async def _notice(self, event: str, _info: Any) -> None:
        if event == "http11.send_request_headers.started":
            self._on_its_way = True


def is_one_host(host: str) -> bool:
    """Whether this is a name, or an address in its only usual spelling."""
    inside = host.strip("[]")
    if ":" in inside or _ENDS_IN_A_NUMBER.fullmatch(inside):
        try:
            address = ip_address(inside)
        except ValueError:
            return False
        # An IPv4 address that is written as one of IPv6 has another spelling, its own.
        return str(address) == inside and getattr(address, "ipv4_mapped", None) is None
    return ".." not in host

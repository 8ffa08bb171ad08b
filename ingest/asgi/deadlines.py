"""Close connections of clients that are too slow or send too much, before the application runs.

uvicorn waits for ever for a head or a body and takes a head of any size. This protocol bounds both.
A request that arrives in one piece, as nearly all do, sets no timer.

When this worker is about to stop, replies carry `Connection: close`: a client must not send its
next request over a connection that is just being closed.
"""

import asyncio

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from ingest.asgi.lifecycle import this_worker
from ingest.asgi.one_piece import InOnePiece

# How long a refused client may go on sending. Closing while its bytes are still on their way would
# reset the connection, and the client would never read why it was refused.
_LINGER_SECONDS = 2.0

_REASONS = {
    400: b"The request is not valid HTTP.",
    405: b"The method is not known.",
    408: b"The request took too long to arrive.",
    414: b"The address is too long.",
    431: b"The headers are too long.",
}


class Deadlines(msgspec.Struct, frozen=True, kw_only=True):
    """How long a client may take, and how much it may say before its body."""

    head_seconds: float = 10.0  # from connecting, or the first byte of a later request
    body_seconds: float = 15.0  # from the end of the head
    unread_seconds: float = 30.0  # that a client takes nothing of an answer that fills our buffer
    head_bytes: int = 16_384  # request line and headers
    url_bytes: int = 4_096


class _Refused(Exception):
    """Stops the parser: `status` says why."""


class DeadlineProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn with `deadlines`. Make one with `protocol_with`."""

    deadlines = Deadlines()
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    # The scope whose body we wait for; False while we wait for a head; None: we wait for nothing.
    _waits_for: object = None
    _head_bytes = 0  # since the head began: at least its length
    _refused_with: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a client that connects and sends nothing as long as it would have for a head."""
        super().connection_made(transport)
        self.timeout_keep_alive_task = self.loop.call_later(
            self.deadlines.head_seconds, self.timeout_keep_alive_handler
        )

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every timer of this connection."""
        self._stop_waiting()
        self.resume_writing()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, then set a timer if the head or the body is not complete yet."""
        if self._refused_with is not None:
            return
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        self._head_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # Answered as an ordinary request: RFC 9110, 7.8.
        except httptools.HttpParserError as error:
            self._refuse(_status(error))
            return
        cycle = self.cycle
        if cycle is None or cycle.scope is not self.scope:
            self._expect_head()
        elif cycle.more_body:
            self._expect_body()
        else:
            self._head_bytes = 0
            if self._deadline is not None:
                self._stop_waiting()

    def on_headers_complete(self) -> None:
        """Refuse a head that is too long or does not name exactly one host."""
        if self._head_bytes > self.deadlines.url_bytes:
            if len(self.url) > self.deadlines.url_bytes:
                raise _Refused(414)
            if _length(self.url, self.headers) > self.deadlines.head_bytes:
                raise _Refused(431)
        hosts = [name for name, _ in self.headers if name == b"host"]
        # RFC 9112, 3.2; in HTTP/1.0, which health checks still speak, there may be none.
        if len(hosts) != 1 and (hosts or self.parser.get_http_version() != "1.0"):
            raise _Refused(400)
        super().on_headers_complete()
        cycle = self.cycle
        has_body = self.scope["method"] != "HEAD" and not self.expect_100_continue
        if cycle is not None and cycle.scope is self.scope:
            if this_worker.draining:
                cycle.keep_alive = False
            if has_body:
                cycle.transport = InOnePiece(self.transport)

    def _expect_head(self) -> None:
        if self._head_bytes > self.deadlines.head_bytes:
            self._refuse(414 if len(self.url) > self.deadlines.url_bytes else 431)
        elif self._waits_for is not False:
            self._wait(False, self.deadlines.head_seconds)

    def _expect_body(self) -> None:
        self._head_bytes = 0
        if self._waits_for is not self.scope:
            self._wait(self.scope, self.deadlines.body_seconds)

    def _wait(self, awaited: object, seconds: float) -> None:
        self._stop_waiting()
        self._waits_for = awaited
        self._deadline = self.loop.call_later(seconds, self._too_slow)

    def _stop_waiting(self) -> None:
        self._waits_for = None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self._refuse(408)

    def _refuse(self, status: int) -> None:
        """Answer with `status` where no other answer is under way, then close.

        What the client still sends is thrown away for a moment: see `_LINGER_SECONDS`.
        """
        self._refused_with = status
        self._stop_waiting()
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        cycle = self.cycle
        head_owed = cycle is None or cycle.scope is not self.scope
        can_answer = cycle is None or (
            cycle.response_complete if head_owed else not cycle.response_started
        )
        if self.pipeline or not can_answer:
            self.transport.close()
            return
        self.flow.resume_reading()
        self.transport.write(self._refusal(status))
        if cycle is not None and not head_owed:
            # The application waits for a body that will not come.
            cycle.disconnected = True
            cycle.message_event.set()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(_LINGER_SECONDS, self.transport.abort)

    def _refusal(self, status: int) -> bytes:
        reason = _REASONS[status] + b"\n"
        lines = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            lines += [name, b": ", value, b"\r\n"]
        if status == 405:
            lines.append(b"allow: GET, HEAD, POST, OPTIONS\r\n")
        lines.append(
            b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\n"
            b"cache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            b"connection: close\r\n\r\n" % len(reason)
        )
        return b"".join([*lines, reason])

    def pause_writing(self) -> None:
        """The client reads more slowly than we write: close if it reads nothing for too long."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self.deadlines.unread_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client read enough for us to go on writing."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        if self.flow is not None:
            super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; abort it where the client never read our last answer."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()


def protocol_with(deadlines: Deadlines) -> type[DeadlineProtocol]:
    """The protocol class to hand to uvicorn as `http`."""
    return type("DeadlineProtocol", (DeadlineProtocol,), {"deadlines": deadlines})


def _length(url: bytes, headers: list[tuple[bytes, bytes]]) -> int:
    """Bytes of a head on the wire: names, values, colons, spaces and line ends."""
    return len(url) + 16 + sum(len(name) + len(value) + 4 for name, value in headers)


def _status(error: httptools.HttpParserError) -> int:
    refused = error.__context__
    if isinstance(refused, _Refused):
        return int(refused.args[0])
    return 405 if isinstance(error, httptools.HttpParserInvalidMethodError) else 400

"""A mail relay: aiosmtpd receives, and on a bad day says what it is told to say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "meetpunt", "een wachtwoord"


class Relay:
    """What came in, and what is answered to each step; `ended` happens once the mail is in."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.encrypted: list[bool] = []
        self.logged_in: list[bool] = []
        self.answers = {"from": "250 OK", "to": "250 OK", "data": "250 OK"}
        self.ended: Callable[[SMTP], Awaitable[None]] | None = None

    async def handle_MAIL(  # noqa: N802  (aiosmtpd calls it so)
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """From whom."""
        envelope.mail_from = address
        return self.answers["from"]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd calls it so)
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """To whom."""
        envelope.rcpt_tos.append(address)
        return self.answers["to"]

    async def handle_DATA(  # noqa: N802  (aiosmtpd calls it so)
        self, server: SMTP, session: Any, envelope: Any
    ) -> str:
        """The mail itself."""
        if self.answers["data"].startswith("250"):
            mail = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(mail, EmailMessage)
            self.received.append(mail)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
            assert server.transport is not None
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
            self.logged_in.append(session.authenticated)
        if self.ended:
            await self.ended(server)
        return self.answers["data"]


def _known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


@asynccontextmanager
async def relay(
    *, start_tls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Relay]:
    """A relay on a port of 127.0.0.1, encrypted from the start, when asked to be, or not at all."""
    theirs = Relay()
    loop = asyncio.get_running_loop()
    open_ones: list[SMTP] = []

    def made() -> SMTP:
        one = SMTP(
            theirs,
            loop=loop,
            hostname="relay.example",
            tls_context=start_tls,
            require_starttls=start_tls is not None,
            authenticator=_known,
            auth_require_tls=tls is None,
        )
        open_ones.append(one)
        return one

    server = await loop.create_server(made, "127.0.0.1", 0, ssl=tls)
    theirs.port = server.sockets[0].getsockname()[1]
    try:
        yield theirs
    finally:
        server.close()
        for one in open_ones:
            if one.transport is not None:
                one.transport.abort()  # type: ignore[attr-defined]
        await server.wait_closed()

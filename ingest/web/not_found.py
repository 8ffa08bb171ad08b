"""The one reply to every address that is none, in plain ASGI."""

from ingest.asgi.edge import header, reply, type_of_scope, type_of_send
from ingest.pages.pages import Pages


async def reply_not_found(scope: type_of_scope, send: type_of_send, pages: Pages) -> None:
    """Reply with the page that everybody gets at this host, whatever was wrong."""
    page, lines = pages.hosts.not_found(header(scope, b"host").decode("latin-1"))
    await reply(scope, send, 404, lines.identity, page)

"""An application behind the protocol of a worker, on a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from ingest.asgi.deadlines import Deadlines, protocol_with


@asynccontextmanager
async def listening(app: Any, deadlines: Deadlines) -> AsyncIterator[tuple[int, ServerState]]:
    """Gives the port of 127.0.0.1, and the connections that are open; ends those at the end."""
    config = uvicorn.Config(
        app,
        http=protocol_with(deadlines),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        server_header=False,
    )
    config.load()
    protocol: Any = config.http_protocol_class
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1], state
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        await asyncio.gather(*state.tasks)
        await server.wait_closed()

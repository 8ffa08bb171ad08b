"""A service with uvicorn's access log on: the control that shows that marks would be found."""

import logging
from typing import Any

from uvicorn.logging import AccessFormatter

from ingest.app import from_environment as as_it_should_be


def from_environment() -> Any:
    """What a worker serves."""
    application = as_it_should_be()

    async def with_access_log(scope: Any, receive: Any, send: Any) -> None:
        # The first of all scopes, after uvicorn was told that nobody wants this log.
        if scope["type"] == "lifespan":
            handler = logging.StreamHandler()
            handler.setFormatter(AccessFormatter('%(client_addr)s "%(request_line)s"'))
            logger = logging.getLogger("uvicorn.access")
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
        await application(scope, receive, send)

    return with_access_log

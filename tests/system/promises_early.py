"""A service that acknowledges before it commits: the control that shows that the ledger notices."""

import asyncio
import os

from ingest.app import create_app, service_from
from ingest.responses.statements import NewResponse
from ingest.responses.writer import Writer
from ingest.settings import settings_from
from ingest.web.front import Front

FLUSHED_AFTER_SECONDS = 0.5


class PromisesEarly(Writer):
    """Says "stored" at once and writes later, as a buffer that is flushed now and then would."""

    def store(self, response: NewResponse) -> asyncio.Future[None]:
        loop = asyncio.get_running_loop()
        loop.call_later(FLUSHED_AFTER_SECONDS, super().store, response)
        told: asyncio.Future[None] = loop.create_future()
        told.set_result(None)
        return told


def from_environment() -> Front:
    """What a worker serves."""
    service = service_from(settings_from(os.environ))
    service.writer.__class__ = PromisesEarly
    return create_app(service)

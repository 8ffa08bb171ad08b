"""A service that acknowledges before it commits: the control that shows that the ledger notices."""

import asyncio
import os
from typing import cast

from ingest.app import create_app, service_from
from ingest.front import Front
from ingest.settings import settings_from
from ingest.store import NewResponse
from ingest.writer import Writer


class PromisesEarly(Writer):
    """Says "stored" as soon as a response is queued, as a buffer in memory would."""

    def store(self, response: NewResponse) -> asyncio.Future[None]:
        super().store(response)
        told = asyncio.get_running_loop().create_future()
        told.set_result(None)
        return cast("asyncio.Future[None]", told)


def from_environment() -> Front:
    """What a worker serves."""
    service = service_from(settings_from(os.environ))
    service.writer.__class__ = PromisesEarly
    return create_app(service)

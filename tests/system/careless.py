"""Services that are wrong on purpose, each in one way: the controls of drills."""

import asyncio
import os
from typing import Any

import asyncpg
import msgspec

from ingest import service
from ingest.app import create_app, service_from
from ingest.responses import storing_connection, writer
from ingest.responses.statements import NewResponse
from ingest.settings import settings_from
from ingest.web.front import Front
from tests.system.replicated import at_once

_FOR_EVER_SECONDS = 3600.0


def waits_for_ever() -> Front:
    """Never gives up on a commit, as a client without a time limit would."""
    made = service_from(settings_from(os.environ))
    made.options = msgspec.structs.replace(made.options, commit_seconds=_FOR_EVER_SECONDS)
    return create_app(made)


def one_after_another() -> Front:
    """Tries hosts in their order within one time limit, as asyncpg does by itself."""
    service.connect = _in_order  # type: ignore[attr-defined]
    return create_app(service_from(settings_from(os.environ)))


async def _in_order(url: str, **options: Any) -> asyncpg.Connection:
    return await asyncpg.connect(url, **options)


def hears_no_warning() -> Front:
    """Takes a commit that did not wait for its standby for one that did."""
    for module in (writer, storing_connection, service):
        module.acknowledged = at_once  # type: ignore[attr-defined]
    return create_app(service_from(settings_from(os.environ)))


class Hoard(writer.Writer):
    """Stores each response, and keeps it."""

    kept: list[NewResponse] = []  # noqa: RUF012 - that it is never emptied is what it is for

    def store(self, response: NewResponse) -> asyncio.Future[None]:
        self.kept.append(response)
        return super().store(response)


def keeps_everything() -> Front:
    """Grows with each response."""
    made = service_from(settings_from(os.environ))
    made.writer.__class__ = Hoard
    return create_app(made)

"""The service that the failover drill runs, and the one of before: the control that has to lose."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from ingest import service
from ingest.app import create_app, service_from
from ingest.invitations import minting as invitations
from ingest.responses import completion, storing_connection
from ingest.settings import settings_from
from ingest.web.front import Front

COMMIT_SECONDS = 0.5
"""Instead of five, so that a drill is short: who sends again does so within the outage."""


def waits() -> Front:
    """What a worker serves, and gives up on a commit sooner."""
    made = service_from(settings_from(os.environ))
    made.options = msgspec.structs.replace(made.options, commit_seconds=COMMIT_SECONDS)
    return create_app(made)


def does_not_wait() -> Front:
    """As it was: what is there already is told at once, and a connection is taken unproved."""
    for module in (completion, invitations, service):
        module.acknowledged = at_once  # type: ignore[attr-defined]
    storing_connection._prove = _unproved  # type: ignore[assignment]
    return waits()


@asynccontextmanager
async def at_once(_db: asyncpg.Connection) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Stands in for `acknowledged`, and hears nothing of what a commit warns of."""

    async def wait_for_replicas() -> None:
        """Waits for nothing."""

    yield wait_for_replicas


async def _unproved(_db: asyncpg.Connection, *, room: bool) -> None:
    """Takes the connection's word for it."""

"""Builds the application: the only place where the parts meet."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from litestar import Litestar
from litestar.di import Provide

from ingest.asgi.lifecycle import this_worker
from ingest.audit import AUDIT_DAYS
from ingest.clock import now_in_utc
from ingest.connectors.signalen.permitting import MOST_DELAY_SECONDS
from ingest.connectors.signalen.writing import (
    USUAL_WRITING_PACE,
    WritingBack,
    WritingPace,
    working_on_reports,
)
from ingest.connectors.work import ConnectorWork
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.followup.pushing.work import Telling
from ingest.invitations.sending import Work
from ingest.invitations.working import MESSAGES, senders_of, work_of
from ingest.kiosk.shell import Shell
from ingest.kiosk.watching import watching
from ingest.municipalities.catalogue import (
    Catalogue,
    as_written,
    load_catalogue,
    type_of_adapting,
)
from ingest.reporting.plan import plan_of
from ingest.reporting.upkeep import publishing
from ingest.reports.sending import sending_reports
from ingest.reports.writing import writing_reports
from ingest.retention.purging import hourly_purge
from ingest.running.logs import log
from ingest.running.metrics import WORKER_VARIABLE
from ingest.service import Options, Service
from ingest.settings import Settings, settings_from
from ingest.tasks.cover import covering
from ingest.tasks.long_readers import ending_long_readers
from ingest.tasks.upkeep import Task, Upkeep
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import KeysUnreadable, load_keys
from ingest.web import refusals
from ingest.web.api_pages import ApiDocument
from ingest.web.front import Front
from ingest.web.residents import HOME
from ingest.web.table import ROUTES, litestar_handlers, routes_of


class Beside(Protocol):
    """What runs beside the requests for as long as the application does."""

    async def start(self) -> None:
        """Begin; waits for nothing that can be away."""

    async def close(self) -> None:
        """End, also while something is on its way."""


def _shell_of(service: Service) -> Shell:
    return _shell(service.catalogue, service.options.base_url)


# A worker has one.
_shell = lru_cache(maxsize=1)(Shell)

# The same for every service. The document itself is built when somebody first asks for it.
_API = ApiDocument(ROUTES)


def create_app(
    service: Service,
    *,
    upkeep: Upkeep | None = None,
    work: Work | None = None,
    connector_work: ConnectorWork | None = None,
    writing: WritingBack | None = None,
    more_beside: tuple[Beside, ...] = (),
    more_routes: tuple[Any, ...] = (),
    dependencies: Mapping[str, Provide] = {},
) -> Front:
    """The ASGI application around one service, with what runs beside it.

    Only the demo gives `more_beside` and `more_routes`; it has a start page of its own.
    """

    @asynccontextmanager
    async def serve_while_open(_app: Litestar) -> AsyncIterator[None]:
        await service.start()
        # All workers see the same tasks, so only the first one reports on them.
        tells = os.environ.get(WORKER_VARIABLE, "0") == "0"
        working = (upkeep, work, connector_work, writing)
        beside = [each for each in (*working, *more_beside) if each is not None]
        await service.tasks.start(tells=tells)
        await service.outbox.start(tells=tells)
        for each in beside:
            await each.start()
        try:
            yield
        finally:
            await service.tasks.close()
            await service.outbox.close()
            await asyncio.gather(*(each.close() for each in beside))
            await service.close()

    routes = [route for route in routes_of(service) if route.path != HOME or not more_routes]
    litestar = Litestar(
        route_handlers=[*litestar_handlers(routes), *more_routes],
        dependencies={
            "service": Provide(lambda: service, sync_to_thread=False),
            "shell": Provide(lambda: _shell_of(service), sync_to_thread=False),
            "api": Provide(lambda: _API, sync_to_thread=False),
            **dependencies,
        },
        exception_handlers={Exception: refusals.refuse(service)},
        lifespan=[serve_while_open],
        openapi_config=None,
        request_max_body_size=64_000,
        logging_config=None,
        middleware=[],
    )
    return Front(litestar, service, routes)


def service_from(
    settings: Settings,
    *,
    adapted: type_of_adapting = as_written,
    report_delay_seconds: float = MOST_DELAY_SECONDS,
) -> Service:
    """One worker's service, from what its parent checked and put into the environment.

    Each municipality is what `adapted` makes of its file; only the demo makes another of it, and
    tells reports sooner.

    Raises what loading files and keys raises: a worker that cannot start must say so.
    """
    if settings.database_url is None or settings.keys_file is None:
        raise RuntimeError("the parent process passes the database and the keys")
    keys_file = settings.keys_file
    service = Service(
        catalogue=load_catalogue(
            settings.config or example_directory(),
            settings.questionnaires or questionnaires_directory(),
            adapted=adapted,
        ),
        keys=load_keys(keys_file),
        database_url=settings.database_url,
        options=Options(
            base_url=settings.base_url,
            workers=settings.workers,
            queue_rows=settings.queue_rows,
            address_limit_per_minute=settings.token_limit_per_address_per_minute,
            touchpoint_limit_per_minute=settings.token_limit_per_touchpoint_per_minute,
            report_delay_seconds=report_delay_seconds,
            tells=settings.tells,
        ),
    )
    this_worker.on_draining(service.drain)
    this_worker.on_reread(lambda: _reread_keys(service, keys_file))
    this_worker.on_reread(service.connectors.reread)
    return service


def upkeep_of(settings: Settings, catalogue: Catalogue, *, at_once: bool = False) -> Upkeep | None:
    """The tasks that run beside the requests; None where no database role for them is set."""
    if settings.folder_url is None:
        log(
            "tasks_off",
            level="warning",
            setting="MEETPUNT_FOLDER_URL",
            reason="nothing is published, counted or removed by this process",
        )
        return None
    tasks = tasks_of(catalogue, at_once=at_once, audit_days=settings.audit_days)
    return Upkeep(settings.folder_url, tasks, files=catalogue.checksum)


def tasks_of(
    catalogue: Catalogue, *, at_once: bool = False, audit_days: int = AUDIT_DAYS
) -> list[Task]:
    """Every task that runs beside the requests; each is done by one worker at a time.

    `at_once`: responses are published at once, as the demo wants it.
    """
    terms = {each.code: each.retention for each in catalogue.municipalities.values()}
    return [
        publishing(plan_of(catalogue, at_once=at_once)),
        hourly_purge(terms, audit_days=audit_days),
        watching(),
        ending_long_readers(),
        covering(),
        writing_reports(catalogue),
    ]


def sending_of(settings: Settings, service: Service) -> Work | None:
    """What sends invitations beside the requests; None without a role to do it as.

    This and the two below are all that tells anybody outside: None where nobody is to be told.
    """
    if settings.work_url is None or not settings.tells:
        return None
    senders = senders_of(service.catalogue, settings.data)
    this_worker.on_reread(senders.reread)
    return work_of(
        settings.work_url,
        catalogue=service.catalogue,
        keys=service.keys,
        tokens=service.tokens,
        providers=senders,
        base_url=settings.base_url,
        busy=lambda: service.writer.busy,
    )


def connector_work_of(
    settings: Settings,
    service: Service,
    *,
    seconds: float | None = None,
    clock: Callable[[], datetime] = now_in_utc,
    folder: Path | None = None,
    telling_seconds: float | None = None,
) -> ConnectorWork | None:
    """What connectors do beside the requests, telling of signals, and reports; None without a role.

    `seconds` and `clock` are those of `ConnectorWork`. `folder` is where mail becomes files, and
    `telling_seconds` how often signals are looked for; only the demo has others than the usual.
    """
    if settings.work_url is None or not settings.tells:
        return None
    telling = Telling(service.catalogue, folder=folder or settings.data / MESSAGES)
    senders = senders_of(service.catalogue, settings.data)
    this_worker.on_reread(senders.reread)
    work = ConnectorWork(
        settings.work_url,
        catalogue=service.catalogue,
        keys=service.keys,
        seconds=seconds,
        clock=clock,
        more=[
            telling.task(seconds=telling_seconds),
            sending_reports(service.catalogue, senders, clock=clock),
        ],
    )
    this_worker.on_reread(work.reread)
    this_worker.on_reread(telling.reread)
    return work


def writing_of(
    settings: Settings, service: Service, pace: WritingPace = USUAL_WRITING_PACE
) -> WritingBack | None:
    """What tells reports what their reporters say; None without a role, or without reports."""
    if settings.work_url is None or not settings.tells:
        return None
    keys = derived_keys(service.keys)
    return working_on_reports(settings.work_url, catalogue=service.catalogue, keys=keys, pace=pace)


def _reread_keys(service: Service, keys_file: Path) -> None:
    try:
        service.use_keys(load_keys(keys_file))
    except KeysUnreadable as unreadable:
        log("keys_unreadable", level="error", reason=str(unreadable))
    else:
        log("keys_reread")


def from_environment() -> Front:
    """What a worker of `meetpunt serve` serves."""
    settings = settings_from(os.environ)
    service = service_from(settings)
    return create_app(
        service,
        upkeep=upkeep_of(settings, service.catalogue),
        work=sending_of(settings, service),
        connector_work=connector_work_of(settings, service),
        writing=writing_of(settings, service),
    )

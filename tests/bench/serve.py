"""Starts the real service: python -m tests.bench.serve FACTORY PORT WORKERS METRICS_PORT."""

import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from ingest.app import (
    connector_work_of,
    create_app,
    service_from,
    upkeep_of,
    writing_of,
)
from ingest.files.resources import questionnaires_directory
from ingest.invitations.sending import Work
from ingest.invitations.working import senders_of, work_of
from ingest.municipalities.catalogue import load_catalogue
from ingest.municipalities.municipality import Municipality
from ingest.running.serving import run_workers
from ingest.service import Options, Service
from ingest.settings import Settings, settings_from
from ingest.tokens.keys import load_keys
from ingest.web.front import Front
from tests.example import example_directory
from tests.inviting import invites, noon


def ungrouped() -> Front:
    """The service whose writer gives each response a transaction of its own."""
    return create_app(_service_with(Options(largest_batch=1)))


def unlimited() -> Front:
    """The service that gives one address as many tokens as it asks for."""
    most = 1_000_000_000
    options = Options(address_limit_per_minute=most, touchpoint_limit_per_minute=2 * most)
    return create_app(_service_with(options))


def sending() -> Front:
    """The service that sends messages into files, whatever the hour."""
    service = _service_with(Options(), invites)
    return create_app(service, work=_sends_at_noon(settings_from(os.environ), service))


def monday() -> Front:
    """All that `meetpunt serve` serves and does beside it; but messages are sent at night too."""
    settings = settings_from(os.environ)
    service = service_from(settings)
    return create_app(
        service,
        upkeep=upkeep_of(settings, service.catalogue),
        work=_sends_at_noon(settings, service),
        connector_work=connector_work_of(settings, service),
        writing=writing_of(settings, service),
    )


def _sends_at_noon(settings: Settings, service: Service) -> Work:
    if settings.work_url is None:
        raise RuntimeError("the bench passes the role that sends")
    return work_of(
        settings.work_url,
        catalogue=service.catalogue,
        keys=service.keys,
        tokens=service.tokens,
        providers=senders_of(service.catalogue, settings.data),
        clock=_next_noon,
        busy=lambda: service.writer.busy,
    )


def _next_noon() -> datetime:
    """A moment at which everything that was asked for by now may be sent."""
    return noon() + timedelta(days=1)


def _service_with(
    options: Options, adapted: Callable[[Municipality], Municipality] = lambda written: written
) -> Service:
    settings = settings_from(os.environ)
    if settings.database_url is None or settings.keys_file is None:
        raise RuntimeError("the bench passes the database and the keys")
    return Service(
        catalogue=load_catalogue(example_directory(), questionnaires_directory(), adapted=adapted),
        keys=load_keys(settings.keys_file),
        database_url=settings.database_url,
        options=options,
    )


def main() -> None:
    factory, port, workers, metrics = sys.argv[1:]
    run_workers(
        factory,
        host="127.0.0.1",
        port=int(port),
        workers=int(workers),
        environment=os.environ,
        drain_seconds=0,
        metrics_address=f"127.0.0.1:{metrics}",
        log_level="warning",
    )


if __name__ == "__main__":
    main()

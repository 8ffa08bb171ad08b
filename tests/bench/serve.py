"""Starts the real service: python -m tests.bench.serve FACTORY PORT WORKERS METRICS_PORT."""

import os
import sys

from ingest.app import create_app
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.running.serving import run_workers
from ingest.service import Options, Service
from ingest.settings import settings_from
from ingest.tokens.keys import load_keys
from ingest.web.front import Front


def ungrouped() -> Front:
    """The service whose writer gives each response a transaction of its own."""
    return _service_with(Options(largest_batch=1))


def unlimited() -> Front:
    """The service that gives one address as many tokens as it asks for."""
    most = 1_000_000_000
    return _service_with(
        Options(address_limit_per_minute=most, touchpoint_limit_per_minute=2 * most)
    )


def _service_with(options: Options) -> Front:
    settings = settings_from(os.environ)
    if settings.database_url is None or settings.keys_file is None:
        raise RuntimeError("the bench passes the database and the keys")
    service = Service(
        catalogue=load_catalogue(example_directory(), questionnaires_directory()),
        keys=load_keys(settings.keys_file),
        database_url=settings.database_url,
        options=options,
    )
    return create_app(service)


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

"""Builds the demo's application: the service itself, test data only, and a page to start at."""

import os

from litestar.di import Provide

from ingest.app import create_app, service_from, upkeep_of
from ingest.demo.arrivals import Watch
from ingest.demo.pages import DemoPages
from ingest.demo.reader_roles import SHOWN
from ingest.demo.routes import ROUTES
from ingest.http.front import Front
from ingest.running.upkeep import Upkeep
from ingest.service import Service
from ingest.settings import settings_from

READER_URL = "DEMO_READER_URL"
"""Environment variable: how the start page reads. Set by the parent process, not by an operator."""


def create_demo(
    service: Service, *, base_url: str, watch: Watch, upkeep: Upkeep | None = None
) -> Front:
    """The application around one service, with a start page that shows what `watch` sees."""
    pages = DemoPages(service.catalogue, base_url, shown=SHOWN)
    return create_app(
        service,
        upkeep=upkeep,
        more_routes=ROUTES,
        dependencies={
            "demo_pages": Provide(lambda: pages, sync_to_thread=False),
            "watch": Provide(lambda: watch, sync_to_thread=False),
        },
    )


def from_environment() -> Front:
    """What the worker of `meetpunt demo` serves."""
    settings = settings_from(os.environ)
    if settings.base_url is None:
        raise RuntimeError("the parent process passes the base URL")
    service = service_from(settings, all_test=True)
    return create_demo(
        service,
        base_url=settings.base_url,
        watch=Watch(os.environ[READER_URL]),
        upkeep=upkeep_of(settings, service.catalogue),
    )

"""Builds the demo's application: the usual service, and a start page."""

import os

from litestar.di import Provide

from ingest.app import create_app, service_from, upkeep_of
from ingest.demo.arrivals import Watch
from ingest.demo.example_site import ExampleSite
from ingest.demo.pages import DemoPages, another_origin
from ingest.demo.reader_roles import SHOWN
from ingest.demo.routes import ROUTES
from ingest.demo.site_routes import ROUTES as SITE_ROUTES
from ingest.service import Service
from ingest.settings import settings_from
from ingest.tasks.upkeep import Upkeep
from ingest.web.front import Front

READER_URL = "DEMO_READER_URL"
"""Environment variable: how the start page reads. Set by the parent process, not by an operator."""


def create_demo(
    service: Service, *, base_url: str, watch: Watch, upkeep: Upkeep | None = None
) -> Front:
    """The application around one service, with a start page that shows what `watch` sees."""
    pages = DemoPages(service.catalogue, base_url, shown=SHOWN)
    online = service.catalogue.touchpoint(SHOWN, "online")
    site = ExampleSite(base_url, online, service.catalogue.questionnaire(online))
    return create_app(
        service,
        upkeep=upkeep,
        more_routes=(*ROUTES, *SITE_ROUTES),
        dependencies={
            "demo_pages": Provide(lambda: pages, sync_to_thread=False),
            "example_site": Provide(lambda: site, sync_to_thread=False),
            "watch": Provide(lambda: watch, sync_to_thread=False),
        },
    )


def from_environment() -> Front:
    """What the worker of `meetpunt demo` serves."""
    settings = settings_from(os.environ)
    if settings.base_url is None:
        raise RuntimeError("the parent process passes the base URL")
    # The files of the example name the usual port alone, and the demo may run on another.
    sites = (settings.base_url, another_origin(settings.base_url))
    service = service_from(settings, more_origins=sites)
    return create_demo(
        service,
        base_url=settings.base_url,
        watch=Watch(os.environ[READER_URL]),
        upkeep=upkeep_of(settings, service.catalogue, at_once=True),
    )

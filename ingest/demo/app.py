"""Builds the demo's application: the usual service, and a start page."""

import os
from datetime import datetime
from pathlib import Path

from litestar.di import Provide

from ingest.app import connector_work_of, create_app, service_from, upkeep_of, writing_of
from ingest.clock import now_in_utc
from ingest.connectors.signalen.writing import WritingBack, WritingPace
from ingest.connectors.work import ConnectorWork
from ingest.demo.arrivals import Watch
from ingest.demo.delivered import Delivered
from ingest.demo.example_site import ExampleSite
from ingest.demo.neighbour_routes import ROUTES as NEIGHBOUR_ROUTES
from ingest.demo.neighbours.openklant import ContactRegister
from ingest.demo.neighbours.openzaak import CaseRegister
from ingest.demo.neighbours.signalen import ReportSystem
from ingest.demo.pages import KIOSK, DemoPages, another_origin
from ingest.demo.played import by_day, played, write_key, write_secret
from ingest.demo.reader_roles import SHOWN
from ingest.demo.report_routes import ROUTES as REPORT_ROUTES
from ingest.demo.routes import ROUTES
from ingest.demo.site_routes import ROUTES as SITE_ROUTES
from ingest.demo.tablet import Tablet
from ingest.demo.telling import Neighbours
from ingest.demo.told import OwnProgram
from ingest.demo.told_routes import ROUTES as TOLD_ROUTES
from ingest.invitations.sending import Pace, Work
from ingest.invitations.working import MESSAGES, senders_of, work_of
from ingest.service import Service
from ingest.settings import Settings, settings_from
from ingest.tasks.upkeep import Upkeep
from ingest.web.front import Front

READER_URL = "DEMO_READER_URL"
"""Environment variable: how the start page reads. Set by the parent process, not by an operator."""

TEXTS_URL = "DEMO_TEXTS_URL"
"""The same, for the one card that shows what residents wrote."""

OWNER_URL = "DEMO_OWNER_URL"
"""The same, for the button that pairs the tablet; set where no other machine can press it."""

SYSTEMS_URL = "DEMO_SYSTEMS_URL"
"""The same, for where systems of the demo are called: on this machine, whatever others call it."""

FOLDER = "demo"
"""In the data folder: the demo's own, so that it takes no message of a service away."""

KEY_FILE = "voys.key"
WEBHOOK_KEY_FILE = "signalen.key"
LIST_FILE = "tien-inwoners.csv"

PACE = Pace(look=0.2)
"""Somebody waits for the message, and looks."""

FOLLOWING_SECONDS = 0.5
"""For the same reason, between two looks at what was notified."""

WRITING_PACE = WritingPace(look=0.2)
TELLING_SECONDS = 1.0


def create_demo(
    service: Service,
    *,
    base_url: str,
    watch: Watch,
    upkeep: Upkeep | None = None,
    work: Work | None = None,
    connector_work: ConnectorWork | None = None,
    messages: Delivered,
    neighbours: Neighbours,
    list_file: Path,
    writing: WritingBack | None = None,
    tablet: Tablet | None = None,
    own_program: OwnProgram | None = None,
) -> Front:
    """The application around one service, with a start page that shows what `watch` sees.

    `neighbours` tell of contacts that ended, and `messages` are those that came of it. `list_file`
    is where a list of residents lies. Without `tablet` an operator pairs it, as in a real service.
    `own_program` is told of signals.
    """
    told = own_program or OwnProgram("")
    pages = DemoPages(
        service.catalogue,
        base_url,
        shown=SHOWN,
        list_file=list_file,
        pairs_tablet=tablet is not None,
        reports=neighbours.reports,
    )
    site = ExampleSite(base_url, service.catalogue)
    return create_app(
        service,
        upkeep=upkeep,
        work=work,
        connector_work=connector_work,
        writing=writing,
        more_beside=(watch, *((tablet,) if tablet else ())),
        more_routes=(*ROUTES, *SITE_ROUTES, *NEIGHBOUR_ROUTES, *TOLD_ROUTES, *REPORT_ROUTES),
        dependencies={
            "demo_pages": Provide(lambda: pages, sync_to_thread=False),
            "example_site": Provide(lambda: site, sync_to_thread=False),
            "watch": Provide(lambda: watch, sync_to_thread=False),
            "messages": Provide(lambda: messages, sync_to_thread=False),
            "neighbours": Provide(lambda: neighbours, sync_to_thread=False),
            "reports": Provide(lambda: neighbours.reports, sync_to_thread=False),
            "cases": Provide(lambda: neighbours.cases, sync_to_thread=False),
            "contacts": Provide(lambda: neighbours.contacts, sync_to_thread=False),
            "tablet": Provide(lambda: tablet, sync_to_thread=False),
            "own_program": Provide(lambda: told, sync_to_thread=False),
        },
    )


def from_environment() -> Front:
    """What the worker of `meetpunt demo` serves."""
    settings = settings_from(os.environ)
    if settings.base_url is None:
        raise RuntimeError("the parent process passes the base URL")
    # The files of the example name the usual port alone, and the demo may run on another.
    sites = (settings.base_url, another_origin(settings.base_url))
    own = settings.data / FOLDER
    key = write_key(own / KEY_FILE)
    webhook_key = own / WEBHOOK_KEY_FILE
    secret = write_secret(webhook_key)
    adapted = played(sites, own / KEY_FILE, os.environ[SYSTEMS_URL], webhook_key)
    service = service_from(settings, adapted=adapted, report_delay_seconds=0.0)
    list_file = own / LIST_FILE
    messages = Delivered(own / MESSAGES / SHOWN)
    messages.empty()
    owner_url = os.environ.get(OWNER_URL)
    return create_demo(
        service,
        base_url=settings.base_url,
        watch=Watch(os.environ[READER_URL], texts_url=os.environ[TEXTS_URL]),
        upkeep=upkeep_of(settings, service.catalogue, at_once=True),
        work=sending_of(settings, service),
        connector_work=connector_work_of(
            settings,
            service,
            seconds=FOLLOWING_SECONDS,
            clock=clock,
            folder=own / MESSAGES,
            telling_seconds=TELLING_SECONDS,
        ),
        messages=messages,
        writing=writing_of(settings, service, WRITING_PACE),
        neighbours=Neighbours(
            service,
            messages,
            key=key,
            list_file=list_file,
            reports=ReportSystem(),
            cases=CaseRegister(os.environ[SYSTEMS_URL]),
            contacts=ContactRegister(os.environ[SYSTEMS_URL]),
            clock=clock,
        ),
        list_file=list_file,
        tablet=Tablet(owner_url, f"{SHOWN}/{KIOSK}") if owner_url else None,
        own_program=OwnProgram(secret),
    )


def sending_of(settings: Settings, service: Service) -> Work | None:
    """What sends in the demo, at any hour; None without a role to do it as."""
    if settings.work_url is None:
        return None
    return work_of(
        settings.work_url,
        catalogue=service.catalogue,
        keys=service.keys,
        tokens=service.tokens,
        providers=senders_of(service.catalogue, settings.data / FOLDER),
        base_url=settings.base_url,
        pace=PACE,
        clock=clock,
    )


def clock() -> datetime:
    """What time it is in the demo."""
    return by_day(now_in_utc())

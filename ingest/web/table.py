"""The table of routes: all that is served, one audience after the other.

Each route is declared beside its handler; those of the demo are in the demo.
"""

from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.handlers import route as litestar_route

from ingest.service import Service
from ingest.web import (
    callbacks,
    contacts,
    documentation,
    iframe_survey,
    integrators,
    kiosk,
    kiosk_pages,
    notifications,
    open_survey,
    operational,
    operators,
    opting_out,
    receipts,
    report_survey,
    residents,
    responses,
    signals,
    survey,
    widget_questions,
    widget_scripts,
)
from ingest.web.declaring import Route

# Of hot routes, the one that is asked for most is tried first.
ROUTES: tuple[Route, ...] = (
    *survey.ROUTES,
    *open_survey.ROUTES,
    *iframe_survey.ROUTES,
    *report_survey.ROUTES,
    *integrators.ROUTES,
    *contacts.ROUTES,
    *notifications.ROUTES,
    *operational.ROUTES,
    *signals.ROUTES,
    *widget_questions.ROUTES,
    *responses.ROUTES,
    *kiosk.ROUTES,
    *receipts.ROUTES,
    *documentation.ROUTES,
    *residents.ROUTES,
    *opting_out.ROUTES,
    *callbacks.ROUTES,
    *operators.ROUTES,
    *kiosk_pages.ROUTES,
)


def routes_of(service: Service) -> tuple[Route, ...]:
    """All that this service serves: the table, and a route for each script that it has."""
    return (*ROUTES, *widget_scripts.routes_of(service.scripts))


def litestar_handlers(routes: Iterable[Route]) -> list[HTTPRouteHandler]:
    """The handlers for those routes that Litestar answers."""
    return [_handler(route, route.answer) for route in routes if route.answer is not None]


def _handler(route: Route, answer: Callable[..., Any]) -> HTTPRouteHandler:
    """Our handlers that are no coroutines only use memory, so they need no thread."""
    threads = None if iscoroutinefunction(answer) else False
    path = route.path.replace("}", ":str}")
    return litestar_route(path, http_method=[route.method], sync_to_thread=threads)(answer)

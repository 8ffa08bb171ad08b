"""Finds the handler of each request in the table of routes.

Survey pages, the questions for a widget, and storing a response are requested far more often than
anything else, and a typed Litestar handler was measured to cost two and a half times as much. So
these routes are `hot`: plain ASGI handlers before everything else. All others go to Litestar.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from ingest.asgi import headers
from ingest.asgi.edge import (
    ClientGone,
    accepts_json,
    header,
    reply,
    type_of_app,
    type_of_receive,
    type_of_scope,
    type_of_send,
)
from ingest.running.logs import log
from ingest.service import Service
from ingest.web.declaring import Route
from ingest.web.not_found import reply_not_found
from ingest.web.problems import Refused
from ingest.web.responses import send_problem

_API = "/api/"


class Front:
    """Answers the hot routes itself and hands the rest on, to `rest`."""

    def __init__(self, rest: type_of_app, service: Service, routes: Iterable[Route]) -> None:
        self.rest = rest
        self._service = service
        self._whole: dict[str, type_of_app] = {}
        under: dict[tuple[str, str], type_of_app] = {}
        hot: dict[Callable[[Service], type_of_app], type_of_app] = {}
        for route in routes:
            if route.hot is None:
                is_api = route.path.startswith(_API)
                app: type_of_app = self._other_api if is_api else self._page
            else:
                app = hot.setdefault(route.hot, self._hot(route, route.hot))
            start, gap, _ = route.path.partition("{")
            if not gap:
                self._whole[route.path] = app
            elif route.hot is not None:
                under[start, route.path.rpartition("}")[2]] = app
        # An unknown address under /api/ is answered as its neighbours are.
        under[_API, ""] = self._other_api
        self._under = tuple((start, end, app) for (start, end), app in under.items())

    async def __call__(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Serve one ASGI event stream."""
        if scope["type"] != "http":
            await self.rest(scope, receive, send)
            return
        path: str = scope["path"]
        app = self._whole.get(path)
        if app is None:
            # Not in a function of its own, because that call was measurably slower.
            for start, end, candidate in self._under:
                if path.startswith(start) and (not end or path.endswith(end)):
                    app = candidate
                    break
        try:
            await (app or self._page)(scope, receive, send)
        except ClientGone:
            return

    def _hot(self, route: Route, build: Callable[[Service], type_of_app]) -> type_of_app:
        """The handler of a hot route; a page gets an apology for a fault, as the API a problem."""
        app = build(self._service)
        if route.path.startswith(_API):
            return app

        async def or_apology(
            scope: type_of_scope, receive: type_of_receive, send: type_of_send
        ) -> None:
            try:
                await app(scope, receive, send)
            except ClientGone:
                raise
            except Exception as fault:
                log("page_failed", level="error", exception=fault)
                page = self._service.pages.message("unavailable")
                await reply(scope, send, 500, self._service.pages.lines().identity, page)

        return or_apology

    async def _page(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        # Litestar reads `//o//x` as `/o/x`; a page has one address.
        if "//" in scope["path"]:
            await reply_not_found(scope, send, self._service.pages)
            return
        await self._hand_on(scope, receive, send)

    async def _other_api(
        self, scope: type_of_scope, receive: type_of_receive, send: type_of_send
    ) -> None:
        """Apply the NL API Design Rules to every request under `/api`, whoever answers it."""
        path: str = scope["path"]
        if path.endswith("/") or "//" in path:
            await send_problem(scope, send, Refused("not-found"))
        elif not accepts_json(header(scope, b"accept")):
            await send_problem(scope, send, Refused("not-acceptable"))
        else:
            await self._hand_on(scope, receive, send, headers.API)

    async def _hand_on(
        self,
        scope: type_of_scope,
        receive: type_of_receive,
        send: type_of_send,
        more: headers.type_of_header_lines = (),
    ) -> None:
        """Pass on to Litestar. It knows no HEAD, which is a GET without the body (RFC 9110)."""
        is_head = scope["method"] == "HEAD"

        async def send_on(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *more]
            elif is_head:
                message["body"] = b""
            await send(message)

        await self.rest({**scope, "method": "GET"} if is_head else scope, receive, send_on)

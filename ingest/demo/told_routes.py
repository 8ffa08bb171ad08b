"""Who is told of signals in the demo: the municipality's own program, and a page that shows it."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency

from ingest.asgi import headers
from ingest.demo.delivered import Delivered
from ingest.demo.pages import LANGUAGES, DemoPages
from ingest.demo.told import PATH, OwnProgram
from ingest.texts.chosen_language import choose_language


@post(PATH)
async def take(
    request: Request[Any, Any, Any], own_program: NamedDependency[OwnProgram]
) -> Response[bytes]:
    """A delivery, as it comes to a program of the municipality."""
    status = own_program.take(dict(request.headers), await request.body())
    return Response(b"", status_code=status, headers=headers.as_dict(headers.REDIRECT))


@get("/opvolging")
async def follow_up(
    request: Request[Any, Any, Any],
    demo_pages: NamedDependency[DemoPages],
    own_program: NamedDependency[OwnProgram],
    messages: NamedDependency[Delivered],
) -> Response[bytes]:
    """What the own program was told last, and the last mail of each who is told by mail."""
    language = choose_language(
        LANGUAGES,
        requested=request.query_params.get("lang"),
        accept_language=request.headers.get("accept-language", ""),
    )
    mails = await asyncio.to_thread(messages.last_to, demo_pages.told_by_mail)
    page = demo_pages.told(language, own_program.last, mails)
    return Response(page, media_type="text/html", headers=headers.as_dict(headers.ILLUSTRATED))


ROUTES = (take, follow_up)

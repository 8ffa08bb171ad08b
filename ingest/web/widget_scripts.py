"""For municipal sites: the scripts that they load, under names that do not change."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency

from ingest.asgi import headers
from ingest.service import Service
from ingest.web.declaring import Route
from ingest.web.static_pages import static_page
from ingest.widget.bundle import Bundle


def routes_of(scripts: Bundle) -> tuple[Route, ...]:
    """A route for every script; any other name is not found."""
    return tuple(Route("GET", f"/{name}", site_script) for name in scripts.files)


def site_script(
    request: Request[Any, Any, Any], service: NamedDependency[Service]
) -> Response[bytes | None]:
    """A script for other sites, for everybody who asks."""
    script = service.scripts.files[request.scope["path"].removeprefix("/")]
    lines = headers.as_dict(headers.SITE_SCRIPT_PINNED if script.pinned else headers.SITE_SCRIPT)
    return static_page(request, script.page, "text/javascript", lines, etag=script.etag)

"""For the tablet at the counter: its page, the files of it, its service worker and its QR code."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from ingest.asgi import headers
from ingest.kiosk.shell import Shell
from ingest.municipalities.municipality import Touchpoint
from ingest.service import Service
from ingest.web.declaring import Route
from ingest.web.problems import Refused
from ingest.web.static_pages import static_page

_MANIFEST = ".webmanifest"
_SVG = ".svg"


def page(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    shell: NamedDependency[Shell],
    municipality: FromPath[str],
    touchpoint: FromPath[str],
) -> Response[bytes | None]:
    """The kiosk itself. Raises `TouchpointUnknown`."""
    static = shell.page(_touchpoint(service, municipality, touchpoint))
    return static_page(request, static, "text/html", headers.as_dict(headers.ILLUSTRATED))


def file(
    request: Request[Any, Any, Any],
    shell: NamedDependency[Shell],
    version: FromPath[str],
    folder: FromPath[str],
    name: FromPath[str],
) -> Response[bytes | None]:
    """A file of this version, which never changes. Files of other versions are not found."""
    shell_file = shell.files.get(f"{folder}/{name}")
    if shell_file is None or version != shell.version:
        raise Refused("not-found")
    return static_page(
        request, shell_file.page, shell_file.content_type, headers.as_dict(headers.ASSET)
    )


def worker(
    request: Request[Any, Any, Any], shell: NamedDependency[Shell]
) -> Response[bytes | None]:
    """The service worker; browsers never cache it, so that they find a new version."""
    lines = headers.as_dict(headers.PAGE) | {
        "cache-control": "no-cache",
        "service-worker-allowed": "/kiosk/",
    }
    return static_page(request, shell.worker, "text/javascript", lines)


def manifest(
    service: NamedDependency[Service],
    shell: NamedDependency[Shell],
    municipality: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """What a tablet needs to install the kiosk. Raises `TouchpointUnknown`."""
    body = shell.manifest(_named(service, municipality, name, _MANIFEST))
    return Response(
        body, media_type="application/manifest+json", headers=headers.as_dict(headers.PAGE)
    )


def qr(
    service: NamedDependency[Service],
    shell: NamedDependency[Shell],
    municipality: FromPath[str],
    name: FromPath[str],
) -> Response[bytes]:
    """The open link as a QR code. Raises `TouchpointUnknown`."""
    body = shell.qr(_named(service, municipality, name, _SVG)).encode()
    return Response(body, media_type="image/svg+xml", headers=headers.as_dict(headers.PAGE))


def _named(service: Service, municipality: str, name: str, extension: str) -> Touchpoint:
    if not name.endswith(extension):
        raise Refused("not-found")
    return _touchpoint(service, municipality, name.removesuffix(extension))


def _touchpoint(service: Service, municipality: str, name: str) -> Touchpoint:
    """Finds retired ones too: their tablet still has to send the responses that it holds."""
    return service.catalogue.touchpoint(municipality, name)


ROUTES = (
    Route("GET", "/kiosk/{municipality}/{touchpoint}", page),
    Route("GET", "/kiosk/files/{version}/{folder}/{name}", file),
    Route("GET", "/kiosk/sw.js", worker),
    Route("GET", "/kiosk/manifest/{municipality}/{name}", manifest),
    Route("GET", "/kiosk/qr/{municipality}/{name}", qr),
)

"""A municipal site that a browser can visit: each page with a policy of its own, or with none."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import msgspec

from tests.browser.listening import answering

HTML = "text/html; charset=utf-8"


class Served(msgspec.Struct, frozen=True):
    """What stands under one path."""

    body: bytes
    content_type: str
    policy: str


class HostPages:
    """A web server on a port of its own, at `origin`; `forms` is what its own forms sent it."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self._files: dict[str, Served] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://localhost:{self._http.server_port}"

    def page(
        self,
        body: str,
        *,
        head: str = "",
        policy: str = "",
        path: str = "/",
        attributes: str = 'lang="nl"',
    ) -> str:
        """Put a page up, over what stood there, and return its address."""
        html = (
            f'<!doctype html><html {attributes}><head><meta charset="utf-8"><title>Gemeente</title>'
            '<meta name="viewport" content="width=device-width">'
            f"{head}</head><body><main><h1>Verhuizing doorgeven</h1>\n{body}\n</main></body></html>"
        )
        return self.file(path, html, HTML, policy=policy)

    def file(self, path: str, text: str, content_type: str, *, policy: str = "") -> str:
        """Put any file up and return its address."""
        self._files[path] = Served(text.encode(), content_type, policy)
        return self.origin + path

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                file = site._files.get(urlsplit(self.path).path)
                # Also for the icon that every browser asks for: what is not there is no complaint.
                self.send_response(200 if file else 204)
                if file:
                    self.send_header("Content-Type", file.content_type)
                    self.send_header("Content-Length", str(len(file.body)))
                    if file.policy:
                        self.send_header("Content-Security-Policy", file.policy)
                self.end_headers()
                self.wfile.write(file.body if file else b"")

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["content-length"])).decode()
                site.forms.append(sent)
                self.send_response(200)
                self.send_header("Content-Type", HTML)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    @contextmanager
    def open(self) -> "Iterator[HostPages]":
        """Serve for as long as the `with` block lasts."""
        with answering(self._http):
            yield self

"""Serve pages to a browser as Meetpunt does, headers included; remember what was asked and sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ingest.pages.pages import Pages
from tests.browser.listening import answering

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)

Body = Callable[[], bytes]
Answer = Callable[[Mapping[str, Sequence[str]]], bytes]


class PagesServer:
    """A web server on its own port. `pages` has a body for each path; `answer` takes a form."""

    def __init__(self, pages: Pages) -> None:
        self._files = pages
        self.pages: dict[str, Body] = {}
        self.answer: Answer = lambda _: b""
        self.requests: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    @contextmanager
    def open(self) -> "Iterator[PagesServer]":
        """Serve for as long as the `with` block lasts."""
        with answering(self._http):
            yield self

    def _found(self, path: str) -> tuple[str, bytes] | None:
        if path in self.pages:
            return "text/html; charset=utf-8", self.pages[path]()
        asset = self._files.asset(path)
        return (asset.content_type, asset.page.identity) if asset else None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.requests.append(self.path)
                found = server._found(urlsplit(self.path).path)
                self._reply(200 if found else 404, *(found or ("text/plain", b"not found")))

            def do_POST(self) -> None:
                server.requests.append(self.path)
                body = self.rfile.read(int(self.headers["content-length"]))
                fields = parse_qs(body.decode(), keep_blank_values=True)
                server.forms.append(fields)
                self._reply(400, "text/html; charset=utf-8", server.answer(fields))

            def _reply(self, status: int, content_type: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                self.send_header("Referrer-Policy", "no-referrer")
                if content_type.startswith("text/html"):
                    self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def serving(pages: Pages) -> Iterator[PagesServer]:
    """A server that runs as long as the `with` block."""
    with PagesServer(pages).open() as server:
        yield server

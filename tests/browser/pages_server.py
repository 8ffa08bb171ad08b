"""Serve pages to a browser as Meetpunt does, headers included; remember what was asked and sent."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from ingest.asgi.headers import type_of_header_lines
from ingest.pages.pages import Pages
from tests.browser.listening import answering

Body = Callable[[], bytes]
Answer = Callable[[Mapping[str, Sequence[str]]], bytes]


class PagesServer:
    """A web server on its own port. `pages` has a body for each path; `answer` takes a form."""

    def __init__(self, pages: Pages, *, slugs: Sequence[str] = ("molensloot",)) -> None:
        self._pages = pages
        self._slugs = slugs
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

    def _lines(self, body: bytes) -> type_of_header_lines:
        """The header lines that allow the style of this page: of a municipality, or of nobody."""
        style = body.partition(b"<style>")[2].partition(b"</style>")[0]
        allowed = b"'sha256-%s'" % b64encode(sha256(style).digest())
        for slug in (None, *self._slugs):
            lines = self._pages.lines(slug).identity
            if any(allowed in value for _, value in lines):
                return lines
        raise AssertionError("no policy of ours allows the style of this page")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.requests.append(self.path)
                body = server.pages.get(urlsplit(self.path).path)
                if body:
                    self._reply(200, body())
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                server.requests.append(self.path)
                body = self.rfile.read(int(self.headers["content-length"]))
                fields = parse_qs(body.decode(), keep_blank_values=True)
                server.forms.append(fields)
                self._reply(400, server.answer(fields))

            def _reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in server._lines(body):
                    # Without https a browser believes no promise of it.
                    if name != b"strict-transport-security":
                        self.send_header(name.decode(), value.decode())
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@contextmanager
def serving(pages: Pages, *, slugs: Sequence[str] = ("molensloot",)) -> Iterator[PagesServer]:
    """A server that runs as long as the `with` block."""
    with PagesServer(pages, slugs=slugs).open() as server:
        yield server

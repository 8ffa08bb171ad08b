"""A municipal site for a browser to visit: its own origin, its own pages, its own strict policy."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from ingest.postgres.server import EmbeddedPostgres
from tests.browser.listening import answering
from tests.example import example_directory


class HostSite:
    """A web server on a port of its own. `pages` has the HTML of each path; `policy` is its CSP."""

    def __init__(self, host: str = "localhost") -> None:
        self.pages: dict[str, str] = {}
        self.policy = "default-src 'none'"
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://{host}:{self._http.server_port}"

    def show(self, inside: str, path: str = "/") -> str:
        """Put a page up and return its address."""
        self.pages[path] = (
            '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Gemeente</title>'
            f"</head><body><h1>Verhuizing doorgeven</h1>\n{inside}\n</body></html>"
        )
        return self.origin + path

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = site.pages.get(urlsplit(self.path).path)
                body = (page or "").encode()
                self.send_response(204 if page is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if page is not None:
                    self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    @contextmanager
    def open(self) -> "Iterator[HostSite]":
        """Serve for as long as the `with` block lasts."""
        with answering(self._http):
            yield self


def municipality_that_lists(origin: str, folder: Path) -> Path:
    """The example's files, with one site more that may ask for Molensloot's touchpoints."""
    shutil.copytree(example_directory(), folder)
    file = folder / "molensloot.toml"
    listed = '"https://www.molensloot.example",'
    text = file.read_text("utf-8")
    assert text.count(listed) == 1
    file.write_text(text.replace(listed, f'{listed}\n    "{origin}",'), "utf-8")
    return folder


def stored_in(data: Path) -> list[dict[str, Any]]:
    """Every response that a service with its own Postgres in `data` stored, as its columns."""

    async def ask() -> list[dict[str, Any]]:
        db = await asyncpg.connect(EmbeddedPostgres(data).url("postgres"))
        try:
            return [dict(row) for row in await db.fetch("select * from meetpunt.response")]
        finally:
            await db.close()

    # In a thread: playwright has a loop of its own in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()

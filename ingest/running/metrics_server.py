"""Serves the metrics on an address of its own, for all workers of this machine."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.running.addresses import listen, split_address
from ingest.running.metrics import exposition


class MetricsServer:
    """Serves `/metrics` on an address of its own, in a thread; a context manager.

    `address` is `host:port`. Raises PortTaken or AddressUnusable (ingest.running.addresses).
    """

    def __init__(self, address: str, folder: Path | None = None) -> None:
        host, port = split_address(address)
        listener = listen(host, port, setting="MEETPUNT_METRICS_ADDRESS", backlog=16)
        handler = type("Handler", (_MetricsHandler,), {"folder": folder})
        self._server = _Server(listener.getsockname()[:2], handler, bind_and_activate=False)
        self._server.socket.close()
        self._server.socket = listener
        self.port: int = listener.getsockname()[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="metrics", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class _MetricsHandler(BaseHTTPRequestHandler):
    folder: Path | None = None
    timeout = 5

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self._answer(404, "text/plain", b"Metrics are at /metrics.\n")
            return
        self._answer(200, "text/plain; version=0.0.4; charset=utf-8", exposition(self.folder))

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        # Not send_response, which would send the versions of the server and of Python.
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.close_connection = True
        self._answer(code, "text/plain", b"Not understood.\n")

    def log_message(self, *_: object) -> None:
        """Nothing: stderr holds JSON lines only."""

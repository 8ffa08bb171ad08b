"""A new version of the kiosk comes between two residents, and then works offline too."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from ingest.kiosk.shell import Shell
from ingest.kiosk.texts import kiosk_texts
from ingest.municipalities.catalogue import Catalogue
from tests.browser.kiosk.stand import TOUCHPOINT, Stand
from tests.browser.kiosk.tablet import until_true
from tests.browser.listening import answering

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = kiosk_texts()["nl"]


@pytest.fixture
def newer(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The next version of the kiosk: its name, and where it is served."""
    shell = Shell(catalogue)
    shell._bodies["icon.svg"] += b"<!-- newer -->"
    touchpoint = catalogue.touchpoint(*TOUCHPOINT.split("/"))
    bodies = {
        "/kiosk/sw.js": ("text/javascript", shell.worker.identity),
        f"/kiosk/{TOUCHPOINT}": ("text/html; charset=utf-8", shell.page(touchpoint).identity),
        f"/kiosk/qr/{TOUCHPOINT}.svg": ("image/svg+xml", shell.qr(touchpoint).encode()),
        f"/kiosk/manifest/{TOUCHPOINT}.webmanifest": ("application/json", b"{}"),
    } | {
        f"/kiosk/files/{shell.version}/{name}": (file.content_type, file.page.identity)
        for name, file in shell.files.items()
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = bodies.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in bodies else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with answering(server):
        yield shell.version, f"http://127.0.0.1:{server.server_port}"


def test_a_new_version_waits_until_nobody_stands_there(
    kiosk: Page, counter: Stand, newer: tuple[str, str]
) -> None:
    before = kiosk.locator("body").get_attribute("data-version")
    kiosk.locator("button[lang=nl]").click()
    version, service = newer
    counter.gate.leads_to(service)
    kiosk.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    until_true(
        kiosk, "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null"
    )
    kiosk.clock.run_for(5_000)
    assert kiosk.locator("body").get_attribute("data-version") == before
    kiosk.get_by_role("button", name=NL.stop).click()
    kiosk.clock.run_for(5_000)
    assert kiosk.locator("body").get_attribute("data-version") == before
    kiosk.clock.run_for(8_000)
    expect(kiosk.locator("body")).to_have_attribute("data-version", version)
    counter.gate.shut()
    kiosk.reload()
    kiosk.locator(".languages").wait_for()
    assert kiosk.locator("body").get_attribute("data-version") == version
    counter.gate.open()

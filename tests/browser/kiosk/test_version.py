"""A new version of the kiosk comes between two residents, and then works offline too."""

from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import msgspec
import pytest
from playwright.sync_api import Page, expect

from ingest.kiosk.shell import Shell
from ingest.municipalities.catalogue import Catalogue
from ingest.texts.kiosk_texts import kiosk_texts
from tests.browser.kiosk.stand import TOUCHPOINT, Stand
from tests.browser.kiosk.tablet import reload, until_true
from tests.browser.listening import answering

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = kiosk_texts()["nl"]


REGISTRATION = "(await navigator.serviceWorker.getRegistration())"
UPDATE = f"async () => {{ await {REGISTRATION}.update() }}"
WAITS = f"async () => {REGISTRATION}.waiting !== null"
NONE_INSTALLS = f"async () => {REGISTRATION}.installing === null"
ASKS_ALL_THE_TIME = """() => {
  const ask = () => fetch("/api/v1/kiosks", { method: "POST" }).catch(() => {}).finally(ask);
  for (let each = 0; each < 4; each += 1) ask();
}"""
# Not installing any more either: it failed.
NONE_WAITS = f"async () => !({REGISTRATION}.installing ?? {REGISTRATION}.waiting)"


class Newer(msgspec.Struct, frozen=True):
    """The next version of the kiosk: its name, where it is served, and which paths fail there."""

    version: str
    url: str
    broken: set[str]


@pytest.fixture
def newer(catalogue: Catalogue) -> Iterator[Newer]:
    """A service that was renewed."""
    shell = Shell(catalogue)
    shell._bodies["kiosk/icon.svg"] += b"<!-- %s -->" % uuid4().hex.encode()
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

    broken: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = bodies.get(self.path, ("text/plain", b""))
            status = 200 if self.path in bodies else 404
            self.send_response(502 if self.path in broken else status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with answering(server):
        yield Newer(shell.version, f"http://127.0.0.1:{server.server_port}", broken)


@pytest.fixture
def before(kiosk: Page, catalogue: Catalogue) -> str:
    """The version of the service, which the tablet shows; a test before may have left another."""
    version = Shell(catalogue).version
    kiosk.evaluate(UPDATE)
    until_true(kiosk, NONE_INSTALLS)
    takes(kiosk, version)
    return version


def shown(kiosk: Page) -> str | None:
    """The version that stands there."""
    return kiosk.locator("body").get_attribute("data-version")


def takes(kiosk: Page, version: str) -> None:
    """The page becomes this version. It looks each second of its own, which stand still; the worker
    makes way in its own time, which does not: so a second at a time."""
    for _ in range(50):
        kiosk.clock.run_for(1_000)
        with suppress(AssertionError):
            expect(kiosk.locator("body")).to_have_attribute("data-version", version, timeout=200)
            return
    assert shown(kiosk) == version


# Starts a service and a tablet of its own; a new version comes some times a year.
@pytest.mark.long
def test_a_new_version_waits_until_nobody_stands_there(
    kiosk: Page, counter: Stand, before: str, newer: Newer
) -> None:
    assert newer.version != before
    kiosk.locator(".cell").first.click()
    counter.gate.leads_to(newer.url)
    kiosk.evaluate(UPDATE)
    until_true(kiosk, WAITS)
    kiosk.clock.run_for(5_000)
    assert shown(kiosk) == before
    kiosk.get_by_role("button", name=NL.stop).click()
    kiosk.clock.run_for(5_000)
    assert shown(kiosk) == before
    takes(kiosk, newer.version)
    counter.gate.shut()
    reload(kiosk)
    kiosk.locator(".first").wait_for()
    assert shown(kiosk) == newer.version
    counter.gate.open()
    counter.gate.leads_to(counter.service.url)


# Rare: a new version comes as above or, in these two, while something is the matter.
@pytest.mark.long
def test_a_version_that_cannot_be_had_whole_is_not_taken(
    kiosk: Page, counter: Stand, before: str, newer: Newer
) -> None:
    page = f"/kiosk/{TOUCHPOINT}"
    # Halfway through being renewed: the worker is there, the page is not.
    newer.broken.add(page)
    counter.gate.leads_to(newer.url)
    kiosk.evaluate(UPDATE)
    until_true(kiosk, NONE_WAITS)
    kiosk.clock.run_for(15_000)
    counter.gate.shut()
    reload(kiosk)
    kiosk.locator(".first").wait_for()
    assert shown(kiosk) == before
    newer.broken.remove(page)
    counter.gate.open()
    kiosk.evaluate(UPDATE)
    until_true(kiosk, WAITS)
    takes(kiosk, newer.version)
    counter.gate.leads_to(counter.service.url)


# Rare: a new version comes as above or, in these two, while something is the matter.
@pytest.mark.long
def test_a_new_version_need_not_wait_until_the_page_asks_for_nothing(
    kiosk: Page, counter: Stand, before: str, newer: Newer
) -> None:
    # Each request of a page starts the worker that is making way, unless it goes past it.
    kiosk.evaluate(ASKS_ALL_THE_TIME)
    counter.gate.leads_to(newer.url)
    kiosk.evaluate(UPDATE)
    until_true(kiosk, WAITS)
    takes(kiosk, newer.version)
    counter.gate.leads_to(counter.service.url)

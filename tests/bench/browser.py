"""What a resident waits for: page and widget in Chromium, on a slow network and a slow phone.

The network is Lighthouse's "slow 4G": 1.6 Mbit/s and 150 ms a round trip. Chromium's own throttling
delays whole requests, not packets; for that Lighthouse uses 562.5 ms a request and 9/10 of the
bandwidth, and so does this. Nothing is cached, and the CPU is four times as slow.
"""

import contextlib
import shutil
import sys
from collections.abc import Callable
from statistics import median
from urllib.parse import urlsplit

import msgspec
from playwright.sync_api import Browser, CDPSession

from ingest.widget.snippet import widget_snippet
from tests.bench.processes import started
from tests.bench.surroundings import Bench
from tests.browser.chromium import chromium
from tests.browser.host_site import HostSite, municipality_that_lists
from tests.system.running import free_port

LATENCY_MS = 150 * 3.75
DOWN_KBITS = 1638.4 * 0.9
UP_KBITS = 750 * 0.9
CPU_TIMES = 4
TOUCHPOINT = "molensloot/online"
type_of_say = Callable[[str], None]

# Runs before the page: when its first question can be answered, and what moved until then.
_WATCH = """
  const usable = Promise.withResolvers();
  window.measured = {shift: 0, usable: usable.promise};
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  const asking = () =>
    performance.getEntriesByName("first-contentful-paint").length &&
    [document, document.querySelector("meetpunt-survey")?.shadowRoot]
      .some((root) => root?.querySelector("[type=radio]")?.getClientRects().length);
  const look = () => {
    if (!asking()) return requestAnimationFrame(look);
    // Painted, and the thread free for a finger: a task that comes after the frame.
    requestAnimationFrame(() => setTimeout(() => usable.resolve(performance.now())));
  };
  requestAnimationFrame(look);
  setTimeout(() => usable.reject(new Error("nothing was asked")), PATIENCE);
"""
# The last page of a form: the survey is the end of it. Where something stands below it in sight the
# widget leaves its link until somebody chooses it, rather than push that away.
_BEFORE = "<p>Binnen vijf werkdagen krijgt u bericht. U hoeft niets meer te doen.</p>" * 3
_BARE = '<form method="post"><label><input type="radio" name="cijfer"> 8</label></form>'
_PATIENCE_MS = 30_000


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """One subject: milliseconds until it can be used, layout shift, bytes on the wire, requests."""

    usable_ms: float
    layout_shift: float
    bytes: int
    requests: int


def measure(bench: Bench, rounds: int, say: type_of_say) -> dict[str, Loaded]:
    """The survey page, a page with the widget, and one that could not be smaller, cold; medians.

    The last, `bare`, is what round trips, browser and thread cost alone.
    """
    with contextlib.ExitStack() as open_:
        site = open_.enter_context(HostSite().open())
        folder = bench.folder / "browser"
        shutil.rmtree(folder, ignore_errors=True)
        service = _service(bench, open_, municipality_that_lists(site.origin, folder))
        site.policy = (
            f"default-src 'none'; script-src {service}; connect-src {service}; style-src 'self';"
            " require-trusted-types-for 'script'"
        )
        snippet = widget_snippet(service, TOUCHPOINT, "nl", "Hoe ging het op onze website?")
        subjects = {
            "page": (f"{service}/o/{TOUCHPOINT}?lang=nl", service),
            "widget": (site.show(_BEFORE + snippet), service),
            "bare": (site.show(_BARE, "/bare"), site.origin),
        }
        browser = open_.enter_context(chromium())
        found: dict[str, list[Loaded]] = {name: [] for name in subjects}
        for number in range(1, rounds + 1):
            for name, (url, counted) in subjects.items():
                say(f"  round {number} of {rounds}: {name} in a browser")
                found[name].append(_visit(browser, url, counted))
    return {name: _medians(each) for name, each in found.items()}


def _service(bench: Bench, open_: contextlib.ExitStack, config: object) -> str:
    port, metrics = free_port(), free_port()
    environment = {
        "MEETPUNT_DATABASE_URL": bench.server.url("meetpunt_ingest", "http"),
        "MEETPUNT_KEYS_FILE": str(bench.keys_file),
        "MEETPUNT_CONFIG": str(config),
        "MEETPUNT_BASE_URL": f"http://127.0.0.1:{port}",
    }
    command = [
        *(sys.executable, "-m", "tests.bench.serve", "ingest.app:from_environment"),
        *(str(port), "1", str(metrics)),
    ]
    open_.enter_context(started(command, port, bench.folder / "browser.log", environment))
    return f"http://127.0.0.1:{port}"


def _visit(browser: Browser, url: str, counted: str) -> Loaded:
    """Load `url` in a browser that never saw it; bytes and requests are those to `counted`."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    try:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        wire = _Wire(devtools, counted)
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": DOWN_KBITS * 1024 / 8,
                "uploadThroughput": UP_KBITS * 1024 / 8,
            },
        )
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_TIMES})
        page.add_init_script(_WATCH.replace("PATIENCE", str(_PATIENCE_MS)))
        page.goto(url)
        usable_ms = page.evaluate("measured.usable")
        page.wait_for_load_state("networkidle")
        return Loaded(
            usable_ms=usable_ms,
            layout_shift=page.evaluate("measured.shift"),
            bytes=wire.bytes,
            requests=wire.requests,
        )
    finally:
        context.close()


class _Wire:
    """Counts what goes over the wire to one origin, headers and all."""

    def __init__(self, devtools: CDPSession, origin: str) -> None:
        self.bytes = 0
        self.requests = 0
        self._host = urlsplit(origin).netloc
        self._known: set[str] = set()
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        devtools.on("Network.requestWillBeSent", self._sent)
        devtools.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        if urlsplit(request["url"]).netloc == self._host:
            self.requests += 1
            self._known.add(str(event["requestId"]))
            redirect = event.get("redirectResponse")
            if isinstance(redirect, dict):
                self.bytes += int(redirect["encodedDataLength"])

    def _finished(self, event: dict[str, object]) -> None:
        if event["requestId"] in self._known:
            self.bytes += int(str(event["encodedDataLength"]).partition(".")[0])


def _medians(rounds: list[Loaded]) -> Loaded:
    """The middle of each figure, and the worst shift: once is too often."""
    return Loaded(
        usable_ms=round(median(each.usable_ms for each in rounds)),
        layout_shift=round(max(each.layout_shift for each in rounds), 4),
        bytes=round(median(each.bytes for each in rounds)),
        requests=round(median(each.requests for each in rounds)),
    )

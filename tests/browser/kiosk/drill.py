"""Pull the plug at random moments, and count what was thanked for, stored, lost and doubled.

The control is a kiosk that thanks before its disk has answered: it has to lose something.
`make faults ARGS=kiosk` does both a hundred times.
"""

import contextlib
import random
import tempfile
from collections import Counter
from pathlib import Path
from uuid import uuid4

import msgspec
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Playwright

from tests.browser.kiosk.stand import Stand, stand
from tests.browser.kiosk.tablet import ANSWER, Tablet, tablets

SLOW_MS = 100
"""What locking up one response takes: a tablet is slower than the machine that tests it."""

LATEST_KILL_MS = 600
"""After the last tap. By then the disk has answered, mostly."""

# Each thanks is told as soon as it stands on the screen.
WATCH = f"""() => {{
  const {{encrypt}} = SubtleCrypto.prototype;
  SubtleCrypto.prototype.encrypt = async function (...given) {{
    await new Promise((done) => setTimeout(done, {SLOW_MS}));
    return encrypt.apply(this, given);
  }};
  new MutationObserver(() => {{
    const screen = document.getElementById("screen");
    if (screen?.className === "message thanks" && !window.told) {{
      window.told = true;
      window.thanked(window.visit);
    }}
  }}).observe(document, {{ subtree: true, childList: true, attributes: true }});
}}"""
VISIT = f"""async ([visit, delay]) => {{
  window.visit = visit;
  await ({ANSWER})(visit);
  setTimeout(() => window.pull(), delay);
}}"""
# In the files that the browser starts from without a network: the one word that waits for the disk.
THANK_EARLY = """async () => {
  const waits = "await keep(response(session.complete(), true));";
  const does_not = "keep(response(session.complete(), true)).catch(() => {});";
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.endsWith("/resident.js")) continue;
      const script = await (await cache.match(request)).text();
      if (!script.includes(waits)) throw new Error("responses are kept elsewhere now");
      const headers = { "content-type": "text/javascript" };
      await cache.put(request, new Response(script.replace(waits, does_not), { headers }));
    }
  }
}"""


class Drill(msgspec.Struct, frozen=True):
    """What came of a number of starts, each of which ended in `kill -9`."""

    thanked: int
    stored: int
    lost: int
    double: int
    left: int
    """Responses of who was not thanked: what they had touched, sealed at the next start."""


def drill(
    playwright: Playwright, counter: Stand, profile: Path, rounds: int, *, early: bool = False
) -> Drill:
    """Kill a new tablet so many times while it is offline, hand in, and compare.

    `early`: it thanks before its disk has answered, and the plug goes at the moment of the thanks.
    """
    first = Tablet(playwright, profile)
    counter.pair(first)
    kiosk = counter.newest()
    if early:
        first.page.evaluate(THANK_EARLY)
    first.stop()
    counter.gate.shut()
    run = uuid4().hex[:6]
    thanked: list[str] = []
    for number in range(rounds):
        thanked += _one_life(playwright, counter, profile, f"Bezoek {run} {number}", early)
    counter.gate.open()
    last = Tablet(playwright, profile)
    last.page.goto(counter.kiosk)
    last.page.locator(".first").wait_for()
    last.until_handed_in()
    last.stop()
    items = counter.rows(f"select id from meetpunt.kiosk_item where kiosk = '{kiosk}'")
    stored = Counter(text for text in counter.texts() if f" {run} " in text)
    return Drill(
        thanked=len(thanked),
        stored=stored.total(),
        lost=len(set(thanked) - set(stored)),
        # A visit leaves one response, whatever became of it.
        double=max(stored.total() - len(stored), len(items) - rounds),
        left=len(items) - stored.total(),
    )


def _one_life(
    playwright: Playwright, counter: Stand, profile: Path, visit: str, at_once: bool
) -> list[str]:
    """Start without a network, answer once, and die somewhere on the way; who was thanked."""
    tablet = Tablet(playwright, profile)
    told: list[str] = []

    def thanked(_source: object, said: str) -> None:
        if tablet.process.poll() is None:
            told.append(said)
        if at_once:
            tablet.kill()

    tablet.context.expose_binding("thanked", thanked)
    tablet.context.expose_binding("pull", lambda _source: tablet.kill())
    tablet.context.add_init_script(f"({WATCH})()")
    tablet.page.goto(counter.kiosk)
    tablet.page.locator(".first").wait_for()
    delay = 5000 if at_once else random.uniform(0, LATEST_KILL_MS)
    # Once the plug is out there is nobody left to answer.
    with contextlib.suppress(PlaywrightError):
        tablet.page.evaluate(VISIT, [visit, delay])
        tablet.page.wait_for_event("close", timeout=30_000)
    tablet.stop()
    return told


def both(rounds: int) -> tuple[Drill, Drill]:
    """The drill and its control, each so many times."""
    with tempfile.TemporaryDirectory() as name, tablets() as playwright:
        folder = Path(name)
        with stand(folder) as counter:
            kept = drill(playwright, counter, folder / "kiosk", rounds)
            return kept, drill(playwright, counter, folder / "control", rounds, early=True)

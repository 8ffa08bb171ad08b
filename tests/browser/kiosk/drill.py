"""Pull the plug at random moments, and count what was thanked for, stored, lost and doubled.

`thanks_early` is the control: a kiosk that thanks before its disk has answered loses something.
"""

import contextlib
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Playwright

from tests.browser.kiosk.stand import Stand, stand
from tests.browser.kiosk.tablet import ANSWER, Tablet, tablets

EARLY = (
    sys.executable,
    "-c",
    (
        "from ingest.commands.serve import start;"
        "from ingest.commands.surroundings import read_settings;"
        "start(read_settings(), 'tests.browser.kiosk.thanks_early:from_environment')"
    ),
)
"""The command of the control."""

LATEST_KILL_MS = 150
"""After the last tap. By then the disk has answered, mostly."""

# Each thanks is told as soon as it stands on the screen; then, or at any other moment, the plug.
WATCH = """() => {
  new MutationObserver(() => {
    const screen = document.getElementById("screen");
    if (screen?.className === "message thanks" && !window.told) {
      window.told = true;
      window.thanked(window.visit);
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });
}"""
# The last tap is the last thing that ANSWER does before it returns.
VISIT = f"""async ([visit, delay]) => {{
  window.visit = visit;
  await ({ANSWER})(visit);
  setTimeout(() => window.pull(), delay);
}}"""


class Drill(msgspec.Struct, frozen=True):
    """What came of a number of starts, each of which ended in `kill -9`."""

    thanked: int
    stored: int
    lost: int
    double: int


def drill(folder: Path, rounds: int, *command: str, at_once: bool = False) -> Drill:
    """Kill a tablet so many times while it is offline, hand in, and compare.

    `at_once` pulls the plug at the moment of the thanks. `command` starts another service than
    `meetpunt serve`.
    """
    with stand(folder, *command) as counter, tablets() as playwright:
        first = Tablet(playwright, folder / "profile")
        counter.pair(first)
        first.stop()
        counter.gate.shut()
        thanked: list[str] = []
        for number in range(rounds):
            thanked += _one_life(playwright, counter, folder / "profile", number, at_once)
        counter.gate.open()
        last = Tablet(playwright, folder / "profile")
        last.page.goto(counter.kiosk)
        last.until_handed_in()
        last.stop()
        stored = Counter(counter.texts())
    return Drill(
        thanked=len(thanked),
        stored=stored.total(),
        lost=len(set(thanked) - set(stored)),
        double=stored.total() - len(stored),
    )


def _one_life(
    playwright: Playwright, counter: Stand, profile: Path, number: int, at_once: bool
) -> list[str]:
    """Start without a network, answer once, and die somewhere on the way; who was thanked."""
    tablet = Tablet(playwright, profile)
    told: list[str] = []

    def thanked(_source: object, visit: str) -> None:
        if tablet.process.poll() is None:
            told.append(visit)
        if at_once:
            tablet.kill()

    tablet.context.expose_binding("thanked", thanked)
    tablet.context.expose_binding("pull", lambda _source: tablet.kill())
    tablet.context.add_init_script(f"({WATCH})()")
    tablet.page.goto(counter.kiosk)
    tablet.page.locator(".languages").wait_for()
    delay = 1000 if at_once else random.uniform(0, LATEST_KILL_MS)
    # Once the plug is out there is nobody left to answer.
    with contextlib.suppress(PlaywrightError):
        tablet.page.evaluate(VISIT, [f"Bezoek {number}", delay])
        tablet.page.wait_for_event("close", timeout=30_000)
    tablet.stop()
    return told


def main() -> None:
    """Print what came of the drill, and of its control."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        print(drill(Path(folder), rounds))  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        print("control:", drill(Path(folder), rounds, *EARLY, at_once=True))  # noqa: T201


if __name__ == "__main__":
    main()

"""A tablet: a real Chromium on a profile of its own, which may be killed at any moment."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from tests.browser.chromium import launch_flags
from tests.browsers import find_browser

_SECONDS_TO_START = 30
_TRIES = 3600  # three minutes: five thousand responses take one where others work too
_STARTS = 3
LANDSCAPE = {"width": 1280, "height": 800}
PORTRAIT = {"width": 800, "height": 1280}

# Taps through the questions as fast as they come, and types `text` where one may be typed. Each tap
# is at another place: at the same place a second one within half a second is no answer.
ANSWER = """async (text) => {
  const screen = document.getElementById("screen");
  let place = 0;
  const tap = (element) => {
    place += 1000;
    element.dispatchEvent(
      new MouseEvent("click", { bubbles: true, cancelable: true, clientX: place, detail: 1 }),
    );
  };
  const language = document.querySelector("button[lang=nl]");
  if (language?.getAttribute("aria-pressed") === "false") tap(language);
  while (screen.classList.contains("ask")) {
    const area = screen.querySelector("textarea");
    if (area) {
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      tap(screen.querySelector(".go"));
    } else tap(screen.querySelector(".cell"));
    await null;
  }
}"""
DRAFTS = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const range = IDBKeyRange.bound("draft/", "draft/\\uffff");
    const count = opening.result.transaction("about").objectStore("about").count(range);
    count.onsuccess = () => { opening.result.close(); resolve(count.result); };
  };
})"""
WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open(`meetpunt-kiosk/${document.body.dataset.touchpoint}`);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const count = opening.result.transaction("queue").objectStore("queue").count();
    count.onsuccess = () => { opening.result.close(); resolve(count.result); };
  };
})"""


class Tablet:
    """One start of Chromium on a profile. `kill` is what pulling the plug does to it."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        profile.mkdir(exist_ok=True)
        port = profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            (
                *(str(find_browser()), "--headless=new", "--remote-debugging-port=0"),
                *(f"--user-data-dir={profile}", *launch_flags(), "about:blank"),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_told(port)}")
        self.context: BrowserContext = self._browser.contexts[0]
        self.page: Page = self.context.pages[0]
        self.page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]

    def kill(self) -> None:
        """`kill -9` of the browser and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Kill it, if it still runs, and wait until it is gone."""
        self.kill()
        self.process.wait(30)
        with contextlib.suppress(Exception):  # it knows already that its browser is gone
            self._browser.close()

    def waiting(self) -> int:
        """How many responses wait on disk."""
        count: int = self.page.evaluate(WAITING)
        return count

    def until_handed_in(self) -> None:
        """Return when nothing waits any more."""
        self.until(f"async () => !(await ({WAITING})())")

    def until(self, promise: str) -> None:
        """Return when a function of the page promises something true."""
        until_true(self.page, promise)


def _told(port: Path) -> int:
    """The port that Chromium chose, once it has."""
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
            return int(port.read_text().splitlines()[0])
    raise AssertionError(f"Chromium did not start in {_SECONDS_TO_START} s")


def answer(page: Page, text: str) -> None:
    """Somebody answers, is thanked and goes; the next may come. The page's clock is put forward."""
    page.evaluate(ANSWER, text)
    page.locator("#screen.thanks").wait_for()
    page.clock.run_for(10_000)
    page.locator(".first").wait_for()


def until_true(page: Page, promise: str) -> None:
    """Ask again and again; `wait_for_function` takes the promise itself for true.

    Where the page starts itself anew meanwhile, the new one is asked.
    """
    asking = f"""async () => {{
      for (let left = {_TRIES}; !await ({promise})(); left -= 1) {{
        if (!left) throw new Error("it never came true");
        await new Promise((again) => setTimeout(again, 50));
      }}
    }}"""
    for _ in range(_STARTS):
        try:
            page.evaluate(asking)
        except Error as broken_off:
            if "context was destroyed" not in str(broken_off):
                raise
        else:
            return
    raise AssertionError(f"the page started itself anew {_STARTS} times")


def reload(page: Page) -> None:
    """Start the page anew, once more where it did so itself and broke this off."""
    try:
        page.reload()
    except Error as broken_off:
        if "ERR_ABORTED" not in str(broken_off):
            raise
        page.reload()


@contextlib.contextmanager
def tablets() -> Iterator[Playwright]:
    """What starts tablets: `Tablet(playwright, profile)`."""
    with sync_playwright() as playwright:
        yield playwright

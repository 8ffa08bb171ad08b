"""Start the Chromium that is found on this machine, so that it does only what a test asks of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.browsers import find_browser

_QUIET = (
    "--disable-gpu",
    "--in-process-gpu",  # nothing is drawn for anybody: a process less
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def launch_flags() -> list[str]:
    """Flags for a browser without a screen; only root has to do without Chromium's sandbox."""
    return [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(_QUIET)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser, closed afterwards. Raises NoBrowser, which says what to install."""
    with sync_playwright() as playwright, started_by(playwright) as browser:
        yield browser


@contextmanager
def started_by(playwright: Playwright) -> Iterator[Browser]:
    """The same, of a playwright that is there already: a thread can have only one."""
    browser = _launched(playwright)
    try:
        yield browser
    finally:
        browser.close()


def _launched(playwright: Playwright) -> Browser:
    """Chromium now and then dies while it starts, on a machine that does much else."""
    path = str(find_browser())
    try:
        return playwright.chromium.launch(executable_path=path, args=launch_flags())
    except Error:
        return playwright.chromium.launch(executable_path=path, args=launch_flags())

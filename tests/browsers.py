"""Find a Chromium for the browser tests, and fetch one where that may be done.

`make test` runs this file first; the tests themselves call `find_browser`, which installs nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.widget.node import NODE

# Playwright brings a Node too, which needs a library (libatomic) that a bare Debian lacks.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

# The first is Chromium without its windows: every test takes half of the processor that way.
_SHELL = "chromium-headless-shell"
COMMANDS = (
    _SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
# A system's package manager -> its commands, tried only as root: we ask nobody for a password.
PACKAGE_MANAGERS = {
    "apt-get": (
        ("apt-get", "update", "-qq"),
        ("apt-get", "install", "-qq", "-y", "--no-install-recommends", _SHELL),
        ("apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"),
    ),
    "apk": (("apk", "add", "--quiet", "chromium"),),
    "dnf": (("dnf", "install", "-q", "-y", "chromium"),),
}
INSTALL_SECONDS = 300


class NoBrowser(Exception):
    """No Chromium or Chrome is installed; the message says what to install."""


def find_browser() -> Path:
    """The Chromium or Chrome to test with. Raises NoBrowser where there is none."""
    found = _installed() or _downloaded()
    if found is None:
        raise NoBrowser(
            "The browser tests need Chromium or Chrome and found neither: install one of them "
            "(Debian, Ubuntu: apt install chromium; macOS: brew install --cask chromium)."
        )
    return found


def install_browser() -> None:
    """Fetch a Chromium: the system's package as root, else playwright's own download."""
    for manager, commands in PACKAGE_MANAGERS.items():
        if os.geteuid() == 0 and shutil.which(manager):
            for command in commands:
                if _installed() is None:
                    _run(command)
    if _installed() is None:
        _run((sys.executable, "-m", "playwright", "install", "chromium"))


def _installed() -> Path | None:
    for command in COMMANDS:
        if path := shutil.which(command):
            return Path(path)
    return next((path for path in map(Path, MAC_APPLICATIONS) if path.exists()), None)


def _downloaded() -> Path | None:
    """Playwright's own Chromium. Asking for it starts its driver: about a second."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _run(command: tuple[str, ...]) -> None:
    """Run a command that may fail: what counts is whether a browser is there afterwards."""
    try:
        subprocess.run(
            command,
            check=False,
            timeout=INSTALL_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired) as reason:
        print(f"{' '.join(command)}: {reason}", file=sys.stderr)


def main() -> None:
    """Make sure that a browser is there. Without one the tests that need it fail and say so."""
    try:
        find_browser()
    except NoBrowser:
        print("Fetching Chromium for the browser tests; this may take some minutes.")
        install_browser()


if __name__ == "__main__":
    main()

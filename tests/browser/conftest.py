"""One browser and one demo for all tests of this folder: starting them takes the longest."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import started_by
from tests.browser.running_demo import RunningDemo, demo_again


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Its loop must not outlive it into the tests of other folders."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine. A test that cannot have one fails and says what to install."""
    with started_by(playwright) as found:
        yield found


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo that others have played before."""
    with demo_again(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running

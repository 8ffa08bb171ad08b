"""One service and one paired tablet for all tests of the kiosk: starting them takes the longest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.kiosk.stand import Stand, stand
from tests.browser.kiosk.tablet import LANDSCAPE, Tablet


@pytest.fixture(scope="package")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with stand(tmp_path_factory.mktemp("counter")) as found:
        yield found


@pytest.fixture(scope="package")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="package")
def tablet(playwright: Playwright, counter: Stand, profile: Path) -> Iterator[Tablet]:
    """A tablet that is paired."""
    found = Tablet(playwright, profile)
    try:
        counter.pair(found)
        yield found
    finally:
        found.stop()


@pytest.fixture
def kiosk(tablet: Tablet, counter: Stand) -> Iterator[Page]:
    """The kiosk, started anew and waiting for somebody; its clock can be put forward."""
    page = tablet.context.new_page()
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    tablet.page.goto("about:blank")
    page.clock.install()
    # The clock is the browser's, for all its pages: an earlier test may have stopped it.
    page.clock.resume()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("console", lambda told: faults.append(told.text) if "Policy" in told.text else None)
    page.goto(counter.kiosk)
    page.locator(".first").wait_for()
    yield page
    page.close()
    assert not faults

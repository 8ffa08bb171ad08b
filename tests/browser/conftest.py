"""A browser for the tests of one file: playwright's loop must not outlive it into other tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine. A test that cannot have one fails and says what to install."""
    with chromium() as found:
        yield found

"""One service and one municipal site for every test of the widget."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.host_site import municipality_that_lists
from tests.browser.widget.host_pages import HostPages
from tests.browser.widget.own_questions import every_kind
from tests.browser.widget.place import Place
from tests.system.running import running


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("widget")
    with HostPages().open() as site:
        config = municipality_that_lists(site.origin, folder / "config")
        every_kind(config)
        with running(folder / "data", MEETPUNT_CONFIG=str(config)) as service:
            yield Place(service, site, browser)

"""The line that `meetpunt widget snippet` prints, on a municipal site with the strictest policy."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from ingest.commands.meetpunt import meetpunt
from tests.browser.host_site import HostSite, municipality_that_lists, stored_in
from tests.browser.most import as_most_are_asked
from tests.system.running import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.processes]


class Sites(msgspec.Struct, frozen=True):
    """A service, the files it serves, a site that they list, and one that they do not."""

    service: Running
    config: Path
    listed: HostSite
    stranger: HostSite

    def put_up(self, site: HostSite, *options: str) -> str:
        """What the command prints, on a page of that site."""
        settings = {"MEETPUNT_CONFIG": str(self.config), "MEETPUNT_BASE_URL": self.service.url}
        arguments = ("widget", "snippet", "molensloot/online", *options)
        printed = CliRunner().invoke(meetpunt, arguments, env=settings)
        assert printed.exit_code == 0, printed.output
        site.policy = (
            f"default-src 'none'; script-src {self.service.url}; connect-src {self.service.url};"
            " style-src 'self'; require-trusted-types-for 'script'"
        )
        return site.show(printed.stdout)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("sites")
    with HostSite().open() as listed, HostSite("127.0.0.1").open() as stranger:
        config = municipality_that_lists(listed.origin, folder / "config")
        with running(folder / "data", MEETPUNT_CONFIG=str(config)) as service:
            yield Sites(service, config, listed, stranger)


def visit(browser: Browser, url: str) -> tuple[Page, list[str]]:
    """The page, and everything that the browser complains about from now on."""
    page = as_most_are_asked(browser.new_context()).new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.goto(url)
    return page, told


@pytest.mark.parametrize("options", [(), ("--pin",), ("--language", "ar")])
def test_what_a_resident_sends_there_is_stored(
    browser: Browser, sites: Sites, options: tuple[str, ...]
) -> None:
    before = {row["id"] for row in stored_in(sites.service.data)}
    page, told = visit(browser, sites.put_up(sites.listed, *options))
    survey = page.locator("meetpunt-survey")
    expect(survey.get_by_role("radio").first).to_be_visible()
    survey.get_by_role("radio").nth(7).check()
    with page.expect_response("**/api/v1/responses") as sent:
        survey.get_by_role("button").first.click()
    assert sent.value.status == 201
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.context.close()
    assert told == []
    (row,) = [row for row in stored_in(sites.service.data) if row["id"] not in before]
    assert row["questionnaire"] == "online"
    assert row["language"] == ("ar" if "ar" in options else "nl")


def test_a_site_that_is_not_listed_keeps_the_link(browser: Browser, sites: Sites) -> None:
    before = len(stored_in(sites.service.data))
    page, told = visit(browser, sites.put_up(sites.stranger))
    page.wait_for_load_state("networkidle")
    link = page.get_by_role("link", name="Hoe ging het op onze website?")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == f"{sites.service.url}/o/molensloot/online?lang=nl"
    expect(page.get_by_role("radio")).to_have_count(0)
    page.context.close()
    # Ours, at most; what the browser itself says of a refused call cannot be kept from it.
    ours = [line for line in told if "Access to fetch" not in line and "Failed to load" not in line]
    assert len(ours) <= 1
    assert len(stored_in(sites.service.data)) == before

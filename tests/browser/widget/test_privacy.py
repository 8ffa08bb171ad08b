"""What the widget asks, and of whom; what it leaves behind, which is nothing."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place, each_once

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LEFT_BEHIND = """async () => [
  document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, name, history.length,
]"""


@each_once
def test_two_requests_show_the_survey(place: Place, language: str, mode: str) -> None:
    with place.pasted(language, mode=mode) as visit:
        expect(visit.survey.locator("form, .opener").first).to_be_visible()
        asked = [url for url in visit.requests if url.startswith(place.service.url)]
        assert asked == [
            f"{place.service.url}/widget.v1.js",
            f"{place.service.url}/api/v1/touchpoints/molensloot/online?language={language}",
        ]
        assert visit.shifted == 0
        assert visit.console == []


def test_nobody_else_is_asked_and_nothing_is_left_behind(place: Place) -> None:
    with place.pasted() as visit:
        before = visit.page.evaluate(LEFT_BEHIND)
        visit.show()
        visit.send_first()
        visit.send_rest()
        asked = {urlsplit(url)[:2] for url in visit.requests}
        assert asked == {urlsplit(place.site.origin)[:2], urlsplit(place.service.url)[:2]}
        assert visit.page.evaluate(LEFT_BEHIND) == before == ["", 0, 0, 0, "", 2]
        state = visit.page.context.storage_state()
        assert state == {"cookies": [], "origins": []}
        assert visit.console == []


def test_no_request_says_from_which_page_it_comes(place: Place) -> None:
    with place.pasted(query="?zaak=12345") as visit:
        told: list[str] = []
        visit.page.on(
            "request", lambda request: told.append(f"{request.all_headers()} {request.post_data}")
        )
        visit.show()
        visit.send_first()
        assert told
        assert not any("12345" in headers for headers in told)
        assert [url for url in visit.requests if "12345" in url] == [visit.page.url]
        assert not any("cookie" in headers for headers in told)


def test_what_is_far_below_is_not_asked_for(place: Place) -> None:
    spacer = "<style>p { height: 5000px }</style><p>Lang verhaal</p>"
    with place.visit(place.site.page(spacer + place.snippet())) as visit:
        visit.until_defined()
        assert visit.shifted == 0
        assert not any("/api/v1/" in url for url in visit.requests)
        with visit.page.expect_response("**/api/v1/touchpoints/**"):
            visit.page.evaluate("scrollTo(0, 4000)")
        visit.show()

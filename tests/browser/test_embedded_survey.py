"""The survey in an iframe on another site: sent from there, as high as it is, heeding no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from ingest.widget.snippet import iframe_snippet
from tests.browser.host_site import HostSite, municipality_that_lists, stored_in
from tests.browser.most import as_most_are_asked
from tests.system.running import Running, running

pytestmark = [pytest.mark.browser, pytest.mark.processes]

HEIGHT = "document.querySelector('iframe').clientHeight"
SNIPPET_HEIGHT = 900


class Sites(msgspec.Struct, frozen=True):
    """A site that Molensloot lists, and one that nobody does."""

    service: Running
    listed: HostSite
    stranger: HostSite

    def allow(self, site: HostSite) -> None:
        """Let a page of this site have our frame and our script, and nothing else."""
        site.policy = (
            f"default-src 'none'; frame-src {self.service.url}; script-src {self.service.url};"
            " require-trusted-types-for 'script'"
        )

    def page(self, site: HostSite, more: str = "") -> str:
        self.allow(site)
        pasted = iframe_snippet(self.service.url, "molensloot/online", "nl", "Uw mening")
        return site.show(pasted + more)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("frames")
    with HostSite().open() as listed, HostSite("127.0.0.1").open() as stranger:
        config = municipality_that_lists(listed.origin, folder / "config")
        with running(folder / "data", MEETPUNT_CONFIG=str(config)) as service:
            yield Sites(service, listed, stranger)


@contextmanager
def visited(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    context = as_most_are_asked(browser.new_context(**options))
    page = context.new_page()
    page.goto(url)
    yield page
    assert context.cookies() == []
    context.close()


def survey_in(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def high(page: Page) -> int:
    found: int = page.evaluate(HEIGHT)
    return found


def wait_for_content_height(page: Page) -> int:
    """Until the frame is as high as what is in it, no more and no less."""
    inside = page.frames[1]
    page.wait_for_function(f"() => {HEIGHT} !== {SNIPPET_HEIGHT}")
    wanted = inside.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    page.wait_for_function(f"(wanted) => {HEIGHT} === wanted", arg=wanted)
    assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight")
    return int(wanted)


def heights_until_555(page: Page) -> set[int]:
    """Every height of the frame until what the survey says now: by then all before it was seen."""
    page.evaluate(
        f"""() => {{
          window.heights = [{HEIGHT}];
          const options = {{ attributes: true, subtree: true }};
          new MutationObserver(() => heights.push({HEIGHT})).observe(document.body, options);
        }}"""
    )
    page.frames[1].evaluate("() => parent.postMessage({meetpunt: 'height', height: 555}, '*')")
    page.wait_for_function("() => heights.includes(555)")
    return set(page.evaluate("heights"))


# With scripts a page of this shape is sent by many others.
@pytest.mark.parametrize("scripts", [pytest.param(True, marks=pytest.mark.long), False])
def test_it_is_sent_from_within_the_frame(browser: Browser, sites: Sites, scripts: bool) -> None:
    before = len(stored_in(sites.service.data))
    with visited(browser, sites.page(sites.listed), java_script_enabled=scripts) as page:
        survey = survey_in(page)
        survey.get_by_role("button").click()  # nothing chosen yet
        expect(survey.get_by_role("heading", name="nog niet verstuurd")).to_be_visible()
        survey.get_by_label("8", exact=True).check()
        survey.get_by_role("button").click()
        expect(survey.get_by_role("heading", name="Bedankt voor uw reactie")).to_be_visible()
        assert page.url == sites.listed.origin + "/"
    assert len(stored_in(sites.service.data)) == before + 1


def test_the_frame_follows_its_content_up_and_down(browser: Browser, sites: Sites) -> None:
    with visited(browser, sites.page(sites.listed)) as page:
        survey = survey_in(page)
        expect(survey.get_by_role("button")).to_be_visible()
        first = wait_for_content_height(page)
        page.set_viewport_size({"width": 360, "height": 640})
        page.wait_for_function(f"(first) => {HEIGHT} > first", arg=first)
        narrow = wait_for_content_height(page)
        page.set_viewport_size({"width": 1280, "height": 720})
        page.wait_for_function(f"(narrow) => {HEIGHT} < narrow", arg=narrow)
        survey.get_by_role("button").click()
        page.wait_for_function(f"(first) => {HEIGHT} > first", arg=first)
        survey.get_by_label("8", exact=True).check()
        survey.get_by_role("button").click()
        expect(survey.get_by_role("heading", name="Bedankt voor uw reactie")).to_be_visible()
        page.wait_for_function(f"(first) => {HEIGHT} < first", arg=first)
        wait_for_content_height(page)


def test_a_site_that_is_not_listed_shows_nothing(browser: Browser, sites: Sites) -> None:
    with visited(browser, sites.page(sites.stranger)) as page:
        page.wait_for_load_state("networkidle")
        expect(survey_in(page).get_by_role("button")).to_have_count(0)
        assert high(page) == SNIPPET_HEIGHT


FROM_WITHIN = [
    "null",
    "'height'",
    "{meetpunt: 'height'}",
    "{meetpunt: 'height', height: null}",
    "{meetpunt: 'height', height: '500'}",
    "{meetpunt: 'height', height: 500.5}",
    "{meetpunt: 'height', height: NaN}",
    "{meetpunt: 'height', height: Infinity}",
    "{meetpunt: 'height', height: -500}",
    "{meetpunt: 'height', height: 99}",
    "{meetpunt: 'height', height: 4001}",
    "{meetpunt: 'height', height: 1e308}",
    "{meetpunt: 'hello', height: 500}",
    "{meetpunt: {toString: null}, height: 500}",
    'JSON.parse(\'{"__proto__": {"meetpunt": "height", "height": 500}}\')',
    "['height', 500]",
]


def test_the_site_heeds_only_a_height_within_bounds(browser: Browser, sites: Sites) -> None:
    with visited(browser, sites.page(sites.listed)) as page:
        expect(survey_in(page).get_by_role("button")).to_be_visible()
        wanted = wait_for_content_height(page)
        inside = page.frames[1]
        for message in FROM_WITHIN:
            inside.evaluate(f"() => parent.postMessage({message}, '*')")
        assert heights_until_555(page) <= {wanted, 555}


def test_the_site_heeds_only_the_frame_itself(browser: Browser, sites: Sites) -> None:
    # Another frame of ours, that shows no survey: our origin, but not a survey's window.
    other = f'<iframe id="other" src="{sites.service.url}/v/nothing"></iframe>'
    with visited(browser, sites.page(sites.listed, other)) as page:
        expect(survey_in(page).first.get_by_role("button")).to_be_visible()
        page.wait_for_function(f"() => {HEIGHT} !== {SNIPPET_HEIGHT}")
        wanted = high(page)
        message = "{meetpunt: 'height', height: 666}"
        page.evaluate(f"() => postMessage({message}, '*')")  # the site to itself
        page.frames[2].evaluate(f"() => parent.postMessage({message}, '*')")
        assert heights_until_555(page) <= {wanted, 555}


FROM_OUTSIDE = [
    "null",
    "'hello'",
    "{meetpunt: 'height', height: 300}",
    "{meetpunt: ['hello']}",
    'JSON.parse(\'{"__proto__": {"meetpunt": "hello"}}\')',
]


def test_the_frame_tells_nobody_who_did_not_ask(browser: Browser, sites: Sites) -> None:
    listening = "window.heard = []; addEventListener('message', ({data}) => heard.push(data))"
    with visited(browser, "about:blank") as page:
        page.add_init_script(f"if (parent === window) {{ {listening} }}")
        sites.allow(sites.listed)
        # Without our script on the site nobody says hello.
        source = f"{sites.service.url}/embed/molensloot/online"
        page.goto(sites.listed.show(f'<iframe src="{source}"></iframe>', "/bare"))
        expect(survey_in(page).get_by_role("button")).to_be_visible()
        say = (
            f"document.querySelector('iframe').contentWindow.postMessage(%s, '{sites.service.url}')"
        )
        for message in FROM_OUTSIDE:
            page.evaluate(f"() => {say % message}")
        # Another window than the one around it, at its own origin.
        page.frames[1].evaluate("() => postMessage({meetpunt: 'hello'}, '*')")
        assert page.evaluate("heard") == []
        page.evaluate(f"() => {say % '{meetpunt: `hello`}'}")
        page.wait_for_function("() => heard.length > 0")
        (told,) = page.evaluate("heard")
        assert told.keys() == {"meetpunt", "height"}
        assert 100 <= told["height"] <= 4000

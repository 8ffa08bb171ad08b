"""Where the widget is tried: a service, a municipal site that it lists, and a visit to a page."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from html import escape
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route

from ingest.widget.snippet import kept_room
from tests.browser.host_site import stored_in
from tests.browser.most import as_most_are_asked
from tests.browser.widget.host_pages import HostPages
from tests.system.running import Running

TOUCHPOINT = "molensloot/online"
TAG = "meetpunt-survey"

ROOM = kept_room()

# Before anything of the page: what moved without a hand of the visitor, and what the page was told.
_WATCH = """
  globalThis.shifted = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) shifted += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  globalThis.events = [];
  for (const what of ["open", "answered", "submitted", "failed"])
    addEventListener(`meetpunt-${what}`, ({ type, detail, composed, bubbles, target }) =>
      events.push({ type, detail, composed, bubbles, target: target.localName }));
"""

# What the browser itself says of a call that failed; no script can keep it from saying so.
_OF_THE_BROWSER = re.compile(r"Failed to load resource|Access to fetch")

# Each direction and each mode once; that one goes with the other too, the long tests show.
each_once = pytest.mark.parametrize(
    ("language", "mode"),
    [
        ("nl", "inline"),
        ("ar", "button"),
        pytest.param("nl", "button", marks=pytest.mark.long),
        pytest.param("ar", "inline", marks=pytest.mark.long),
    ],
)


class Place:
    """A running service, and a site on another origin that may ask for Molensloot's surveys."""

    def __init__(self, service: Running, site: HostPages, browser: Browser) -> None:
        self.service = service
        self.site = site
        self.browser = browser

    @property
    def strict(self) -> str:
        """The strictest policy that we say the widget can live with."""
        return (
            f"default-src 'none'; script-src {self.service.url}; connect-src {self.service.url};"
            " style-src 'self'; require-trusted-types-for 'script'"
        )

    @property
    def script(self) -> str:
        return f'<script src="{self.service.url}/widget.v1.js" async></script>'

    def element(self, language: str = "nl", *, room: str = ROOM, **attributes: str) -> str:
        """The element with its link, and room where it is pasted with that.

        An attribute `touchpoint` asks another one.
        """
        given = {"touchpoint": TOUCHPOINT, "lang": language} | attributes
        written = "".join(f' {name}="{escape(value)}"' for name, value in given.items())
        href = f"{self.service.url}/o/{given['touchpoint']}?lang={language}"
        kept = "" if given.get("mode") == "button" or "after" in given else room
        return f'<{TAG}{written}><a href="{href}">Geef uw mening</a>{kept}</{TAG}>'

    def snippet(self, language: str = "nl", *, room: str = ROOM, **attributes: str) -> str:
        return f"{self.script}\n{self.element(language, room=room, **attributes)}"

    def stored(self) -> list[dict[str, Any]]:
        """Every response in Postgres, as its columns."""
        return stored_in(self.service.data)

    @staticmethod
    def answers(row: dict[str, Any]) -> dict[str, Any]:
        """What was chosen in a stored response, by item."""
        found: dict[str, Any] = json.loads(row["answers"])
        return found

    @contextmanager
    def visit(self, url: str, **options: Any) -> "Iterator[Visit]":
        """A page in a browser profile of its own; at the end nothing may be left behind in it."""
        context = as_most_are_asked(self.browser.new_context(**options))
        context.add_init_script(_WATCH)
        visit = Visit(context.new_page())
        visit.page.goto(url)
        yield visit
        assert context.cookies() == []
        context.close()

    @contextmanager
    def pasted(
        self, language: str = "nl", *, mode: str = "", query: str = "", **options: Any
    ) -> "Iterator[Visit]":
        """A visit to a page of the strictest kind, with the snippet on it."""
        attributes = {"mode": mode} if mode else {}
        url = self.site.page(
            self.snippet(language, **attributes),
            policy=self.strict,
            head='<meta name="color-scheme" content="light dark">',
        )
        with self.visit(url + query, **options) as visit:
            yield visit


class Visit:
    """One page: every address that it asked for, and every line in its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.console: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    @cached_property
    def survey(self) -> Locator:
        """What is on the page in the element's place, shadow root included."""
        return self.page.locator(TAG)

    @property
    def complaints(self) -> list[str]:
        """What the console says, but for what the browser itself says of a failed call."""
        return [line for line in self.console if not _OF_THE_BROWSER.search(line)]

    @property
    def shifted(self) -> float:
        """Layout shift so far, without what the visitor's own hand moved."""
        # An observer hears of a shift with the next frame.
        self.page.evaluate(
            "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
        )
        found: float = self.page.evaluate("shifted")
        return found

    @property
    def events(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("events")
        return found

    def hold(self, urls: str) -> list[Route]:
        """What is asked there gets no answer; every question."""
        held: list[Route] = []

        def keep(route: Route) -> None:
            held.append(route)

        self.page.route(urls, keep)
        return held

    def until_defined(self) -> None:
        """Until the script ran."""
        self.page.wait_for_function(f"() => !!customElements.get('{TAG}')")

    def show(self) -> None:
        """Until the survey is there; where a button opens it, press that."""
        self.survey.locator("form, .opener").first.wait_for()
        opener = self.survey.locator(".opener")
        if opener.count():
            opener.click()
        self.survey.locator("form").wait_for()

    def choose(self, mark: int = 8) -> None:
        self.survey.get_by_role("radio", name=str(mark), exact=True).check()

    def send(self) -> None:
        """Press the button; before anything is chosen there is none, and Enter asks the same."""
        button = self.survey.locator("form > button")
        if button.is_visible():
            button.click()
        else:
            self.survey.get_by_role("radio").first.press("Enter")

    def seen(self) -> Locator:
        """The place where "sending", "thanks" and "failed" come and go."""
        return self.survey.locator(".seen")

    def send_first(self, mark: int = 8) -> None:
        """The mark alone, until the service has it."""
        self.choose(mark)
        with self.page.expect_response("**/api/v1/responses") as sent:
            self.send()
        assert sent.value.status == 201, sent.value.text()
        self.survey.locator("fieldset.faces").wait_for()

    def send_rest(self) -> None:
        with self.page.expect_response("**/completion") as sent:
            self.send()
        assert sent.value.status == 201, sent.value.text()
        self.seen().locator("h3").wait_for()

    def send_everything(self) -> None:
        """From the first question to the thanks; nothing moves, and nothing is said."""
        self.show()
        self.send_first()
        self.send_rest()
        assert self.shifted == 0
        assert self.console == []

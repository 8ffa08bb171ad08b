"""The first question is in sight on every page, and nothing on that page moves for it."""

import pytest
from playwright.sync_api import expect

from tests.browser.widget.place import Place
from tests.browser.widget.test_hostile_pages import RULES
from tests.browser.widget.test_the_page_stays_whole import OLD_LIBRARY

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Browsers call a page good under 0.1.
MOST_SHIFT = 0.02

TEXT = "<p>Uw verhuizing geeft u door binnen vijf dagen na de dag waarop u verhuist.</p>"
FOOTER = "<footer><p>Gemeente Molensloot</p><p><a href='/contact'>Contact</a></p></footer>"
BODY = "body { margin: 16px; font: 18px/1.5 sans-serif }"
STICKY = "body { margin: 0; min-height: 100vh; display: flex; flex-direction: column }"

RESET = """*, ::before { margin: 0; padding: 0; box-sizing: border-box; border: 0 solid }
  img, svg, video, canvas { display: block; max-width: 100%; height: auto }"""

# Name -> style of the page, what stands there; %s is the pasted line. What follows it is in sight.
PAGES: dict[str, tuple[str, str]] = {
    "with no style": ("", f"{TEXT}%s{FOOTER}"),
    "short": (BODY, f"%s{FOOTER}"),
    "in a paragraph": (BODY, f"{TEXT}<p>%s</p>{TEXT}{FOOTER}"),
    "below a sentence in the same line": (BODY, f"<div>Vragen? Bel 14 010. %s</div>{FOOTER}"),
    "in a column": (
        BODY + "@media (width > 700px) { main { display: grid; grid-template-columns: 3fr 1fr } }",
        f"<div>{TEXT}%s{TEXT}</div><aside>{TEXT * 3}</aside>{FOOTER}",
    ),
    "in a narrow column": (
        BODY + "section { width: 260px; font-size: 16px }",
        f"<section>%s{TEXT}</section>",
    ),
    "with its footer at the bottom": (
        STICKY
        + "main { flex: 1; display: flex; flex-direction: column } footer { margin-top: auto }",
        f"{TEXT}%s{FOOTER}",
    ),
    "in a flexible row": (
        BODY
        + "div { display: flex; flex-wrap: wrap } div > div { flex: 1 1 280px; display: block }",
        f"<div><div>{TEXT}</div><div>%s</div></div>{TEXT}",
    ),
    "in a table": (BODY, f"<table><tr><td>{TEXT}%s{TEXT}</td></tr></table>{FOOTER}"),
    "in a list": (BODY, f"<ul><li>%s</li><li>Anders</li></ul>{FOOTER}"),
    "in a form": (BODY, f"<form action='/aanvraag'>%s<button>Aanvragen</button></form>{FOOTER}"),
    "with a reset": (
        RESET,
        f"{TEXT}%s{FOOTER}",
    ),
    "with letters of 20 pixels": ("body { font: 20px/1.6 Georgia, serif }", f"{TEXT}%s{FOOTER}"),
    "dark": ("body { background: #002244; color: white } a { color: gold }", f"%s{FOOTER}"),
    "that unsets everything": (RULES["unset"], f"%s{FOOTER}"),
    "that hides every field": (RULES["hidden"], f"{TEXT}%s{TEXT}"),
    "long": (BODY, f"{TEXT * 30}%s{TEXT * 30}{FOOTER}"),
}

SIZES = {
    "phone": (360, 640),
    "laptop": (1366, 768),
    "wide": (2560, 1440),
    "tall": (1080, 1920),
}


# Seventeen pages take ten seconds. A telephone has the least room; the first pages differ most.
@pytest.mark.parametrize(
    ("size", "most"),
    [("phone", 4), *(pytest.param(each, None, marks=pytest.mark.long) for each in SIZES)],
)
def test_it_shows_itself_on_every_page_and_nothing_moves(
    place: Place, size: str, most: int | None
) -> None:
    width, height = SIZES[size]
    told = {}
    for name, (style, body) in list(PAGES.items())[:most]:
        head = f"<style>{style}</style>" + (OLD_LIBRARY if name == "in a form" else "")
        url = place.site.page(body % place.snippet(), head=head)
        with place.visit("about:blank", viewport={"width": width, "height": height}) as visit:
            held = visit.hold("**/widget.v1.js")
            with visit.page.expect_request("**/widget.v1.js"):
                visit.page.goto(url, wait_until="commit")
            visit.page.get_by_role("link", name="Geef uw mening").wait_for()
            visit.page.evaluate(PAINTED)
            held[0].continue_()
            visit.until_defined()
            visit.survey.evaluate("(one) => one.scrollIntoView({block: 'nearest'})")
            expect(visit.survey.locator(".boxed").get_by_role("radio").first).to_be_attached()
            told[name] = visit.shifted
            assert visit.console == [], name
    assert {name: shift for name, shift in told.items() if shift > MOST_SHIFT} == {}


PAINTED = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"

"""A resident fills in the survey in a real browser: by keyboard, without script, after an error."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from ingest.municipalities.house_style import CONTROL_RATIO, contrast
from ingest.pages.open_survey import OpenPages
from ingest.pages.pages import FormState
from tests.browser.pages_server import PagesServer, serving
from tests.browser.states import answer_of
from tests.surveys import Example

pytestmark = pytest.mark.browser

RANDOM_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  const drawn = [focused, focused.closest("label") ?? focused].map((one) => getComputedStyle(one));
  return drawn.some((style) => style.outlineStyle === "solid" && style.outlineWidth === "3px");
}"""
FIELD = "document.activeElement.name || document.activeElement.tagName"


@pytest.fixture
def site() -> Iterator[PagesServer]:
    example = Example()
    with serving(example.pages) as server:
        server.pages["/v/token"] = lambda: (
            example.pages.survey(example.touchpoint, example.questionnaire, "nl").identity
        )
        behind_a_link = OpenPages(example.pages, len("token")).survey(
            example.touchpoint, example.questionnaire, "nl", {"product": "paspoort"}
        )
        server.pages["/o/molensloot/balie-hal"] = lambda: behind_a_link.identity(b"token")
        server.answer = answer_of(example, "nl")
        yield server


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """The page in a browser of a resident's own; nothing it complains about goes unnoticed."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    assert context.cookies() == []
    context.close()
    # A form that comes back with errors has status 400, and Chromium says so.
    assert [each for each in complaints if "400 (Bad Request)" not in each] == []


def send(page: Page) -> None:
    page.locator("form").get_by_role("button").last.click()


def test_opening_the_survey_takes_one_request_and_leaves_nothing_behind(
    browser: Browser, site: PagesServer
) -> None:
    elsewhere: list[str] = []
    with opened(browser, f"{site.url}/v/token") as page:
        page.on("request", lambda request: elsewhere.append(request.url))
        page.wait_for_load_state("networkidle")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert site.requests == ["/v/token"]
    assert elsewhere == []


def test_the_survey_can_be_done_by_keyboard_alone(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        visited: list[str] = []

        def tab_to(name: str) -> None:
            while not visited or visited[-1] != name:
                page.keyboard.press("Tab")
                visited.append(page.evaluate(FIELD))
                assert page.evaluate(FOCUS_IS_SEEN), visited
                assert len(visited) < 30, visited

        tab_to("cijfer")
        for _ in range(7):
            page.keyboard.press("ArrowRight")
        tab_to("geholpen")
        page.keyboard.press("ArrowDown")
        tab_to("oorzaak")
        page.keyboard.press("Space")
        tab_to("moeite")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        tab_to("goed")
        page.keyboard.press("Space")
        tab_to("toelichting")
        page.keyboard.type("Snel geholpen.")
        tab_to("BUTTON")
        # Enter in an answer sends nothing: somebody is still choosing.
        page.locator("[name=moeite]:checked").press("Enter")
        assert site.forms == []
        page.locator("form").get_by_role("button").last.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Bedankt voor uw reactie")).to_be_visible()
    assert visited == [
        # What was chosen where nothing had to be can be taken back: a button each time.
        *("A", "SUMMARY", "cijfer", "geholpen", "oorzaak", "sfeer", "moeite"),
        *("BUTTON", "goed", "goed", "toelichting", "BUTTON"),
    ]
    (form,) = site.forms
    assert {name: values for name, values in form.items() if name != "_response"} == {
        "_version": ["3"],
        "_language": ["nl"],
        "_website": [""],
        "cijfer": ["8"],
        "geholpen": ["deels"],
        "oorzaak": ["papieren"],
        "moeite": ["4"],
        "goed": ["wachten"],
        "toelichting": ["Snel geholpen."],
    }


@pytest.mark.parametrize("scripts", [True, False])
def test_questions_appear_when_their_answer_is_given(
    browser: Browser, site: PagesServer, scripts: bool
) -> None:
    with opened(browser, f"{site.url}/v/token", java_script_enabled=scripts) as page:
        reason = page.get_by_role("radiogroup", name="Waardoor lukte het niet?")
        follow_up = page.get_by_role("radiogroup", name="Ik weet wat ik dan meeneem.")
        expect(reason).to_be_hidden()
        page.get_by_label("Deels").check()
        expect(reason).to_be_visible()
        expect(follow_up).to_be_hidden()
        page.get_by_label("Ik moet nog een keer komen").check()
        expect(follow_up).to_be_visible()
        # What hung on the hidden question goes along with it, though its radio is still chosen.
        page.get_by_label("Ja", exact=True).check()
        expect(reason).to_be_hidden()
        expect(follow_up).to_be_hidden()


def test_the_survey_can_be_sent_without_scripts(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token", java_script_enabled=False) as page:
        page.get_by_label("8", exact=True).check()
        page.get_by_label("Ja", exact=True).check()
        send(page)
        expect(page.get_by_role("heading", name="Bedankt voor uw reactie")).to_be_visible()
    assert "_response" not in site.forms[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_an_error_takes_the_focus_leads_to_its_question_and_loses_nothing(
    browser: Browser, site: PagesServer, scripts: bool
) -> None:
    phone = {"width": 360, "height": 640}
    with opened(
        browser, f"{site.url}/v/token", java_script_enabled=scripts, viewport=phone
    ) as page:
        page.get_by_label("Wat kan beter?").fill("Twee\nregels <b>")
        send(page)
        heading = page.get_by_role("heading", name="Uw antwoorden zijn nog niet verstuurd")
        expect(heading).to_be_focused()
        assert page.title().startswith("Fout: ")
        expect(page.get_by_label("Wat kan beter?")).to_have_value("Twee\nregels <b>")
        page.get_by_role("link", name="Welk cijfer geeft u dit bezoek?").click()
        # Not the field alone: who lands there must see what is asked and what was wrong.
        expect(page.get_by_text("Welk cijfer geeft u dit bezoek?").last).to_be_in_viewport(ratio=1)
        expect(page.get_by_text("Let op: Kies een cijfer")).to_be_in_viewport(ratio=1)
        expect(page.get_by_label("1", exact=True).first).to_be_in_viewport(ratio=1)
        page.get_by_label("6", exact=True).check()
        page.get_by_label("Ja", exact=True).check()
        send(page)
        expect(page.get_by_role("heading", name="Bedankt voor uw reactie")).to_be_visible()


def test_a_second_error_takes_the_focus_too_though_the_address_names_a_question(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        send(page)
        page.get_by_role("link", name="Welk cijfer geeft u dit bezoek?").click()
        page.get_by_label("6", exact=True).check()
        send(page)
        expect(page.get_by_role("link", name="Is het gelukt waarvoor u kwam?")).to_be_visible()
        expect(page.get_by_role("link", name="Welk cijfer geeft u")).to_have_count(0)
        expect(page.get_by_role("heading", level=2).first).to_be_focused()


def test_a_form_has_one_response_id_however_often_it_is_sent(
    browser: Browser, site: PagesServer
) -> None:
    example = Example()
    with opened(browser, f"{site.url}/v/token") as page:
        send(page)
        (first,) = site.forms[0]["_response"]
        assert RANDOM_UUID.fullmatch(first)
        site.pages["/v/token"] = lambda: example.pages.survey_again(
            example.touchpoint,
            example.questionnaire,
            "nl",
            FormState(notice="unavailable", response_id=first),
        )
        page.goto(f"{site.url}/v/token")
        send(page)
        expect(page.get_by_role("heading", name="nog niet verstuurd")).to_be_visible()
    assert site.forms[1]["_response"] == [first]


def test_two_people_have_two_response_ids(browser: Browser, site: PagesServer) -> None:
    for _ in range(2):
        with opened(browser, f"{site.url}/v/token") as page:
            send(page)
    assert site.forms[0]["_response"] != site.forms[1]["_response"]


def test_a_double_tap_sends_once(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        stopped = page.evaluate(
            """() => {
              const stopped = [];
              addEventListener("submit", (event) => {
                stopped.push(event.defaultPrevented);
                event.preventDefault();
              });
              for (const _ of [1, 2]) document.forms[0].requestSubmit();
              return stopped;
            }"""
        )
        expect(page.get_by_role("button").last).to_be_enabled()
    assert stopped == [False, True]


def test_text_is_counted_as_it_is_stored_and_never_cut(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        text = page.get_by_label("Wat kan beter?")
        # Ten letters that are each written as two code points, and an emoji of two code units.
        text.fill("e\u0301" * 10 + "\U0001f600")
        expect(page.get_by_text("U kunt nog 1989 tekens typen.")).to_be_visible()
        text.fill("a" * 2_005)
        expect(page.get_by_text("U hebt 5 tekens te veel.")).to_be_visible()
        assert len(text.input_value()) == 2_005


def test_another_language_keeps_the_rest_of_the_address(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token?product=paspoort&lang=nl") as page:
        page.get_by_text("Taal", exact=True).click()
        page.get_by_role("button", name="English").click()
        page.wait_for_url("**/v/token?product=paspoort&lang=en")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_open_link_is_one_request_and_its_form_goes_to_the_token(
    browser: Browser, site: PagesServer, scripts: bool
) -> None:
    with opened(
        browser, f"{site.url}/o/molensloot/balie-hal?via=qr", java_script_enabled=scripts
    ) as page:
        page.locator("[name=cijfer][value='7']").check()
        page.get_by_text("Taal", exact=True).click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("[name=cijfer][value='7']")).to_be_checked()
        page.locator("[name=geholpen]").first.check()
        send(page)
        expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
    language = "en" if scripts else "nl"
    there = f"/v/token?product=paspoort&lang={language}"
    assert site.requests == ["/o/molensloot/balie-hal?via=qr", there, there]


def test_who_goes_back_to_an_open_link_finds_the_token_that_was_sent(
    browser: Browser, site: PagesServer
) -> None:
    """Under another, what is sent again would be a second response."""
    with opened(browser, f"{site.url}/o/molensloot/balie-hal") as page:
        page.locator("[name=cijfer][value='7']").check()
        page.locator("[name=geholpen]").first.check()
        send(page)
        expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
        page.go_back()
        expect(page.locator("form")).to_be_visible()
        assert page.url == f"{site.url}/v/token?product=paspoort&lang=nl"
        send(page)
        page.wait_for_load_state()
    assert [each for each in site.requests if each.startswith("/o/")] == ["/o/molensloot/balie-hal"]
    assert {each.partition("?")[0] for each in site.requests[1:]} == {"/v/token"}


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_filled_in_goes_along_to_another_language(
    browser: Browser, site: PagesServer, scripts: bool
) -> None:
    with opened(browser, f"{site.url}/v/token", java_script_enabled=scripts) as page:
        page.get_by_label("Wat kan beter?").fill("Langer open")
        mark = page.locator("[name=cijfer][value='7']")
        mark.check()
        page.get_by_text("Taal", exact=True).click()
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("[name=cijfer][value='7']")).to_be_checked()
        expect(page.locator("textarea").first).to_have_value("Langer open")
        expect(page.locator(".notice")).to_have_count(0)
        # Enter in an answer presses no language.
        mark.press("Enter")
        page.wait_for_load_state()
        assert [form.get("_to") for form in site.forms] == ([["en"]] if scripts else [["en"], None])


def test_who_goes_back_from_the_thanks_after_a_mistake_finds_the_page(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        send(page)
        expect(page.locator(".notice")).to_be_visible()
        page.locator("[name=cijfer][value='7']").check()
        page.locator("[name=geholpen]").first.check()
        send(page)
        expect(page.get_by_role("heading", name="Bedankt")).to_be_visible()
        page.go_back()
        expect(page.locator("form")).to_be_visible()


@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.long), "dark"])
def test_what_is_not_chosen_is_a_hollow_ring(
    browser: Browser, site: PagesServer, scheme: Literal["light", "dark"]
) -> None:
    with opened(browser, f"{site.url}/v/token", color_scheme=scheme) as page:
        for field in ("cijfer", "goed"):
            look = page.locator(f"[name={field}]").first.evaluate(
                """(field) => {
                  const {appearance, backgroundColor, borderTopColor} = getComputedStyle(field);
                  const behind = getComputedStyle(document.body).backgroundColor;
                  return [appearance, backgroundColor, borderTopColor, behind];
                }"""
            )
            assert look[:2] == ["none", "rgba(0, 0, 0, 0)"]
            assert contrast(hexadecimal(look[2]), hexadecimal(look[3])) >= CONTROL_RATIO
        page.get_by_label("8", exact=True).check()
        chosen = page.get_by_label("8", exact=True)
        assert chosen.evaluate("(field) => getComputedStyle(field).appearance") == "auto"


def hexadecimal(colour: str) -> str:
    """`#rrggbb` of a computed `rgb(r, g, b)`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour))


def test_in_forced_colours_the_browser_draws_what_is_chosen(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token", forced_colors="active") as page:
        field = page.get_by_label("8", exact=True)
        assert field.evaluate("(field) => getComputedStyle(field).appearance") == "auto"


def test_nothing_on_the_page_moves(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token", reduced_motion="reduce") as page:
        page.get_by_label("Deels").check()
        assert page.evaluate("document.getAnimations().length") == 0


def test_without_has_every_question_is_shown(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        rules = page.evaluate(
            """() => [...document.styleSheets[0].cssRules]
              .filter((rule) => rule.conditionText && rule.cssText.includes("display: none"))
              .map((rule) => rule.conditionText)"""
        )
    assert rules == ["selector(:has(*))"]


def test_enter_in_a_group_of_answers_sends_nothing(browser: Browser, site: PagesServer) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        for answer in ("8", "Het wachten"):
            page.get_by_label(answer, exact=True).press("Space")
            page.get_by_label(answer, exact=True).press("Enter")
        expect(page.get_by_label("8", exact=True)).to_be_checked()
        send(page)
        page.wait_for_load_state()
    assert len(site.forms) == 1


def test_a_choice_that_need_not_be_made_can_be_taken_back(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token") as page:
        clear = page.get_by_role("button", name="Wis antwoord")
        # Nothing to take back yet, and nothing that may be where an answer is required.
        expect(clear).to_have_count(0)
        page.get_by_label("8", exact=True).check()
        expect(clear).to_have_count(0)
        mood = page.get_by_role("radiogroup", name="Hoe was de sfeer?")
        mood.get_by_label("Slecht", exact=True).check()
        clear.press("Enter")
        expect(mood.get_by_label("Slecht", exact=True)).not_to_be_checked()
        expect(mood.get_by_label("Slecht", exact=True)).to_be_focused()
        expect(clear).to_have_count(0)
        send(page)
        page.wait_for_load_state()
    assert "sfeer" not in site.forms[0]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_languages_open_by_keyboard_and_the_header_can_be_skipped(
    browser: Browser, site: PagesServer, scripts: bool
) -> None:
    with opened(browser, f"{site.url}/v/token", java_script_enabled=scripts) as page:
        english = page.get_by_role("button", name="English")
        expect(english).to_be_hidden()
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Naar de inhoud")
        expect(skip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(english).to_be_visible()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.locator("[name=cijfer]").first).to_be_focused()


def test_how_much_can_be_typed_is_said_before_anything_is(
    browser: Browser, site: PagesServer
) -> None:
    with opened(browser, f"{site.url}/v/token", java_script_enabled=False) as page:
        text = page.get_by_label("Wat kan beter?")
        expect(text).to_have_accessible_description(
            "Vul geen namen in. U kunt nog 2000 tekens typen."
        )

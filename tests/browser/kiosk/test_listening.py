"""The kiosk for who cannot see it: three keys and a voice, from the first screen to the thanks."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from ingest.texts.kiosk_texts import sent_in
from tests.browser.kiosk.ear import CHOOSE, NEXT, REPEAT, Ear
from tests.browser.kiosk.stand import Stand
from tests.browser.kiosk.tablet import WAITING, Tablet, until_true

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NL = sent_in("nl")
HOW = [NL["listenHow"], NL["listenNext"], NL["listenChoose"], NL["listenRepeat"]]
MARK = ["Vraag 1 van 7", "Welk cijfer geeft u dit bezoek?", "1 is heel slecht", "10 is uitstekend"]


@pytest.fixture
def ear(kiosk: Page) -> Ear:
    found = Ear(kiosk)
    kiosk.locator(".first").wait_for()
    return found


def test_blind_with_three_keys_the_whole_questionnaire_is_answered(
    ear: Ear, counter: Stand
) -> None:
    before: set[UUID] = {row["id"] for row in counter.responses()}
    # The first press is heard, so the browser takes it for one of a person, and may speak.
    assert ear.press(NEXT) == HOW + MARK
    assert ear.page.evaluate("navigator.userActivation.hasBeenActive")
    assert ear.press(NEXT) == ["1", "1 van 10"]
    assert ear.choose("8")[:2] == ["Vraag 2 van 7", "Is het gelukt waarvoor u kwam?"]
    assert ear.choose("Ja")[0] == "Vraag 3 van 7"
    assert ear.press(REPEAT)[1] == "De medewerker was vriendelijk."
    assert ear.choose("Helemaal eens")[0] == "Vraag 4 van 7"
    assert ear.choose("Helemaal eens")[:2] == ["Vraag 5 van 7", "Ik kreeg duidelijke informatie."]
    assert ear.choose("Helemaal eens")[:2] == ["Vraag 6 van 7", "Wat ging goed? En wat kan beter?"]
    # A text, by the rows of the keyboard.
    assert ear.choose("Typ op het scherm") == [", ".join("qwertyuiop")]
    ear.press(CHOOSE)
    assert ear.choose("o") == ["o"]
    ear.find(", ".join("asdfghjkl") + f", {NL['keyApostrophe']}")
    ear.press(CHOOSE)
    assert ear.choose("k") == ["k"]
    ear.find(f"123, {NL['keyDigits']}, éü, {NL['keyMarks']}, komma, spatie, punt, Klaar")
    ear.press(CHOOSE)
    assert ear.choose("Klaar") == ["Typ op het scherm"]
    ear.find("ok")
    assert ear.choose("Verder")[0] == "Vraag 7 van 7"
    ear.find("Overslaan")
    ear.page.clock.run_for(1000)
    ear.page.keyboard.press(CHOOSE)
    expect(ear.page.locator("#screen.thanks")).to_be_visible()
    heard = ear.heard()
    thanks = heard.index("Dank u wel")
    assert heard[thanks + 1] == "Wij hebben uw antwoorden bewaard."
    until_true(ear.page, f"async () => !(await ({WAITING})())")
    (stored,) = [row for row in counter.responses() if row["id"] not in before]
    assert stored["complete"]
    assert "ok" in counter.texts()


def test_it_ends_with_the_session_and_the_next_person_hears_nothing(ear: Ear) -> None:
    ear.press(NEXT)
    ear.press("AudioVolumeUp")
    ear.choose("8")
    ear.choose(str(NL["stop"]))
    expect(ear.page.locator(".first")).to_be_visible()
    ear.page.clock.run_for(2000)
    ear.heard()
    assert ear.press(CHOOSE) == []
    # Who listens next begins as everybody does: how it works, and as loud as before.
    ear.page.clock.run_for(1000)
    ear.page.keyboard.press(NEXT)
    said = ear.said()
    assert [each["words"] for each in said] == HOW + MARK
    assert [each["volume"] for each in said] == pytest.approx([0.7] * len(said))


def test_who_cannot_see_hears_that_time_runs_out_and_goes_on(ear: Ear) -> None:
    ear.press(NEXT)
    ear.heard()
    # Nothing was answered yet: what they listened to is theirs all the same, and ends by itself.
    ear.page.clock.run_for(21_000)
    assert ear.heard() == [NL["stillThere"], NL["listenStay"]]
    assert ear.press(NEXT) == ["1", "1 van 10"]
    ear.page.clock.run_for(1000)
    expect(ear.page.locator("#countdown")).to_be_hidden()
    ear.page.clock.run_for(45_000)
    ear.heard()
    assert ear.press(CHOOSE) == []


# Where somebody who listens touches the screen as well.
@pytest.mark.long
def test_whoever_touches_the_screen_ends_it(ear: Ear) -> None:
    ear.press(NEXT)
    ear.page.locator("h1").click()
    ear.heard()
    assert ear.press(CHOOSE) == []


# `strikes.test.js` shows it of the filter.
@pytest.mark.long
def test_a_key_twice_or_held_counts_once(ear: Ear) -> None:
    ear.press(NEXT)
    assert ear.press(NEXT) == ["1", "1 van 10"]
    ear.page.clock.run_for(300)
    ear.page.keyboard.press(NEXT)
    assert ear.heard() == []
    ear.page.clock.run_for(1000)
    for _ in range(3):
        ear.page.keyboard.down(NEXT)
        ear.page.clock.run_for(600)
    ear.page.keyboard.up(NEXT)
    assert ear.heard() == ["2", "2 van 10"]


# `listening.test.js` finds the voice; here it is spoken.
@pytest.mark.long
def test_a_language_is_found_by_its_own_voice_and_kept(ear: Ear) -> None:
    ear.press(NEXT)
    ear.find("العربية")
    ear.page.clock.run_for(1000)
    ear.page.keyboard.press(CHOOSE)
    said = ear.said()
    assert {each["language"] for each in said} == {"ar-SA"}
    assert said[0]["words"] == str(sent_in("ar")["step"]).format(number=1, total=7)
    expect(ear.page.locator("html")).to_have_attribute("dir", "rtl")


# The same: test_keyboard.py shows the browser's own keys.
@pytest.mark.long
def test_without_a_voice_the_keys_are_those_of_the_browser(
    kiosk: Page,
) -> None:
    ear = Ear(kiosk, ["nl-NL", "en-GB"])
    kiosk.locator(".first").wait_for()
    kiosk.locator("button[lang=ar]").click()
    assert ear.press(NEXT) == []
    expect(kiosk.locator(":focus")).to_be_visible()
    kiosk.locator("button[lang=nl]").click()
    ear.press(NEXT)
    # A language that cannot be heard is none of those that one can go to.
    heard = [word for _ in range(16) for word in ear.press(NEXT)]
    assert "English" in heard
    assert "العربية" not in heard


# Devices without a Dutch voice are few.
@pytest.mark.long
def test_the_operator_is_told_which_voice_is_missing(tablet: Tablet, counter: Stand) -> None:
    page = tablet.context.new_page()
    # A touchpoint of which this tablet is no kiosk yet.
    page.goto(f"{counter.gate.url}/kiosk/molensloot/huwelijk")
    Ear(page, ["nl-NL"])
    page.locator(".code").wait_for()
    expect(page.locator(".voiceless")).to_contain_text("Dit apparaat heeft geen stem voor English")
    # A browser knows its voices a moment after the page is there.
    page.evaluate(
        """() => {
          const languages = ["nl", "en", "de", "pl", "tr", "uk", "ar"];
          speechSynthesis.getVoices = () => languages.map((lang) => ({ lang, localService: true }));
          speechSynthesis.dispatchEvent(new Event("voiceschanged"));
        }"""
    )
    expect(page.locator(".voiceless")).to_be_hidden()
    page.close()

"""The offer to be called in the thanks, and its page, as they are built."""

import pytest
from msgspec.structs import replace

from ingest.municipalities.touchpoints import CallingBack
from ingest.pages.callback_pages import CallbackPages, CallbackState
from ingest.texts.page_texts import page_texts
from ingest.tokens.response_tokens import OPEN_CHARACTERS
from tests.strict_html import read_page
from tests.surveys import Example

EXAMPLE = Example()
CALLING = replace(EXAMPLE.touchpoint, callback=CallingBack(working_days=4))
TOKEN = "t" * OPEN_CHARACTERS
ANSWERED = ("thanks", "report-thanks", "spent")


def message(name: str, language: str = "nl", touchpoint: object = CALLING) -> str:
    page = EXAMPLE.pages.message(
        name,
        municipality=EXAMPLE.municipality,
        language=language,
        touchpoint=touchpoint,  # type: ignore[arg-type]
    )
    return page.decode()


def test_only_who_answered_is_offered_it_and_only_where_a_touchpoint_has_it() -> None:
    for name in page_texts()["nl"].messages:
        if name == "not-found":
            continue
        assert ("/bellen/" in message(name)) == (name in ANSWERED), name
        assert "/bellen/" not in message(name, touchpoint=EXAMPLE.touchpoint)


@pytest.mark.parametrize("language", page_texts())
def test_in_every_language_it_says_how_soon_for_how_long_and_that_answers_can_be_guessed(
    language: str,
) -> None:
    pages, said = CallbackPages(EXAMPLE.pages, OPEN_CHARACTERS), page_texts()[language].callback
    assert said.title in message("thanks", language)
    kept = pages.form(EXAMPLE.municipality, CALLING, language)
    again = pages.form_again(EXAMPLE.municipality, CALLING, language, TOKEN, CallbackState())
    assert kept.identity(TOKEN.encode()) == again
    page = read_page(again)
    assert page.find("html")[0].attributes["dir"] == page_texts()[language].dir
    text = page.find("main")[0].text
    for part in ("4", "14", said.guess, said.tel, said.when):
        assert part in text
    # Besides those that take what was typed to another language.
    sending = [each for each in page.find("button") if each.attributes.get("name") != "_to"]
    assert [each.text for each in sending if "hidden" not in each.attributes] == [said.send]
    done = pages.done(EXAMPLE.municipality, CALLING, language)
    assert "4" in read_page(done).find("main")[0].text
    read_page(pages.again(EXAMPLE.municipality, CALLING, language))


def test_of_what_was_typed_nothing_shows_when_a_state_is_printed() -> None:
    assert "06" not in repr(CallbackState(values={"tel": "0612345678"}))

"""Pages as they go over the wire: small, kept, and a message for every way a link can end."""

import gzip
import re

import brotli
import msgspec
import pytest

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import load_questionnaires
from ingest.texts.page_texts import LanguageUnknown, page_texts
from tests.strict_html import Element, read_page
from tests.surveys import EVERY_KIND, Example, again, first_page, municipality_of, touchpoint_of

BUDGET_BYTES = 8_000
LANGUAGES = ("nl", "en", "ar")
MESSAGES = tuple(page_texts()["nl"].messages)


def test_a_survey_page_is_the_same_bytes_in_every_encoding() -> None:
    example = Example()
    page = example.pages.survey(example.touchpoint, example.questionnaire, "nl")
    assert gzip.decompress(page.gzip) == page.identity
    assert brotli.decompress(page.brotli) == page.identity


def test_a_survey_page_is_built_once_and_the_same_everywhere() -> None:
    example, elsewhere = Example(), Example()
    page = example.pages.survey(example.touchpoint, example.questionnaire, "nl")
    assert example.pages.survey(example.touchpoint, example.questionnaire, "nl") is page
    other = elsewhere.pages.survey(elsewhere.touchpoint, elsewhere.questionnaire, "nl")
    assert other == page


def test_a_language_without_texts_is_named() -> None:
    example = Example()
    with pytest.raises(LanguageUnknown):
        example.pages.survey(example.touchpoint, example.questionnaire, "xx")


def test_every_shipped_survey_stays_within_the_budget_with_its_style_and_script() -> None:
    shared = load_questionnaires(questionnaires_directory())
    for number, questionnaire in enumerate((*shared.values(), EVERY_KIND), 1):
        # With all that a page may have to say.
        touchpoint = touchpoint_of(questionnaire, number=number, batch=3)
        # The municipality's stylesheet holds the conditions of all that it asks.
        municipality = municipality_of((touchpoint,))
        every = {**shared, (questionnaire.code, questionnaire.version): questionnaire}
        pages = Pages(Catalogue((municipality,), every))
        for language in questionnaire.languages:
            page = pages.survey(touchpoint, questionnaire, language)
            tree = read_page(page.identity)
            size = len(page.brotli) + sum(
                len(asset.page.brotli)
                for path in files_of(tree)
                if (asset := pages.asset(path)) is not None
            )
            assert size < BUDGET_BYTES, f"{questionnaire.code} {language}: {size} bytes"


def files_of(page: Element) -> list[str]:
    styles = [link.attributes["href"] for link in page.find("link", rel="stylesheet")]
    return styles + [script.attributes["src"] for script in page.find("script")]


def test_a_survey_page_asks_for_one_stylesheet_and_one_script() -> None:
    page = first_page()
    assert len(files_of(page)) == 2
    assert all(Example().pages.asset(path) for path in files_of(page))


def test_a_file_has_its_type_and_a_name_that_changes_with_its_content() -> None:
    blue = Example()
    green = Example(style=msgspec.structs.replace(blue.municipality.style, accent="#0a5c36"))
    style, script = files_of(first_page(example=blue))
    other_style, other_script = files_of(first_page(example=green))
    assert re.fullmatch(r"/static/huisstijl-molensloot\.[0-9a-f]{12}\.css", style)
    assert re.fullmatch(r"/static/vragenlijst\.[0-9a-f]{12}\.js", script)
    assert style != other_style
    assert script == other_script
    found = blue.pages.asset(style)
    assert found is not None
    assert found.content_type == "text/css; charset=utf-8"
    assert blue.pages.asset(other_style) is None
    assert blue.pages.asset("/static/../pages.py") is None


def test_the_languages_are_links_in_their_own_words() -> None:
    (switch,) = first_page("nl").find("nav")
    (link,) = switch.find("a")
    assert link.attributes == {
        "href": "?lang=en",
        "lang": "en",
        "hreflang": "en",
        "dir": "ltr",
    }
    assert link.text == "English"
    assert switch.find("span", aria_current="true")[0].text == "Nederlands"


def test_the_languages_keep_the_rest_of_the_address() -> None:
    page = again(FormState(query={"cijfer": "8", "lang": "nl", "product": "a&b"}))
    assert page.find("nav")[0].find("a")[0].attributes["href"] == "?cijfer=8&product=a%26b&lang=en"


def test_who_is_thanked_can_read_it_in_another_language_at_the_same_place() -> None:
    example = Example()
    page = example.pages.message(
        "thanks", municipality=example.municipality, touchpoint=example.touchpoint
    )
    (link,) = read_page(page).find("nav")[0].find("a")
    assert link.attributes["href"] == "?meetpunt=molensloot%2Fbalie-hal&lang=en"


def test_one_language_needs_no_switch() -> None:
    dutch = msgspec.structs.replace(EVERY_KIND, title={"nl": "Hoe was het?"})
    assert not first_page(example=Example(dutch)).find("nav")


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_a_whole_page(language: str, name: str) -> None:
    example = Example()
    page = read_page(
        example.pages.message(
            name,
            municipality=example.municipality,
            language=language,
            touchpoint=example.touchpoint,
        )
    )
    texts = page_texts()[language]
    assert len(page.find("h1")) == 1
    assert texts.messages[name].title in page.text
    # The page of every language at once has its title in its own.
    titled = page_texts()["nl"] if name == "not-found" else texts
    assert titled.messages[name].title in page.find("title")[0].text
    assert not page.find("script")
    assert not page.find("form")


def test_not_found_says_so_in_every_language_each_in_its_direction() -> None:
    page = read_page(Example().pages.message("not-found"))
    said = {each.attributes["lang"]: each.attributes["dir"] for each in page.find("section")}
    assert said == {language: texts.dir for language, texts in page_texts().items()}


def test_not_found_is_the_same_whoever_asks() -> None:
    example = Example()
    bare = example.pages.message("not-found")
    assert bare == example.pages.message(
        "not-found",
        municipality=example.municipality,
        language="en",
        touchpoint=example.touchpoint,
    )
    assert bare == Example(name="Waterakker", slug="molensloot").pages.message("not-found")
    assert b"Molensloot" not in bare
    assert b"molensloot" not in bare


def test_an_expired_link_leads_to_the_open_link_as_long_as_there_is_one() -> None:
    example = Example()

    def links(*, retired: bool, scanned: bool = False) -> list[str]:
        page = example.pages.message(
            "expired",
            municipality=example.municipality,
            language="nl",
            touchpoint=touchpoint_of(EVERY_KIND, retired=retired),
            scanned=scanned,
        )
        return [each.attributes["href"] for each in read_page(page).find("main")[0].find("a")]

    contact = example.municipality.contact_url
    assert links(retired=False) == ["/o/molensloot/balie-hal?lang=nl", contact]
    # Who scanned a code goes on as one who scanned it.
    scanned = links(retired=False, scanned=True)
    assert scanned == ["/o/molensloot/balie-hal?via=qr&lang=nl", contact]
    assert links(retired=True) == links(retired=True, scanned=True) == [contact]


def test_a_municipality_that_does_not_exist_says_so() -> None:
    texts = page_texts()["nl"]

    def shown(municipality: Municipality) -> str:
        return read_page(Example().pages.message("thanks", municipality=municipality)).text

    example = Example()
    assert texts.fictional in shown(example.municipality)
    assert texts.fictional not in shown(
        msgspec.structs.replace(example.municipality, fictional=False)
    )

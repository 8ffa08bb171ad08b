"""Pages as they go over the wire: small, kept, and a message for every way a link can end."""

import gzip
import re
from base64 import b64encode
from datetime import date
from hashlib import sha256
from itertools import product

import brotli
import msgspec
import pytest

from ingest.asgi.headers import as_dict
from ingest.files.resources import questionnaires_directory, widget_directory
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.improvements import Improvement
from ingest.municipalities.logo import Logo
from ingest.municipalities.municipality import Municipality
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.questionnaire import load_questionnaires
from ingest.questionnaires.sampling import path_of
from ingest.texts.page_texts import LanguageUnknown, page_texts
from tests.strict_html import read_page
from tests.surveys import EVERY_KIND, Example, again, first_page, municipality_of, touchpoint_of

BUDGET_BYTES = 5_000
SAMPLED_BYTES = 5_100
"""What one in ten gets: a question more, in letters of two bytes."""
LANGUAGES = ("nl", "en", "ar")
LOGO = Logo(
    svg='<svg class="logo" viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0h1"/></svg>', ratio=1
)
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


@pytest.mark.dear
def test_every_shipped_survey_stays_within_the_budget_with_its_style_and_script() -> None:
    shared = load_questionnaires(questionnaires_directory())
    for number, questionnaire in enumerate(shared.values(), 1):
        # With all that a page may have to say.
        touchpoint = touchpoint_of(questionnaire, number=number, batch=3)
        # The municipality's style holds the conditions of all that it asks.
        pages = Pages(Catalogue((municipality_of((touchpoint,)),), shared))
        # The longest; test_open_survey.py looks at all languages of the page with a token in it.
        for sampled, language in product((False, True), ("nl", "uk")):
            asked = path_of(questionnaire, sampled=sampled)
            size = len(pages.survey(touchpoint, asked, language).brotli)
            budget = SAMPLED_BYTES if sampled else BUDGET_BYTES
            assert size < budget, f"{questionnaire.code} {sampled} {language}: {size} bytes"


def test_a_page_is_whole_in_itself() -> None:
    page = first_page(example=Example(logo=LOGO))
    assert not page.find("link")
    assert not [each for each in page.everything() if "src" in each.attributes]
    # A policy without `unsafe-inline` heeds none of these.
    for element in page.everything():
        assert not [name for name in element.attributes if name == "style" or name[:2] == "on"]


@pytest.mark.parametrize("in_a_frame", [False, True])
def test_its_headers_allow_exactly_what_stands_in_it(in_a_frame: bool) -> None:
    example = Example()
    frame = example.pages.frame(example.touchpoint, "token") if in_a_frame else None
    built = example.pages.survey_again(
        example.touchpoint, example.questionnaire, "nl", FormState(), frame
    )
    page = read_page(built)
    own = example.pages
    lines = own.frame_lines(example.touchpoint) if in_a_frame else own.lines("molensloot")
    policy = as_dict(lines.identity)["content-security-policy"]
    for kind in ("style", "script"):
        held = [str(each.children[0]) for each in page.find(kind)]
        sums = [b64encode(sha256(each.encode()).digest()).decode() for each in held]
        allowed = " ".join(f"'sha256-{each}'" for each in sums)
        assert f"{kind}-src {allowed};" in policy


def test_a_style_is_of_one_municipality_and_the_script_of_all() -> None:
    blue = Example()
    green = Example(style=msgspec.structs.replace(blue.municipality.style, accent="#0a5c36"))
    pages = [first_page(example=each) for each in (blue, green)]
    first, second = ([each.find(kind)[0].text for kind in ("style", "script")] for each in pages)
    assert "--mp-accent:#0a5c36" in second[0]
    assert first[0] != second[0]
    assert first[1] == second[1]


def test_what_only_authors_read_stays_out_of_the_page() -> None:
    page = first_page()
    style, script = page.find("style")[0].text, page.find("script")[0].text
    assert "/*" not in style + script
    assert "//" not in style + script
    assert not re.search(r"\b0\.\d| > ", style)


def test_the_faces_are_those_of_the_kiosk_and_the_widget() -> None:
    module = (widget_directory() / "shared" / "faces.js").read_text("utf-8")
    (head,) = re.findall(r'HEAD = "([^"]+)"', module)
    drawn = [head + rest for rest in re.findall(r"\$\{HEAD\}([^`]+)`", module)]
    (group,) = first_page().find("fieldset", class_="faces")
    shown = [each.find("path")[0].attributes["d"] for each in group.find("svg")]
    assert len(drawn) == 5
    assert shown == drawn


def test_a_logo_stands_beside_the_name_and_is_heard_by_nobody() -> None:
    example = Example(logo=LOGO)
    for page in (first_page(example=example), read_page(thanks_of(example))):
        (logo,) = page.find("header")[0].find("svg", class_="logo")
        assert logo.attributes["aria-hidden"] == "true"
        assert not page.find("header")[0].find("title")
    assert not first_page().find("svg", class_="logo")


def thanks_of(example: Example, language: str = "nl", today: date | None = None) -> bytes:
    return example.pages.message(
        "thanks",
        municipality=example.municipality,
        language=language,
        touchpoint=example.touchpoint,
        today=today,
    )


def test_who_is_thanked_reads_by_whom_and_can_go_on() -> None:
    page = read_page(thanks_of(Example(), "ar"))
    (name,) = page.find("main")[0].find("bdi")
    assert name.text == "Molensloot"
    assert name.attributes["lang"] == "nl"
    links = [each.attributes["href"] for each in page.find("main")[0].find("a")]
    assert links == ["https://www.molensloot.example/", "https://www.molensloot.example/contact"]
    assert len(page.find("main")[0].find("svg", class_="drawn tick")) == 1


def test_who_is_thanked_reads_what_was_improved_last() -> None:
    improved = Improvement(
        date=date(2026, 5, 3), channel="balie", text={"nl": "Er staan stoelen.", "en": "Chairs."}
    )
    example = Example(improvements=(improved,))
    page = read_page(thanks_of(example, "en", date(2026, 5, 4)))
    (told,) = page.find("section", class_="told")
    assert told.text == f"{page_texts()['en'].improved} 3 May 2026 Chairs."
    assert told.find("time")[0].attributes["datetime"] == "2026-05-03"
    # Another language reads the Dutch, as Dutch.
    (told,) = read_page(thanks_of(example, "ar", date(2026, 5, 4))).find("section", class_="told")
    assert told.find("p", lang="nl")[0].text == "Er staan stoelen."
    assert not read_page(thanks_of(example, "en", date(2026, 5, 2))).find("section")
    assert not read_page(thanks_of(Example(), "en", date(2026, 5, 4))).find("section")


def test_the_languages_are_buttons_of_the_form_in_their_own_words() -> None:
    (switch,) = first_page("nl").find("nav")
    # Behind one disclosure, which works without a script.
    (behind,) = switch.find("details")
    assert behind.find("summary")[0].text == "Taal"
    assert "open" not in behind.attributes
    # Enter in an answer presses the first: so that is one that sends the form.
    first, english = switch.find("button")
    assert first.attributes == {"form": "vragen", "hidden": ""}
    assert english.attributes == {
        "form": "vragen",
        "formaction": "?lang=en",
        "name": "_to",
        "value": "en",
        "class": "clear",
        "lang": "en",
        "dir": "ltr",
    }
    assert english.text == "English"
    assert switch.find("span", aria_current="true")[0].text == "Nederlands"


def test_the_languages_keep_the_rest_of_the_address() -> None:
    page = again(FormState(query={"cijfer": "8", "lang": "nl", "product": "a&b"}))
    (english,) = page.find("button", name="_to")
    assert english.attributes["formaction"] == "?cijfer=8&product=a%26b&lang=en"
    # A form that goes elsewhere takes them there.
    fresh = again(FormState(action="/v/fresh?cijfer=8", query={"cijfer": "8"}))
    (english,) = fresh.find("button", name="_to")
    assert "formaction" not in english.attributes


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
    assert "{" not in page.find("main")[0].text


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


def test_not_found_says_whom_to_ask_where_everybody_knows_whose_host_it_is() -> None:
    example = Example()
    hosts = example.pages.hosts
    own, lines = hosts.not_found("kto.molensloot.example")
    links = {each.attributes["href"] for each in read_page(own).find("a")}
    assert links == {"#inhoud", example.municipality.contact_url}
    assert lines == example.pages.lines("molensloot")
    assert hosts.not_found("evil.example") == hosts.not_found("") != (own, lines)
    assert hosts.not_found("")[1] == example.pages.lines()


@pytest.mark.parametrize("language", page_texts())
def test_a_host_says_what_it_is_in_every_language(language: str) -> None:
    example = Example()
    page, lines = example.pages.hosts.home(language, "kto.molensloot.example")
    tree = read_page(page)
    assert tree.find("h1")[0].text == page_texts()[language].messages["home"].title
    assert len(tree.find("nav")[0].find("li")) == len(page_texts())
    assert example.municipality.contact_url in {each.attributes["href"] for each in tree.find("a")}
    assert lines == example.pages.lines("molensloot")
    nobodys = read_page(example.pages.hosts.home(language, "evil.example")[0])
    assert not nobodys.find("footer")
    assert "evil" not in nobodys.text


def test_hosts_that_municipalities_share_are_nobodys() -> None:
    first = municipality_of((touchpoint_of(EVERY_KIND),))
    second = municipality_of(
        (touchpoint_of(EVERY_KIND, number=2, municipality="waterakker"),), slug="waterakker"
    )
    pages = Pages(Catalogue((first, second), {(EVERY_KIND.code, EVERY_KIND.version): EVERY_KIND}))
    assert pages.hosts.not_found("kto.molensloot.example") == pages.hosts.not_found("")

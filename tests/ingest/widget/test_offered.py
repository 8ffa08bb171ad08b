"""What a widget is sent is small, in every questionnaire and every language that there is."""

import msgspec
import pytest
from msgspec.structs import replace

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.house_style import dark_colours
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.texts.page_texts import page_texts
from ingest.texts.widget_texts import widget_texts
from ingest.widget.messages import OfferedQuestionnaire
from ingest.widget.offered import Offers
from tests.figures import tell
from tests.surveys import EVERY_KIND, Example, municipality_of, touchpoint_of

MOST_BYTES = 3_000
TOKEN = "uB3-" * 12


def asked_in_every_language(
    questionnaires: list[Questionnaire], **municipality: object
) -> tuple[Offers, list[tuple[Touchpoint, str]]]:
    """Offers of a municipality that asks each of these in every language it can."""
    touchpoints = [
        touchpoint_of(
            questionnaire,
            slug=f"meetpunt-{number}",
            number=number,
            batch=3,  # with all that there may be to say
            languages=tuple(
                language
                for language in questionnaire.languages
                if language in page_texts() and language in widget_texts()
            ),
        )
        for number, questionnaire in enumerate(questionnaires, 1)
    ]
    known = {(each.code, each.version): each for each in questionnaires}
    asking = municipality_of(touchpoints, **municipality)
    pairs = [
        (touchpoint, language) for touchpoint in touchpoints for language in touchpoint.languages
    ]
    return Offers(Catalogue((asking,), known)), pairs


def offered(example: Example, language: str = "nl") -> OfferedQuestionnaire:
    catalogue = Catalogue(
        (example.municipality,), {("balie", example.questionnaire.version): example.questionnaire}
    )
    return Offers(catalogue).offered(example.touchpoint, language, token=TOKEN)


@pytest.mark.dear
def test_a_reply_is_at_most_3_kb_in_every_questionnaire_and_language(catalogue: Catalogue) -> None:
    """The longest of the house styles, too: fonts and dark sets differ."""
    asked = list(catalogue.questionnaires.values())
    longest = max(
        (municipality.style for municipality in catalogue.municipalities.values()),
        key=lambda style: len(msgspec.json.encode(style)),
    )
    style = longest
    offers, pairs = asked_in_every_language(asked, style=style)
    end = offers.end(TOKEN)
    sizes = {
        f"{touchpoint.questionnaire}/{touchpoint.version} {language}": len(
            offers.start(touchpoint, language).brotli(end)
        )
        for touchpoint, language in pairs
    }
    by_language = {
        language: max(size for name, size in sizes.items() if name.endswith(f" {language}"))
        for language in {name.split()[1] for name in sizes}
    }
    told = ", ".join(f"{language} {size:,}" for language, size in sorted(by_language.items()))
    tell("bytes of the reply to a widget, brotli, its largest questionnaire", told)
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}


@pytest.mark.dear
def test_own_questions_of_the_example_fit_too(catalogue: Catalogue) -> None:
    offers = Offers(catalogue)
    for touchpoint in catalogue.touchpoints.values():
        for language in touchpoint.languages:
            size = len(offers.start(touchpoint, language).brotli(offers.end(TOKEN)))
            assert size <= MOST_BYTES, (touchpoint.path, language)


@pytest.mark.dear
def test_every_touchpoint_reads_as_the_document_has_it(catalogue: Catalogue) -> None:
    offers = Offers(catalogue)
    for touchpoint in catalogue.touchpoints.values():
        for language in touchpoint.languages:
            body = offers.start(touchpoint, language).identity(offers.end(TOKEN))
            read = msgspec.json.decode(body, type=OfferedQuestionnaire)
            assert read == offers.offered(touchpoint, language, token=TOKEN)
            assert (read.touchpoint, read.language, read.token) == (
                touchpoint.path,
                language,
                TOKEN,
            )


def test_words_come_only_for_what_is_asked() -> None:
    (mark, *_) = EVERY_KIND.items
    only = offered(Example(replace(EVERY_KIND, items=(replace(mark, low={}, high={}),))))
    written = msgspec.json.encode(only)
    for word in (b"agreement", b"smileys", b"yesPartlyNo", b"notApplicable", b"charactersLeft"):
        assert word not in written
    assert b"anchor" not in written
    assert only.texts.errors == {"mark": "Kies een cijfer van 1 tot en met 10."}
    every = offered(Example()).texts
    assert len(every.agreement) == len(every.smileys) == 5
    assert every.agreement[0] == "Helemaal oneens"
    assert every.smileys[0] == "Heel slecht"
    assert every.yes_partly_no == {"ja": "Ja", "deels": "Deels", "nee": "Nee"}
    assert "{limit}" in every.errors["tooLong"]
    assert "{number}" in every.anchor


@pytest.mark.parametrize("language", page_texts())
def test_where_few_answer_the_introduction_says_so(catalogue: Catalogue, language: str) -> None:
    told = page_texts()[language].survey.small_group
    offers = Offers(catalogue)
    few, many = (catalogue.touchpoint("molensloot", name) for name in ("huwelijk", "online"))
    assert offers.offered(few, language, token=TOKEN).texts.intro.endswith(f" {told}")
    assert told not in offers.offered(many, language, token=TOKEN).texts.intro


@pytest.mark.parametrize("base_url", [None, "https://kto.elsewhere.example"])
def test_the_link_is_under_the_name_that_residents_know(base_url: str | None) -> None:
    example = Example()
    catalogue = Catalogue((example.municipality,), {("balie", 3): EVERY_KIND})
    link = Offers(catalogue, base_url).offered(example.touchpoint, "nl", token=TOKEN).link
    assert link == f"{base_url or 'https://kto.molensloot.example'}/o/molensloot/balie-hal"


def test_the_style_is_that_of_the_municipality(catalogue: Catalogue) -> None:
    offers = Offers(catalogue)
    styles: dict[str, Municipality] = dict(catalogue.municipalities)
    for municipality in styles.values():
        style = offers.offered(municipality.touchpoints[0], "nl", token=TOKEN).style
        assert style.accent == municipality.style.accent
        assert style.font == municipality.style.font
        assert style.dark.background == dark_colours(municipality.style).background

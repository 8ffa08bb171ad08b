"""The page behind an open link: small, kept, and the same for everybody but for its token."""

import gzip
from itertools import product
from secrets import token_urlsafe

import brotli
import pytest

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import Catalogue
from ingest.pages.open_survey import OpenPages
from ingest.pages.pages import Pages
from ingest.questionnaires.questionnaire import load_questionnaires
from ingest.questionnaires.sampling import path_of
from ingest.texts.page_texts import LanguageUnknown
from ingest.tokens.response_tokens import OPEN_CHARACTERS
from tests.filled_in import form_on
from tests.ingest.pages.test_pages import BUDGET_BYTES, SAMPLED_BYTES
from tests.strict_html import read_page
from tests.surveys import Example, municipality_of, touchpoint_of


def a_token() -> bytes:
    return token_urlsafe(36).encode()


# Of the shortest to the longest, what is written from the right among them; all others are alike.
IN_LANGUAGES = [("nl", "ar", "uk"), pytest.param((), marks=pytest.mark.long)]


@pytest.mark.dear
@pytest.mark.parametrize("languages", IN_LANGUAGES, ids=["three", "all"])
def test_every_shipped_survey_stays_within_the_budget_and_unpacks_with_every_token(
    languages: tuple[str, ...],
) -> None:
    shared = load_questionnaires(questionnaires_directory())
    for number, questionnaire in enumerate(shared.values(), 1):
        # With all that a page may have to say.
        touchpoint = touchpoint_of(questionnaire, number=number, batch=3)
        pages = Pages(Catalogue((municipality_of((touchpoint,)),), shared))
        open_pages = OpenPages(pages, OPEN_CHARACTERS)
        for sampled, language in product((False, True), languages or questionnaire.languages):
            asked = path_of(questionnaire, sampled=sampled)
            page = open_pages.survey(touchpoint, asked, language)
            for token in (a_token() for _ in range(3)):
                whole = page.identity(token)
                assert b' action="/v/%s?lang=%s"' % (token, language.encode()) in whole
                assert whole.count(token) == 1
                assert gzip.decompress(page.gzip(token)) == whole
                assert brotli.decompress(page.brotli(token)) == whole
            size = len(page.brotli(token))
            budget = SAMPLED_BYTES if sampled and questionnaire.asked_of else BUDGET_BYTES
            assert size < budget, f"{questionnaire.code} {sampled} {language}: {size} bytes"


def test_it_is_built_once_for_everybody() -> None:
    example = Example()
    pages = OpenPages(example.pages, OPEN_CHARACTERS)
    asked = (example.touchpoint, example.questionnaire)
    for query in ({}, {"product": "paspoort"}):
        page = pages.survey(*asked, "nl", query)
        assert pages.survey(*asked, "nl", dict(query)) is page
        assert pages.survey(*asked, "en", query) is not page


def test_its_form_keeps_the_query_and_shows_the_mark_that_was_chosen() -> None:
    example = Example()
    pages = OpenPages(example.pages, OPEN_CHARACTERS)
    query = {"soort": 'a&b"<', "cijfer": "8"}
    page = pages.survey(example.touchpoint, example.questionnaire, "nl", query)
    form = form_on(page.identity(b"t" * OPEN_CHARACTERS))
    assert form.action == f"/v/{'t' * OPEN_CHARACTERS}?soort=a%26b%22%3C&cijfer=8&lang=nl"
    assert form.fields["cijfer"] == ["8"]


def test_its_other_languages_go_where_its_form_goes() -> None:
    example = Example()
    pages = OpenPages(example.pages, OPEN_CHARACTERS)
    page = pages.survey(example.touchpoint, example.questionnaire, "nl")
    buttons = read_page(page.identity(a_token())).find("nav")[0].find("button", name="_to")
    assert [each.attributes["value"] for each in buttons] == ["en"]
    assert not [each for each in buttons if "formaction" in each.attributes]


def test_a_language_without_texts_is_named() -> None:
    example = Example()
    with pytest.raises(LanguageUnknown):
        OpenPages(example.pages, OPEN_CHARACTERS).survey(
            example.touchpoint, example.questionnaire, "xx"
        )

"""What is asked of who made a report: apart from the rest, and said to be traced to a person."""

import re

import pytest

from ingest.pages.pages import FormState
from ingest.texts.page_texts import page_texts
from tests.surveys import again, first_page

REPORT = FormState(asks_report=True)


@pytest.mark.parametrize("language", page_texts())
def test_where_no_name_is_promised_the_part_that_tells_one_is_named(language: str) -> None:
    texts = page_texts()[language]
    promised = f"{texts.survey.private} {texts.report.apart}"
    # Above the form, in the same breath.
    above = again(REPORT, language).find("p")
    assert len([each for each in above if promised in each.text]) == 1
    assert texts.report.apart not in first_page(language).text


@pytest.mark.parametrize("language", page_texts())
def test_until_when_it_works_is_said_before_it_is_too_late(language: str) -> None:
    texts = page_texts()[language]
    (said,) = [
        each.text
        for each in again(REPORT, language).find("p")
        if texts.survey.some_optional in each.text
    ]
    assert said.endswith(f" {texts.report.until}")
    assert texts.report.until not in first_page(language).text


@pytest.mark.parametrize("language", page_texts())
def test_all_that_is_traced_to_a_person_stands_in_one_group_that_says_so(language: str) -> None:
    texts = page_texts()[language]
    page = again(REPORT, language)
    (group,) = page.find("fieldset", class_="traced")
    (heading,) = group.find("h2", id=str(group.attributes["aria-labelledby"]))
    assert heading.text == texts.report.heading
    # Whoever hears the page hears it on the way in.
    (told,) = group.find("p", id=str(group.attributes["aria-describedby"]))
    assert told.text == " ".join(texts.report.text)
    fields = {str(each.attributes["name"]) for each in group.find("input")}
    fields |= {str(each.attributes["name"]) for each in group.find("textarea")}
    assert fields == {"_solved", "_words", "_contact"}
    # Whoever sees it sees one line along all of it.
    style = page.find("style")[0].text
    assert re.search(r"\.traced\b[^}]*\{[^}]*border-inline-start:[^}]*solid", style)

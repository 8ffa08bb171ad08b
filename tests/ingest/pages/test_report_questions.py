"""What is asked of who made a report: apart from the rest, and said to be traced to a person."""

import re

import pytest
from msgspec.structs import replace

from ingest.pages.pages import FormState
from ingest.pages.report_questions import report_questions
from ingest.pages.survey_form import what_to_expect
from ingest.texts.page_texts import page_texts
from tests.surveys import EVERY_KIND, again, first_page

REPORT = FormState(asks_report=True)


@pytest.mark.parametrize("language", page_texts())
def test_where_no_name_is_promised_the_part_that_tells_one_is_named(language: str) -> None:
    texts = page_texts()[language]
    promised = f"{texts.survey.private} {texts.report.apart}"
    # Above the form, in the same breath.
    above = again(REPORT, language).find("p")
    assert len([each for each in above if promised in each.text]) == 1
    assert texts.report.apart not in first_page(language).text


def test_how_long_it_takes_counts_what_is_written_for_the_report_as_writing() -> None:
    """Six questions, of which one to write, take some 65 seconds; with these three some 106."""
    choosing = [each for each in EVERY_KIND.items if each.declared.holds != "text"]
    writing = [each for each in EVERY_KIND.items if each.declared.holds == "text"]
    asked = replace(EVERY_KIND, items=(*choosing[:5], writing[0]))
    texts = page_texts()["nl"]
    assert "1 minuut" in what_to_expect(asked, texts)
    expected = what_to_expect(asked, texts, report_questions(texts, REPORT))
    assert "9 korte vragen" in expected
    assert "2 minuten" in expected


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

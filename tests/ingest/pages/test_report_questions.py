"""What is asked of who made a report: apart from the rest, and said to be traced to a person."""

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
    (said,) = [each.text for each in again(REPORT, language).find("p") if promised in each.text]
    assert texts.survey.some_optional in said
    assert texts.report.apart not in first_page(language).text

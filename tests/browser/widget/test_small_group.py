"""Where few residents answer, the widget says so before the first question, whichever it is."""

import json

import pytest
from playwright.sync_api import expect

from ingest.files.resources import widget_directory
from ingest.texts.page_texts import page_texts
from tests.browser.widget.place import TAG, Place, each_once
from tests.browser.widget.test_states import AT_400_PERCENT, MEASURED, found_wrong

pytestmark = [pytest.mark.browser, pytest.mark.processes]

WEDDING = "molensloot/huwelijk"
PINNED = tuple(json.loads((widget_directory() / "dist" / "published.json").read_text("utf-8")))


def told_in(language: str) -> str:
    return page_texts()[language].survey.small_group


@each_once
def test_who_is_one_of_few_reads_so_above_the_first_question(
    place: Place, language: str, mode: str
) -> None:
    attributes = {"mode": mode} if mode == "button" else {}
    snippet = place.snippet(language, touchpoint=WEDDING, **attributes)
    with place.visit(place.site.page(snippet, policy=place.strict)) as visit:
        visit.show()
        sentence = visit.survey.get_by_text(told_in(language))
        expect(sentence).to_be_visible()
        question = visit.survey.get_by_role("radiogroup").first.bounding_box()
        above = sentence.bounding_box()
        assert question
        assert above
        assert above["y"] + above["height"] <= question["y"]
        assert found_wrong(visit.page) == []
        visit.page.set_viewport_size(AT_400_PERCENT)  # type: ignore[arg-type]
        assert visit.page.evaluate(f"({MEASURED})('{TAG}')") == []


# The oldest; those after it are told so by the same reply.
@pytest.mark.parametrize(
    "pinned",
    [PINNED[0], *(pytest.param(each, marks=pytest.mark.long) for each in PINNED[1:])],
)
def test_a_version_that_a_site_pinned_long_ago_says_it_too(place: Place, pinned: str) -> None:
    script = f'<script src="{place.service.url}/widget.v1.{pinned}.js" async></script>'
    with place.visit(place.site.page(script + place.element(touchpoint=WEDDING, room=""))) as visit:
        visit.show()
        expect(visit.survey.get_by_text(told_in("nl"))).to_be_visible()


def test_where_many_answer_nobody_is_told_otherwise(place: Place) -> None:
    with place.pasted() as visit:
        visit.show()
        expect(visit.survey.get_by_text(told_in("nl"))).to_have_count(0)

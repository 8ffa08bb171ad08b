"""The form of a survey page: every question in native fields, and nothing typed is lost."""

import pytest
from msgspec.structs import replace

from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.municipalities.municipality import Touchpoint
from ingest.pages.pages import FormState, Pages
from ingest.texts.page_texts import page_texts
from tests.example import example_directory
from tests.strict_html import Element, read_page
from tests.surveys import EVERY_KIND, Example, again, few_answer, first_page, rejected

LANGUAGES = ("nl", "en", "ar")
EXAMPLE = load_catalogue(example_directory(), questionnaires_directory())


def values_of(page: Element, name: str, kind: str) -> list[str]:
    return [field.attributes["value"] for field in page.find("input", name=name, type=kind)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_page_says_who_asks_what_and_how_long(language: str) -> None:
    page = first_page(language)
    texts = page_texts()[language]
    shown = page.text
    assert texts.asker.format(municipality="Molensloot") in shown
    assert EVERY_KIND.intro[language] in shown
    assert texts.survey.questions_at_most.format(count=len(EVERY_KIND.items)) in shown
    assert texts.survey.some_optional in shown
    assert page.find("html")[0].attributes == {"lang": language, "dir": texts.dir}
    assert page.find("title")[0].text.startswith(EVERY_KIND.title[language])


@pytest.mark.parametrize(("language", "told"), [("nl", "Uw aanvraag is af."), ("en", None)])
def test_a_touchpoint_may_say_what_its_questions_are_about(language: str, told: str | None) -> None:
    """In place of the questionnaire's own words; those stand there in a language that it lacks."""
    example = Example()
    example.touchpoint = replace(example.touchpoint, intro={"nl": "Uw aanvraag is af."})
    shown = first_page(language, example).text
    assert (told or EVERY_KIND.intro[language]) in shown
    assert (EVERY_KIND.intro[language] in shown) == (told is None)


@pytest.mark.parametrize("language", page_texts())
def test_where_few_answer_residents_read_so_before_the_first_question(language: str) -> None:
    told = page_texts()[language].survey.small_group
    touchpoint = EXAMPLE.touchpoint("molensloot", "huwelijk")
    assert touchpoint.small_group
    page = Pages(EXAMPLE).survey(touchpoint, EXAMPLE.questionnaire(touchpoint), language)
    before, _, _ = page.identity.decode().partition("<form")
    assert before.count(told) == 1


def test_where_ten_are_published_together_nobody_is_told_otherwise() -> None:
    assert page_texts()["nl"].survey.small_group not in first_page().text


@pytest.mark.parametrize(
    "state",
    [
        FormState(reasons=rejected("required", "cijfer")),
        FormState(notice="unavailable"),
        FormState(query={"cijfer": "8"}),
    ],
)
def test_that_few_answer_stays_said_beside_what_went_wrong(state: FormState) -> None:
    """Who reads it only now can still take back what was typed."""
    example = Example()
    page = example.pages.survey_again(few_answer(example), EVERY_KIND, "nl", state)
    assert page_texts()["nl"].survey.small_group in read_page(page).text


def test_a_name_keeps_its_own_order_within_another_language() -> None:
    (asker,) = first_page("ar", Example(name="Bergen (NH.)")).find("p", class_="asker")
    assert asker.find("bdi")[0].text == "Bergen (NH.)"
    assert asker.text == "بلدية Bergen (NH.)"


def test_a_survey_page_leads_to_privacy_accessibility_and_contact() -> None:
    example = Example()
    hrefs = [link.attributes["href"] for link in first_page().find("footer")[0].find("a")]
    assert hrefs == [
        example.municipality.contact_url,
        example.municipality.privacy_url,
        example.municipality.accessibility_url,
    ]


def test_the_form_posts_to_its_own_address() -> None:
    (form,) = first_page().find("form")
    assert form.attributes["method"] == "post"
    assert "action" not in form.attributes


def test_the_form_tells_its_version_and_language() -> None:
    hidden = {
        field.attributes["name"]: field.attributes["value"]
        for field in first_page("en").find("input", type="hidden")
    }
    assert hidden == {"_version": "3", "_language": "en"}


def test_the_trap_is_out_of_reach_of_people() -> None:
    (trap,) = first_page().find("input", name="_website")
    assert trap.attributes["tabindex"] == "-1"
    assert trap.attributes["autocomplete"] == "off"
    (around,) = [
        element for element in first_page().find("p", aria_hidden="true") if element.find("input")
    ]
    assert around.find("input", name="_website")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_its_words_and_native_fields(language: str) -> None:
    page = first_page(language)
    texts = page_texts()[language]
    for item in EVERY_KIND.items:
        (around,) = [
            each for each in page.everything() if each.attributes.get("id") == f"v-{item.code}"
        ]
        label = around.find("label" if item.kind == "text" else "legend")[0].text
        optional = "" if item.required else f" {texts.survey.optional}"
        assert label == item.text[language] + optional
        assert item.help.get(language, "") in around.text
    values = [
        field.attributes["value"] for field in page.find("input", type="radio", name="cijfer")
    ]
    assert values == [str(number) for number in range(1, 11)]
    assert [box.attributes["value"] for box in page.find("input", type="checkbox")] == [
        "wachten",
        "uitleg",
    ]
    assert [radio.attributes["value"] for radio in page.find("input", name="geholpen")][-1] == "nvt"
    assert not page.find("input", checked="")
    assert not [field for field in page.find("textarea") if "maxlength" in field.attributes]


@pytest.mark.parametrize("touchpoint", EXAMPLE.touchpoints.values(), ids=lambda each: each.path)
def test_every_language_sends_the_same_codes(touchpoint: Touchpoint) -> None:
    questionnaire = EXAMPLE.questionnaire(touchpoint)
    pages = Pages(EXAMPLE)

    def sent(language: str) -> list[tuple[str, str]]:
        page = read_page(pages.survey_again(touchpoint, questionnaire, language, FormState()))
        return [
            (field.attributes["name"], field.attributes.get("value", ""))
            for field in page.find("input") + page.find("textarea")
            if field.attributes["name"] != "_language"
        ]

    assert len(touchpoint.languages) == 7
    assert [sent(language) for language in touchpoint.languages] == [sent("nl")] * 7


def test_the_ends_of_a_mark_are_told_to_everybody() -> None:
    (group,) = first_page().find("fieldset", id="v-cijfer")
    described = group.attributes["aria-describedby"].split()
    told = [each.text for each in group.find("p") if each.attributes.get("id") in described]
    assert told == ["1 is heel slecht", "10 is uitstekend"]


def test_a_rejected_form_keeps_all_that_was_typed() -> None:
    typed = {
        "cijfer": ["8"],
        "geholpen": ["nvt"],
        "goed": ["wachten", "uitleg"],
        "toelichting": ["\n<b>Twee</b>\r\nregels & 'meer' \"quotes\""],
    }
    page = again(FormState(values=typed, reasons=rejected("required", "oorzaak")))
    checked = [
        (field.attributes["name"], field.attributes["value"])
        for field in page.find("input")
        if "checked" in field.attributes
    ]
    assert checked == [
        ("cijfer", "8"),
        ("geholpen", "nvt"),
        ("goed", "wachten"),
        ("goed", "uitleg"),
    ]
    # A browser drops the first line end of a textarea, so the page adds one.
    assert page.find("textarea")[0].children == ["\n" + typed["toelichting"][0]]


def test_what_cannot_be_shown_does_not_break_the_page() -> None:
    page = again(FormState(values={"toelichting": ["a\x00b\ud83dc"], "cijfer": ["\udfff"]}))
    assert page.find("textarea")[0].text == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_stand_in_the_title_in_a_summary_and_above_the_question(language: str) -> None:
    texts = page_texts()[language]
    page = again(FormState(reasons=rejected("required", "cijfer", "goed")), language)
    message = texts.problems.sentences["required"]["mark"]
    assert page.find("title")[0].text.startswith(texts.problems.title.format(title=""))
    (heading,) = page.find("h2", tabindex="-1")
    assert "autofocus" in heading.attributes
    assert heading.text == texts.problems.heading
    links = {link.attributes["href"]: link.text for link in page.find("main")[0].find("a")}
    assert links["#i-cijfer"] == f"{EVERY_KIND.items[0].text[language]} {message}"
    assert set(links) == {"#i-cijfer", "#i-goed"}
    (group,) = page.find("fieldset", id="v-cijfer")
    assert group.attributes["aria-invalid"] == "true"
    assert "e-cijfer" in group.attributes["aria-describedby"].split()
    assert message in page.find("p", id="e-cijfer")[0].text
    assert page.find("button")[-1].text == texts.survey.send_again


def test_aria_is_only_said_where_it_means_something() -> None:
    page = again(FormState(reasons=rejected("required", "cijfer", "goed", "toelichting")))
    assert not page.find("input", type="radio", aria_invalid="true")
    (boxes,) = page.find("fieldset", id="v-goed")
    assert "role" not in boxes.attributes
    assert "aria-invalid" not in boxes.attributes
    assert all(box.attributes["aria-invalid"] == "true" for box in boxes.find("input"))
    assert page.find("textarea")[0].attributes["aria-invalid"] == "true"
    assert page.find("fieldset", id="v-cijfer")[0].attributes["aria-required"] == "true"
    assert "aria-required" not in page.find("fieldset", id="v-sfeer")[0].attributes


def test_what_belongs_to_no_question_is_told_without_its_name() -> None:
    page = again(FormState(reasons=rejected("unknown-item", "<script>", "verzonnen")))
    (summary,) = page.find("div", class_="notice")
    texts = page_texts()["nl"]
    assert [each.text for each in summary.find("li")] == [
        texts.problems.sentences["unknown-item"]["any"]
    ]


@pytest.mark.parametrize("notice", page_texts()["nl"].notices)
def test_a_form_that_could_not_be_taken_is_ready_to_be_sent_again(notice: str) -> None:
    page = again(
        FormState(
            values={"cijfer": ["3"]},
            notice=notice,
            action="/v/abc?lang=nl&x=1",
            response_id="8f14e45f-ceea-4a7b-9c1d-2b0f3c4d5e6f",
        )
    )
    texts = page_texts()["nl"]
    assert page.find("form")[0].attributes["action"] == "/v/abc?lang=nl&x=1"
    (field,) = page.find("input", name="_response")
    assert field.attributes["value"] == "8f14e45f-ceea-4a7b-9c1d-2b0f3c4d5e6f"
    assert "checked" in page.find("input", name="cijfer", value="3")[0].attributes
    assert page.find("title")[0].text.startswith(texts.notices[notice].title)
    assert "autofocus" in page.find("h2", tabindex="-1")[0].attributes
    assert page.find("button")[-1].text == texts.survey.send_again


def test_a_mark_from_the_link_is_chosen_already_and_nothing_is_wrong() -> None:
    page = again(FormState(values={"cijfer": ["8"]}))
    assert "checked" in page.find("input", name="cijfer", value="8")[0].attributes
    assert not page.find("h2", tabindex="-1")
    assert page.find("title")[0].text == first_page().find("title")[0].text

"""Texts of questionnaires, municipalities and residents are text: none becomes an element."""

import itertools

import msgspec
import pytest

from ingest.pages.pages import FormState
from ingest.questionnaires.items import Text
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.texts.page_texts import page_texts
from tests.strict_html import Element, read_page
from tests.surveys import EVERY_KIND, Example, again, first_page, rejected

MESSAGES = tuple(page_texts()["nl"].messages)
TEXTS_OF_AN_ITEM = ("text", "help", "low", "high")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title></style><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %} {municipality} {0.__class__}",
    "<!-- <b>&amp;&lt;",
    "javascript:alert(1)",
)


def hostile(text: Text, words: str) -> Text:
    return {language: f"{told} {words}" for language, told in text.items()}


def hostile_questionnaire(words: str) -> Questionnaire:
    items = []
    for item in EVERY_KIND.items:
        texts = {
            name: hostile(getattr(item, name), words) for name in ("text", "help", "low", "high")
        }
        options = tuple(
            msgspec.structs.replace(option, label=hostile(option.label, words))
            for option in item.options
        )
        items.append(msgspec.structs.replace(item, **texts, options=options))
    return msgspec.structs.replace(
        EVERY_KIND,
        title=hostile(EVERY_KIND.title, words),
        intro=hostile(EVERY_KIND.intro, words),
        items=tuple(items),
    )


def shape(page: Element) -> list[tuple[str, tuple[str, ...]]]:
    return [(element.tag, tuple(element.attributes)) for element in page.everything()]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_texts_are_text_in_every_place(words: str) -> None:
    harmless = hostile_questionnaire("gewoon")
    addresses = ("contact_url", "privacy_url", "accessibility_url")

    def pages_with(words: str) -> list[Element]:
        example = Example(
            hostile_questionnaire(words),
            name=f"Molensloot {words}",
            **dict.fromkeys(addresses, f"https://molensloot.example/{words}"),
        )
        state = FormState(
            values={"toelichting": [words], "cijfer": [words], words: [words]},
            reasons=rejected("required", "cijfer", "toelichting"),
            action=f"/v/{words}",
            response_id=words,
            query={words: words},
        )
        thanks = example.pages.message("thanks", municipality=example.municipality)
        return [first_page("nl", example), again(state, "en", example), read_page(thanks)]

    assert harmless.code == EVERY_KIND.code
    for page, control in zip(pages_with(words), pages_with("gewoon"), strict=True):
        assert shape(page) == shape(control)
        assert " ".join(words.split()) in page.text


def test_no_page_has_a_style_attribute_a_script_of_others_or_another_host() -> None:
    example = Example()
    pages = [first_page(), again(FormState(reasons=rejected("required", "cijfer")))]
    pages += [
        read_page(example.pages.message(name, municipality=example.municipality))
        for name in MESSAGES
    ]
    for element in itertools.chain.from_iterable(page.everything() for page in pages):
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        assert "src" not in element.attributes
        assert element.tag == "a" or "href" not in element.attributes
    # Nor in what a page holds in itself: it is that of a page without any of this.
    plain, nobodys = first_page(), read_page(example.pages.message("not-found"))
    for page, kind in itertools.product(pages, ("style", "script")):
        ours = {each.text for each in (*plain.find(kind), *nobodys.find(kind))}
        assert {each.text for each in page.find(kind)} <= ours

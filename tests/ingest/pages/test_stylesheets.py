"""The stylesheet of a municipality: its colours, and conditions that nobody can break out of."""

import msgspec

from ingest.municipalities.house_style import HouseStyle
from ingest.pages.stylesheets import form_class, stylesheet
from ingest.questionnaires.items import AskIf
from tests.surveys import EVERY_KIND

STYLE = HouseStyle(accent="#0a5c36")


def rules(css: str) -> list[str]:
    return [line.strip() for line in css.splitlines() if "display: none" in line]


def test_it_begins_with_the_colours_of_the_municipality() -> None:
    css = stylesheet("p { margin: 0; }\n", STYLE, ())
    assert "--mp-accent: #0a5c36;" in css
    assert css.index("--mp-accent") < css.index("p { margin: 0; }")
    assert "@supports" not in css


def test_a_question_hides_until_its_answer_is_given() -> None:
    first, second = rules(stylesheet("", STYLE, (EVERY_KIND,)))
    assert first == (
        "form.q-balie-3:not(:has([name=geholpen][value=deels]:checked, "
        "[name=geholpen][value=nee]:checked)) :is(#v-oorzaak, #v-terugkomen) { display: none; }"
    )
    assert second == (
        "form.q-balie-3:not(:has([name=oorzaak][value=terug]:checked)) "
        ":is(#v-terugkomen) { display: none; }"
    )


def test_questions_hide_only_where_the_browser_can_bring_them_back() -> None:
    css = stylesheet("", STYLE, (EVERY_KIND,))
    assert css.index("@supports selector(:has(*))") < css.index("display: none")


def test_versions_of_a_questionnaire_do_not_hide_each_others_questions() -> None:
    later = msgspec.structs.replace(EVERY_KIND, version=4)
    css = stylesheet("", STYLE, (EVERY_KIND, later))
    assert form_class(EVERY_KIND) != form_class(later)
    assert len(rules(css)) == 4


def test_a_number_and_anything_odd_are_written_so_that_they_stay_a_value() -> None:
    asked = AskIf(item="cijfer", values=(1, '"]{}</style>'))
    item = msgspec.structs.replace(EVERY_KIND.items[-1], ask_if=asked)
    odd = msgspec.structs.replace(EVERY_KIND, items=(EVERY_KIND.items[0], item))
    (rule,) = rules(stylesheet("", STYLE, (odd,)))
    assert '[name=cijfer][value="1"]:checked' in rule
    assert '[value="\\22 \\5d \\7b \\7d \\3c \\2f style\\3e "]:checked' in rule
    assert rule.count("{") == 1

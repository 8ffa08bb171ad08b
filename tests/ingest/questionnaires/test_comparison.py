"""Between two versions it is told which figures still compare."""

import msgspec
import pytest

from ingest.questionnaires.comparison import declared_comparisons, difference, in_a_sentence
from ingest.questionnaires.items import AskIf, Option
from tests.questionnaires_at_hand import a_questionnaire, an_item

MARK = an_item("cijfer", "mark", indicator="tevredenheid", text={"nl": "Welk cijfer?"})
TOPIC = an_item(
    "onderwerp",
    "choice",
    options=(Option(code="a", label={"nl": "A"}), Option(code="b", label={"nl": "B"})),
)
OLD = a_questionnaire(MARK, TOPIC)


def test_two_equal_versions_compare_in_everything() -> None:
    found = difference(OLD, a_questionnaire(MARK, TOPIC, version=2))
    assert (found.old, found.new) == ("balie/1", "balie/2")
    assert found.indicators("same") == ("tevredenheid",)
    assert {item.verdict for item in found.items} == {"same"}
    assert found.texts == ()


@pytest.mark.parametrize(
    ("change", "verdict", "changed"),
    [
        ({"kind": "agreement"}, "broken", ("kind",)),
        ({"indicator": "gemak"}, "broken", ("indicator",)),
        ({"text": {"nl": "Wat geeft u?"}, "kind": "smileys"}, "broken", ("kind", "text")),
        ({"text": {"nl": "Wat geeft u?"}}, "judge", ("text",)),
        ({"low": {"nl": "slecht"}, "high": {"nl": "goed"}}, "judge", ("low", "high")),
        ({"not_applicable": True}, "judge", ("not_applicable",)),
        ({"required": True}, "judge", ("required",)),
        ({"ask_if": AskIf(item="x", values=("ja",))}, "judge", ("ask_if",)),
        ({"text": {"nl": "Welk cijfer?", "en": "What mark?"}}, "same", ()),
    ],
)
def test_a_change_of_an_item_is_weighed(
    change: dict[str, object], verdict: str, changed: tuple[str, ...]
) -> None:
    new = a_questionnaire(msgspec.structs.replace(MARK, **change), TOPIC, version=2)
    mark, topic = difference(OLD, new).items
    assert (mark.verdict, mark.changed) == (verdict, changed)
    assert topic.verdict == "same"


def test_other_options_break_a_choice_and_other_labels_need_a_judge() -> None:
    fewer = msgspec.structs.replace(TOPIC, options=TOPIC.options[:1])
    relabelled = msgspec.structs.replace(
        TOPIC, options=(TOPIC.options[0], Option(code="b", label={"nl": "Bee"}))
    )
    assert difference(OLD, a_questionnaire(MARK, fewer)).items[1].verdict == "broken"
    assert difference(OLD, a_questionnaire(MARK, relabelled)).items[1].changed == ("labels",)


def test_items_that_came_and_went_are_told() -> None:
    found = difference(
        OLD, a_questionnaire(TOPIC, an_item("gemak", "agreement", indicator="gemak"))
    )
    assert [(item.item, item.verdict) for item in found.items] == [
        ("onderwerp", "same"),
        ("gemak", "added"),
        ("cijfer", "removed"),
    ]
    assert found.indicators("removed") == ("tevredenheid",)


def test_a_version_that_declares_to_compare_is_told() -> None:
    assert not difference(OLD, OLD).declared
    assert difference(OLD, a_questionnaire(MARK, comparable_with=("balie/1",))).declared


def test_what_stays_comparable_is_told_in_one_sentence() -> None:
    words = an_item("toelichting", "text")
    clear = an_item("duidelijk", "agreement", indicator="duidelijkheid")
    new = a_questionnaire(MARK, TOPIC, clear, words, version=2)
    told = "cijfer, onderwerp: comparable; duidelijk: new"
    assert in_a_sentence(difference(a_questionnaire(MARK, TOPIC, words), new)) == told


@pytest.mark.parametrize(
    ("change", "compares", "told"),
    [
        ({"text": {"nl": "Wat geeft u?"}}, (), "comparable if you judge so"),
        ({"text": {"nl": "Wat geeft u?"}}, ("balie/1",), "comparable, as the new version declares"),
        # No declaration makes a face a mark.
        ({"kind": "smileys"}, ("balie/1",), "no longer comparable"),
    ],
)
def test_a_declaration_judges_wording_and_nothing_else(
    change: dict[str, object], compares: tuple[str, ...], told: str
) -> None:
    changed = msgspec.structs.replace(MARK, **change)
    new = a_questionnaire(changed, version=2, comparable_with=compares)
    assert in_a_sentence(difference(OLD, new)) == f"cijfer: {told}; onderwerp: gone"


def test_what_is_declared_is_compared_with_what_is_there() -> None:
    first = a_questionnaire(MARK, TOPIC)
    second = a_questionnaire(MARK, version=2, comparable_with=("balie/1", "online/1", "balie/9"))
    elsewhere = a_questionnaire(MARK, code="online")
    (found,) = declared_comparisons(
        {("balie", 2): second, ("balie", 1): first, ("online", 1): elsewhere}
    )
    assert (found.old, found.new) == ("balie/1", "balie/2")


def test_every_text_that_differs_is_shown_in_both_versions() -> None:
    reworded = msgspec.structs.replace(MARK, text={"nl": "Wat geeft u?", "en": "What mark?"})
    found = difference(OLD, a_questionnaire(reworded, TOPIC, title={"nl": "Bezoek"}))
    assert [(text.where, text.language, text.old, text.new) for text in found.texts] == [
        ("title", "nl", "Balie", "Bezoek"),
        ("items.cijfer.text", "nl", "Welk cijfer?", "Wat geeft u?"),
        ("items.cijfer.text", "en", None, "What mark?"),
    ]

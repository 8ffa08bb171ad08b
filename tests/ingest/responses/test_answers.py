"""Answers fit the questionnaire along the path that was walked, or every reason is given."""

import json
import timeit
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.questionnaires.items import AskIf, Option
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import (
    AnswersRejected,
    CheckedAnswers,
    TextAnswer,
    answers_from_form,
    check_answers,
)
from tests.questionnaires_at_hand import a_questionnaire, an_item


def options(*codes: str) -> tuple[Option, ...]:
    return tuple(Option(code=code, label={"nl": code}) for code in codes)


EVERY_KIND = a_questionnaire(
    an_item("cijfer", "mark", required=True, indicator="tevredenheid"),
    an_item("eens", "agreement", not_applicable=True),
    an_item("gezicht", "smileys"),
    an_item("geholpen", "yes_partly_no", indicator="oplossing"),
    an_item("keus", "choice", options=options("rood", "groen")),
    an_item("keuzes", "choices", options=options("a", "b", "c"), not_applicable=True),
    an_item("vrij", "text"),
)

CHAIN = a_questionnaire(
    an_item("cijfer", "mark", required=True),
    an_item("geholpen", "yes_partly_no", ask_if=AskIf(item="cijfer", values=(1, 2, 3, 4, 5))),
    an_item(
        "waarom",
        "choices",
        required=True,
        options=options("traag", "onduidelijk"),
        ask_if=AskIf(item="geholpen", values=("nee",)),
    ),
    an_item("hoe_lang", "agreement", ask_if=AskIf(item="waarom", values=("traag",))),
)


def refusals(questionnaire: Questionnaire, answers: Any, **how: bool) -> dict[str, str]:
    """Item -> code of everything that is refused in these answers."""
    with pytest.raises(AnswersRejected) as rejected:
        check_answers(questionnaire, answers, **how)
    assert all(reason.reason.endswith(".") for reason in rejected.value.reasons)
    return {reason.name: reason.code for reason in rejected.value.reasons}


def test_every_kind_is_kept_as_the_contract_says() -> None:
    checked = check_answers(
        EVERY_KIND,
        {
            "cijfer": 10,
            "eens": "nvt",
            "gezicht": 1,
            "geholpen": "deels",
            "keus": "groen",
            "keuzes": ["c", "a"],
            "vrij": " Dank u!\r\n",
        },
    )

    assert checked.answers == {
        "cijfer": 10,
        "eens": "nvt",
        "gezicht": 1,
        "geholpen": "deels",
        "keus": "groen",
        "keuzes": ("a", "c"),
    }
    assert checked.texts == (TextAnswer(item="vrij", text=" Dank u!\n"),)


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("cijfer", 0, "out-of-range"),
        ("cijfer", 11, "out-of-range"),
        ("cijfer", 10**400, "out-of-range"),
        ("cijfer", True, "wrong-type"),
        ("cijfer", 8.0, "wrong-type"),
        ("cijfer", float("nan"), "wrong-type"),
        ("cijfer", "8", "wrong-type"),
        ("cijfer", "nvt", "wrong-type"),
        ("cijfer", None, "wrong-type"),
        ("cijfer", [8], "wrong-type"),
        ("eens", 6, "out-of-range"),
        ("gezicht", 0, "out-of-range"),
        ("geholpen", "Ja", "unknown-option"),
        ("geholpen", True, "wrong-type"),
        ("geholpen", "nvt", "unknown-option"),
        ("keus", "blauw", "unknown-option"),
        ("keus", ["rood"], "wrong-type"),
        ("keuzes", ["a", "a"], "repeated-option"),
        ("keuzes", ["a", "d"], "unknown-option"),
        ("keuzes", ["a", "nvt"], "unknown-option"),
        ("keuzes", ["a", 1], "wrong-type"),
        ("keuzes", "a", "wrong-type"),
        ("keuzes", {"a": 1}, "wrong-type"),
        ("vrij", 1, "wrong-type"),
        ("vrij", "a\0b", "bad-characters"),
        ("vrij", "\ud800", "bad-characters"),
        ("vrij", "a" + "\u0345" * 31, "bad-characters"),
        ("vrij", "a" + "\u0345" * 15_800 + "\u0334" * 15_800, "too-long"),
        ("vrij", "é" * 2001, "too-long"),
    ],
)
def test_a_value_that_does_not_fit_its_item_is_refused(item: str, value: object, code: str) -> None:
    assert refusals(EVERY_KIND, {"cijfer": 8, item: value}) == {item: code}


def test_every_reason_comes_at_once() -> None:
    assert refusals(EVERY_KIND, {"eens": 9, "keus": 1, "vrij": "\0", "anders": 1}) == {
        "cijfer": "required",
        "eens": "out-of-range",
        "keus": "wrong-type",
        "vrij": "bad-characters",
        "anders": "unknown-item",
    }


def test_a_text_is_counted_as_people_count() -> None:
    composed, in_parts = "é" * 2000, "e\u0301" * 2000
    line_ends = "\r\n" * 1999 + "."
    for text in (composed, in_parts, line_ends):
        (kept,) = check_answers(EVERY_KIND, {"cijfer": 8, "vrij": text}).texts
        assert len(kept.text) == 2000
    assert "vrij" in refusals(EVERY_KIND, {"cijfer": 8, "vrij": "x" * 2001})


@pytest.mark.parametrize("nothing", ["", " \n\t ", "\u00a0"])
def test_an_empty_text_is_no_answer(nothing: str) -> None:
    assert check_answers(EVERY_KIND, {"cijfer": 8, "vrij": nothing}).texts == ()
    must = a_questionnaire(an_item("vrij", "text", required=True))
    assert refusals(must, {"vrij": nothing}) == {"vrij": "required"}


def test_choosing_none_of_many_is_no_answer() -> None:
    assert len(check_answers(EVERY_KIND, {"cijfer": 8, "keuzes": []}).answers) == 1


def test_required_items_are_needed_on_the_walked_path_alone() -> None:
    check_answers(CHAIN, {"cijfer": 8})
    check_answers(CHAIN, {"cijfer": 4, "geholpen": "ja"})
    assert refusals(CHAIN, {"cijfer": 4, "geholpen": "nee"}) == {"waarom": "required"}


def test_an_item_that_was_not_reached_cannot_be_answered() -> None:
    assert refusals(CHAIN, {"cijfer": 8, "geholpen": "ja"}) == {"geholpen": "not-asked"}
    assert refusals(
        CHAIN, {"cijfer": 8, "geholpen": "nee", "waarom": ["traag"], "hoe_lang": 1}
    ) == {
        "geholpen": "not-asked",
        "waarom": "not-asked",
        "hoe_lang": "not-asked",
    }
    only_unclear = {"cijfer": 4, "geholpen": "nee", "waarom": ["onduidelijk"]}
    assert refusals(CHAIN, {**only_unclear, "hoe_lang": 1}) == {"hoe_lang": "not-asked"}


def test_one_of_many_choices_is_enough_to_be_asked_on() -> None:
    answers = {"cijfer": 4, "geholpen": "nee", "waarom": ["onduidelijk", "traag"], "hoe_lang": 1}
    assert len(check_answers(CHAIN, answers).answers) == 4


def test_nothing_is_said_of_a_path_that_a_refused_answer_hides() -> None:
    answers = {"cijfer": 4, "geholpen": "misschien", "waarom": ["weg"], "hoe_lang": 3}
    assert refusals(CHAIN, answers) == {"geholpen": "unknown-option", "waarom": "unknown-option"}
    assert refusals(CHAIN, {"cijfer": 0}) == {"cijfer": "out-of-range"}


def test_an_early_answer_need_not_be_complete() -> None:
    assert check_answers(EVERY_KIND, {"geholpen": "ja"}, complete=False).answers
    assert refusals(EVERY_KIND, {"cijfer": 11}, complete=False) == {"cijfer": "out-of-range"}


def test_equal_content_has_equal_bytes_however_it_was_sent() -> None:
    one = {"cijfer": 8, "vrij": "caf\u00e9\n", "keuzes": ["a", "b"]}
    other = {"keuzes": ["b", "a"], "vrij": "cafe\u0301\r\n", "cijfer": 8, "gezicht": None}
    del other["gezicht"]
    canonical = check_answers(EVERY_KIND, one).canonical
    assert canonical == check_answers(EVERY_KIND, other).canonical
    assert canonical == '{"cijfer":8,"keuzes":["a","b"],"vrij":"café\\n"}'.encode()


def test_thousands_of_unknown_names_get_a_short_reply_that_can_be_sent() -> None:
    answers = {"cijfer": 8, **{f"\ud800{number:0>50}": 1 for number in range(5000)}}
    with pytest.raises(AnswersRejected) as rejected:
        check_answers(EVERY_KIND, answers)
    assert len(rejected.value.reasons) == 20
    assert len(msgspec.json.encode(rejected.value.reasons)) < 4000


def test_a_form_brings_strings_and_gets_values() -> None:
    form = {
        "cijfer": ["8"],
        "eens": ["nvt"],
        "gezicht": [""],
        "geholpen": ["ja"],
        "keuzes": ["b", "a"],
        "vrij": ["Dank u"],
        "_version": ["1"],
        "_website": [""],
    }
    assert answers_from_form(EVERY_KIND, form) == {
        "cijfer": 8,
        "eens": "nvt",
        "geholpen": "ja",
        "keuzes": ["b", "a"],
        "vrij": "Dank u",
    }


def test_a_form_that_says_not_applicable_among_checkboxes_means_just_that() -> None:
    answers = answers_from_form(EVERY_KIND, {"cijfer": ["8"], "keuzes": ["nvt"]})
    assert answers == {"cijfer": 8, "keuzes": "nvt"}


def test_a_hidden_radio_that_still_submits_is_dropped() -> None:
    form = {"cijfer": ["8"], "geholpen": ["nee"], "waarom": ["traag"], "hoe_lang": ["1"]}
    assert answers_from_form(CHAIN, form) == {"cijfer": 8}


def test_what_hangs_on_an_unreadable_answer_is_not_dropped() -> None:
    form = {"cijfer": ["vier"], "geholpen": ["nee"], "waarom": ["traag"], "hoe_lang": [" "]}
    answers = answers_from_form(CHAIN, form)
    assert answers == {"cijfer": "vier", "geholpen": "nee", "waarom": ["traag"], "hoe_lang": " "}
    assert refusals(CHAIN, answers) == {"cijfer": "wrong-type", "hoe_lang": "wrong-type"}


@pytest.mark.parametrize("string", ["８", "08", "+8", "8.0", " 8", "1_0", "٨", "8\n"])
def test_a_number_in_a_form_has_one_spelling(string: str) -> None:
    answers = answers_from_form(EVERY_KIND, {"cijfer": [string]})
    assert refusals(EVERY_KIND, answers) == {"cijfer": "wrong-type"}


def test_two_values_for_one_question_of_a_form_are_refused() -> None:
    answers = answers_from_form(EVERY_KIND, {"cijfer": ["8", "9"], "vrij": ["a", "b"]})
    assert refusals(EVERY_KIND, answers) == {"cijfer": "wrong-type", "vrij": "wrong-type"}


def test_a_field_that_is_no_question_of_ours_is_refused_and_not_lost() -> None:
    answers = answers_from_form(EVERY_KIND, {"cijfer": ["8"], "cijfers": ["8"]})
    assert refusals(EVERY_KIND, answers) == {"cijfers": "unknown-item"}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=8)
    | st.sampled_from(["ja", "deels", "nee", "nvt", "rood", "a", "traag", "cijfer"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from([item.code for item in (*EVERY_KIND.items, *CHAIN.items)]) | st.text(
    st.characters(exclude_categories=[]), max_size=6
)
QUESTIONNAIRES = st.sampled_from([EVERY_KIND, CHAIN])


@settings(deadline=None)
@given(QUESTIONNAIRES, st.dictionaries(NAMES, JSON), st.booleans())
def test_any_json_is_taken_or_refused_and_nothing_else(
    questionnaire: Questionnaire, answers: dict[str, object], complete: bool
) -> None:
    outcome: CheckedAnswers | AnswersRejected
    try:
        outcome = check_answers(questionnaire, answers, complete=complete)
    except AnswersRejected as rejected:
        outcome = rejected
    if isinstance(outcome, AnswersRejected):
        assert outcome.reasons
        assert msgspec.json.encode(outcome.reasons)
    else:
        assert json.loads(outcome.canonical).keys() <= answers.keys()
        assert outcome.answers.keys() <= answers.keys()


@settings(deadline=None)
@given(QUESTIONNAIRES, st.dictionaries(NAMES, st.lists(st.text(max_size=5), max_size=3)))
def test_any_form_is_taken_or_refused_and_nothing_else(
    questionnaire: Questionnaire, form: dict[str, list[str]]
) -> None:
    answers = answers_from_form(questionnaire, form)
    try:
        check_answers(questionnaire, answers)
    except AnswersRejected as rejected:
        codes = {reason.code for reason in rejected.reasons}
        assert "not-asked" not in codes


FITTING = {
    "cijfer": st.integers(1, 10),
    "eens": st.integers(1, 5) | st.just("nvt"),
    "gezicht": st.integers(1, 5),
    "geholpen": st.sampled_from(["ja", "deels", "nee"]),
    "keus": st.sampled_from(["rood", "groen"]),
    "keuzes": st.lists(st.sampled_from(["a", "b", "c"]), unique=True) | st.just("nvt"),
    "vrij": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
}


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"cijfer": FITTING["cijfer"]},
        optional={name: values for name, values in FITTING.items() if name != "cijfer"},
    )
)
def test_what_fits_is_taken_and_its_canonical_form_is_taken_again(
    answers: dict[str, object],
) -> None:
    checked = check_answers(EVERY_KIND, answers)
    again = check_answers(EVERY_KIND, json.loads(checked.canonical))
    assert again == checked
    for text in checked.texts:
        assert unicodedata.is_normalized("NFC", text.text)


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([i.code for i in CHAIN.items], JSON)))
def test_what_was_taken_never_holds_an_item_off_the_path(answers: dict[str, object]) -> None:
    try:
        checked = check_answers(CHAIN, answers)
    except AnswersRejected:
        return
    taken = json.loads(checked.canonical)
    for item in CHAIN.items:
        if item.ask_if and item.code in taken:
            given_before = taken[item.ask_if.item]
            many = given_before if isinstance(given_before, list) else [given_before]
            assert set(many) & set(item.ask_if.values)


def test_checking_costs_the_server_next_to_nothing() -> None:
    five = {"cijfer": 8, "eens": 4, "geholpen": "ja", "keus": "rood", "vrij": "Goed geholpen."}
    check_answers(EVERY_KIND, five)
    best = min(timeit.repeat(lambda: check_answers(EVERY_KIND, five), number=500, repeat=20))
    assert best / 500 < 15e-6

"""One in so many is asked something else: the token decides who, and each token has one path."""

import random
from math import exp, lgamma, log
from pathlib import Path

import msgspec
import pytest

from ingest.files.findings import FilesRejected
from ingest.questionnaires.items import AskIf, Item
from ingest.questionnaires.publication import check_published
from ingest.questionnaires.questionnaire import load_extension, load_questionnaire
from ingest.questionnaires.sampled_items import sample_faults
from ingest.questionnaires.sampling import (
    as_stored,
    id_like,
    id_on,
    is_sampled,
    path_for,
    path_of,
)
from ingest.responses.answers import AnswersRejected, answers_from_form, check_answers
from tests.questionnaires_at_hand import DUTCH, OWN, a_questionnaire, an_item, write_files
from tests.sampled import WHY, an_id, before

MARK = an_item("cijfer", "mark", indicator="tevredenheid", required=True)
CLEAR = an_item("duidelijk", "agreement", indicator="duidelijkheid")
TEXT = an_item("toelichting", "text")
WHOLE = a_questionnaire(MARK, CLEAR, before("duidelijk"), WHY, TEXT)
ASKED, OTHERS = path_of(WHOLE, sampled=True), path_of(WHOLE, sampled=False)

MANY = 20_000


def codes(items: tuple[Item, ...]) -> list[str]:
    return [item.code for item in items]


def least_and_most(n: int, p: float) -> tuple[int, int]:
    """Between which numbers a binomial one lies, but for one time in a thousand million a side."""
    chances = [
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p))
        for k in range(n + 1)
    ]
    ends = []
    for order in (range(n + 1), range(n, -1, -1)):
        beyond = 0.0
        for k in order:
            beyond += chances[k]
            if beyond > 1e-9:
                ends.append(k)
                break
    return ends[0], ends[1]


@pytest.mark.parametrize("asked_of", [2, 3, 10, 100])
def test_of_random_ids_one_in_so_many_is_asked(asked_of: int) -> None:
    whole = a_questionnaire(MARK, CLEAR, before("duidelijk", asked_of))
    ids = random.Random(21)
    asked = sum(is_sampled(whole, ids.randbytes(16)) for _ in range(MANY))
    least, most = least_and_most(MANY, 1 / asked_of)
    assert least <= asked <= most
    # Tight enough to see that one byte alone asks 26 of 256 where one in ten is meant, and more.
    assert most - least < 0.09 * MANY


def test_the_cut_is_exact_to_the_last_bit_of_four_bytes() -> None:
    edge = 2**32 // 10
    for first, asked in ((0, True), (edge, True), (edge + 1, False), (2**32 - 1, False)):
        assert is_sampled(WHOLE, first.to_bytes(4, "big") + bytes(12)) is asked
    # The rest of the id decides nothing.
    assert is_sampled(WHOLE, bytes(4) + b"\xff" * 12)


def test_the_sample_is_asked_more_and_less_of_the_same_questionnaire() -> None:
    assert codes(OTHERS.items) == ["cijfer", "duidelijk", "toelichting"]
    assert codes(ASKED.items) == ["cijfer", "eerder", "eerder_reden", "toelichting"]
    for path in (ASKED, OTHERS):
        assert (path.structure, path.version) == (WHOLE.structure, WHOLE.version)
        assert path_of(path, sampled=True) is path
    assert path_for(WHOLE, an_id(sampled=True)) is ASKED
    assert path_for(WHOLE, an_id(sampled=False)) is OTHERS


def test_who_is_asked_is_part_of_what_an_answer_means_and_changed_no_older_structure() -> None:
    plain = a_questionnaire(MARK, CLEAR, before(None, None), WHY, TEXT)
    others = [
        a_questionnaire(MARK, CLEAR, before("duidelijk", 20), WHY, TEXT),
        a_questionnaire(MARK, CLEAR, before("cijfer"), WHY, TEXT),
    ]
    assert len({each.structure for each in (WHOLE, plain, *others)}) == 4
    # As it was before there were samples.
    assert a_questionnaire(MARK, TEXT).structure == "c374e2dbbb793e5e"


def test_without_a_sample_everybody_has_one_path() -> None:
    plain = a_questionnaire(MARK, CLEAR)
    assert path_of(plain, sampled=True) is plain
    assert path_for(plain, an_id(sampled=True)) is plain
    assert as_stored(plain, {"cijfer": 8}) == {"cijfer": 8}
    assert len(id_on(plain, sampled=True)) == 16


@pytest.mark.parametrize("sampled", [True, False])
def test_a_fresh_id_falls_on_the_same_side_however_many_are_asked(*, sampled: bool) -> None:
    first = id_on(WHOLE, sampled=sampled)
    assert is_sampled(WHOLE, first) is sampled
    later = {id_like(first) for _ in range(100)}
    assert len(later) == 100
    for asked_of in (2, 10, 100):
        whole = a_questionnaire(MARK, CLEAR, before("duidelijk", asked_of))
        assert {is_sampled(whole, each) for each in later} == {is_sampled(whole, first)}
    assert {len(each) for each in later} == {16}


def test_the_api_refuses_what_others_are_asked_and_names_it() -> None:
    refused: dict[str, str] = {}
    for path, answers in (
        (OTHERS, {"cijfer": 8, "eerder": "nee", "eerder_reden": "anders"}),
        (ASKED, {"cijfer": 8, "duidelijk": 4, "weg": 1}),
    ):
        with pytest.raises(AnswersRejected) as rejected:
            check_answers(path, answers)
        refused |= {reason.name: reason.code for reason in rejected.value.reasons}
    assert refused == {
        "eerder": "not-asked",
        "eerder_reden": "not-asked",
        "duidelijk": "not-asked",
        "weg": "unknown-item",
    }


def test_a_form_drops_what_others_are_asked() -> None:
    fields = {"cijfer": ["8"], "duidelijk": ["4"], "eerder": ["balie"], "eerder_reden": ["anders"]}
    assert answers_from_form(OTHERS, fields) == {"cijfer": 8, "duidelijk": 4}
    asked = {"cijfer": 8, "eerder": "balie", "eerder_reden": "anders"}
    assert answers_from_form(ASKED, fields) == asked


def test_why_is_only_asked_of_who_tried_something_else() -> None:
    assert check_answers(ASKED, {"cijfer": 8, "eerder": "nee"}).answers["eerder"] == "nee"
    with pytest.raises(AnswersRejected, match="eerder_reden: not-asked"):
        check_answers(ASKED, {"cijfer": 8, "eerder": "nee", "eerder_reden": "anders"})


def test_it_is_stored_who_was_asked_also_when_it_was_passed_over() -> None:
    assert as_stored(ASKED, {"cijfer": 8}) == {"cijfer": 8, "eerder": "niet-beantwoord"}
    assert as_stored(ASKED, {"eerder": "nee"}) == {"eerder": "nee"}
    assert as_stored(OTHERS, {"cijfer": 8}) == {"cijfer": 8}


def faults(*items: Item) -> list[str]:
    return [f"{'.'.join(map(str, where))}: {why}" for where, why in sample_faults(items)]


def changed(item: Item, **changes: object) -> Item:
    return msgspec.structs.replace(item, **changes)


BEFORE = before("duidelijk")
FAULTS = {
    "items.2.asked_of: `asked_of` and `instead_of` come together": (before(None), WHY),
    "items.2.instead_of: `asked_of` and `instead_of` come": (before("duidelijk", None),),
    "items.3.asked_of: only one item can be asked of a sample, and `eerder` is": (
        BEFORE,
        changed(BEFORE, code="nog_een"),
    ),
    "items.2.asked_of: what is asked of a sample is asked of everybody in it": (
        changed(BEFORE, ask_if=AskIf(item="cijfer", values=(1,))),
    ),
    "items.2.instead_of: `weg` is no other item": (before("weg"),),
    "items.2.instead_of: `eerder` is no other item": (before("eerder"),),
    "items.2.instead_of: `cijfer` is required": (before("cijfer"),),
    "items.2.instead_of: `verhaal` is an open text": (
        before("verhaal"),
        an_item("verhaal", "text"),
    ),
    "items.2.instead_of: `soms` is not asked of everybody": (
        before("soms"),
        an_item("soms", "agreement", ask_if=AskIf(item="cijfer", values=(1,))),
    ),
    "items.3.ask_if: `duidelijk` is not asked of everybody": (
        BEFORE,
        an_item("waarom", "agreement", ask_if=AskIf(item="duidelijk", values=(1,))),
    ),
    "items.3.kind: what is asked of a sample is counted by code": (
        BEFORE,
        an_item("hoe", "mark", ask_if=AskIf(item="eerder", values=("website",))),
    ),
    "items.2.required: what is asked of a sample cannot be required": (
        changed(BEFORE, required=True),
    ),
    "items.2.not_applicable: what is asked of a sample can be skipped": (
        changed(BEFORE, not_applicable=True),
    ),
    "items.2.indicator: what is asked of a sample has no indicator": (
        changed(BEFORE, indicator="gemak"),
    ),
    "items: 3 items follow on `eerder`; at most 2": (
        BEFORE,
        *(changed(WHY, code=code) for code in ("een", "twee", "drie")),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_in_a_sample_is_told(fault: str) -> None:
    assert faults(MARK, CLEAR, BEFORE, WHY, TEXT) == []
    told = faults(MARK, CLEAR, *FAULTS[fault])
    assert [each for each in told if each.startswith(fault)], told


SAMPLED = """\

[[items]]
code = "eerder"
kind = "choice"
asked_of = 10
instead_of = "onderwerp"
text.nl = "Probeerde u eerst iets anders?"
[[items.options]]
code = "nee"
label.nl = "Nee"
[[items.options]]
code = "telefoon"
label.nl = "Ja, met de telefoon"
"""


def test_a_file_says_who_is_asked_and_faults_stand_at_their_line(tmp_path: Path) -> None:
    whole = load_questionnaire(write_files(tmp_path, v1=DUTCH + SAMPLED))
    assert whole.asked_of == 10
    wrong = SAMPLED.replace('"onderwerp"', '"cijfer"')
    for text, line in ((wrong, 36), (SAMPLED.replace("10", "1"), 35)):
        with pytest.raises(FilesRejected) as refused:
            load_questionnaire(write_files(tmp_path, v1=DUTCH + text))
        (finding,) = refused.value.findings
        assert finding.line == line, finding


def test_own_items_of_a_municipality_are_asked_of_everybody(tmp_path: Path) -> None:
    core = load_questionnaire(write_files(tmp_path / "core", v1=DUTCH + SAMPLED))
    after = 'ask_if = { item = "eerder", in = ["telefoon"] }\n'
    wrong = {
        OWN + 'asked_of = 5\ninstead_of = "cijfer"\n': "only one item can be asked of a sample",
        OWN + after: "only shared items can be asked of a sample",
        OWN + after.replace("eerder", "onderwerp").replace("telefoon", "anders"): (
            "`onderwerp` is not asked of everybody"
        ),
    }
    for text, why in wrong.items():
        path = write_files(tmp_path / "own", v1=text)
        with pytest.raises(FilesRejected) as refused:
            load_extension(path, core, languages=())
        assert any(why in finding.message for finding in refused.value.findings), why


def test_what_a_sample_is_asked_does_not_count_among_the_five(tmp_path: Path) -> None:
    scale = '\n[[items]]\ncode = "{}"\nkind = "agreement"\ntext.nl = "Ik ben tevreden."\n'
    five = DUTCH + "".join(map(scale.format, ("een", "twee", "drie")))
    write_files(tmp_path, v1=five + SAMPLED)
    _, findings = check_published(tmp_path)
    assert not [each for each in findings if "at most 5" in each.message]
    write_files(tmp_path, v1=five + scale.format("vier") + SAMPLED)
    _, findings = check_published(tmp_path)
    assert [each for each in findings if "at most 5" in each.message]

"""A kind of question is declared once: what is offered, taken and counted is one everywhere."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ingest.database.mirror import mirror_files
from ingest.kiosk.survey import KioskSurveys
from ingest.municipalities.catalogue import Catalogue
from ingest.pages.survey_form import FormState, questions
from ingest.questionnaires.items import NOT_APPLICABLE, Item, Option
from ingest.questionnaires.kinds import KINDS, MOST_PLACES, Kind
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import AnswersRejected, answers_from_form, check_answers
from ingest.texts.page_texts import texts_in
from ingest.web.openapi_answers import answer_schemas, schema_name
from ingest.widget.offered import Offers
from tests.conftest import Database
from tests.example import SINCE, VERSION
from tests.ingest.reporting.responses import at_once, many, store
from tests.publishing import reads, seen
from tests.questionnaires_at_hand import a_questionnaire
from tests.surveys import Example, with_changed

READER = "lezer_soorten"
CODE = st.from_regex("[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda code: code != "nvt")
# What somebody may send instead of an answer, of every sort that JSON has.
ANYTHING = (
    *(*range(-1, 13), True, False, None, 8.0, 1.5, "", "0", "1", "5", "ja", "nee", "deels", "nvt"),
    *("Ja", "zz", [], [1], ["ja"], ["nvt"], ["zz"], {}, [["ja"]]),
)


def an_item(kind: Kind, options: list[str], *, not_applicable: bool = False) -> Item:
    """An item of this kind, with all that it may have."""
    own = {"low": {"nl": "heel moeilijk"}, "high": {"nl": "heel makkelijk"}}
    return Item(
        code="vraag",
        kind=kind.name,
        text={"nl": "Vraag?"},
        not_applicable=not_applicable and kind.holds != "text",
        options=tuple(Option(code=code, label={"nl": code.upper()}) for code in options)
        if kind.has_options
        else (),
        **({} if kind.ends == "none" else own),  # type: ignore[arg-type]
    )


@st.composite
def items(draw: st.DrawFn) -> Item:
    """One item of any kind, with options of its own where it has those."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    options = draw(st.lists(CODE, min_size=2, max_size=6, unique=True))
    return an_item(kind, options, not_applicable=draw(st.booleans()))


def takes(questionnaire: Questionnaire, value: object) -> bool:
    """Whether it is stored as an answer to the one item."""
    try:
        checked = check_answers(questionnaire, {"vraag": value})
    except AnswersRejected:
        return False
    kept: object = json.loads(checked.canonical)
    return kept == {"vraag": value}


def as_sent(item: Item, value: int | str) -> object:
    """One value of an item as an answer: a list of one where several may be chosen."""
    several = item.declared.holds == "codes" and value != NOT_APPLICABLE
    return [value] if several else value


def typed(values: list[Any]) -> set[tuple[type, Any]]:
    """To compare 1, True and "1"."""
    return {(type(value), json.dumps(value)) for value in values}


@pytest.mark.dear
@given(items())
def test_what_is_offered_is_what_is_taken_on_pages_in_widgets_and_on_kiosks(item: Item) -> None:
    questionnaire = a_questionnaire(item, code="balie", version=3, status="published")
    example = Example(questionnaire)
    catalogue = Catalogue((example.municipality,), {("balie", 3): questionnaire})
    offers = Offers(catalogue)
    if item.declared.holds == "text":
        candidates: list[object] = ["Goed."]
    else:
        of_options = [code for option in item.options for code in (option.code, [option.code])]
        candidates = [value for value in (*ANYTHING, *of_options) if value is not None]
    taken = [value for value in candidates if takes(questionnaire, value)]

    (asked,) = questions(questionnaire, texts_in("nl"), FormState())
    shown = [choice.value for choice in asked.choices] or taken
    from_form = [answers_from_form(questionnaire, {"vraag": [str(one)]})["vraag"] for one in shown]
    assert typed(from_form) == typed(taken)

    (widget,) = offers.offered(example.touchpoint, "nl", token="").items
    offered = [as_sent(item, each.value) for each in widget.values]
    offered += [NOT_APPLICABLE] if widget.not_applicable else []
    assert typed(offered or taken) == typed(taken)
    assert (widget.control, widget.layout) == (asked.control, asked.layout)

    kiosk = json.loads(KioskSurveys(catalogue, offers).of(example.touchpoint).page.identity)
    (there,) = kiosk["languages"][0]["items"]
    assert there.get("values", []) == [
        {"value": each.value, "label": each.label} for each in widget.values
    ]
    # An item's own words for the ends stand somewhere, once.
    words = [*widget.ends, *(each.label for each in widget.values)]
    told = [word for word in words if "makkelijk" in word]
    assert len(told) == (item.declared.ends != "none")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.name))
def test_a_declaration_can_be_true(kind: Kind) -> None:
    """A distribution has ten places, and a number is its own place."""
    assert len(kind.places) <= MOST_PLACES
    assert set(kind.places) in (set(), set(kind.values))
    assert kind.scale is None or kind.values == tuple(range(1, kind.scale[1] + 1))
    assert kind.scale is None or kind.places in ((), kind.values)
    assert not kind.school_mark or kind.scale == (1, 10)
    assert "'" not in kind.dutch  # it stands in SQL


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.name))
def test_the_api_s_document_says_what_an_answer_of_each_kind_is(kind: Kind) -> None:
    described = answer_schemas()[schema_name(kind)]
    if kind.scale:
        assert (described["minimum"], described["maximum"]) == kind.scale
    assert described.get("enum", list(kind.values)) == list(kind.values)
    sorts = {"number": "integer", "codes": "array", "code": "string", "text": "string"}
    assert described["type"] == sorts[kind.holds]


@pytest.mark.anyio
async def test_figures_count_every_value_that_is_offered_in_its_place_and_nothing_else(
    own_database: Database, catalogue: Catalogue
) -> None:
    """Each value ten times or more, as fewer are not told, and each as often as no other."""
    asked = tuple(
        replace(
            an_item(kind, ["a", "b"], not_applicable=True),
            code=kind.name,
            indicator=None if kind.holds == "text" else f"maat_{kind.name}",
        )
        for kind in KINDS.values()
    )
    questionnaire = a_questionnaire(*asked, code="online", version=VERSION + 1, status="published")
    known = with_changed(catalogue, "molensloot/online", version=VERSION + 1)
    files = Catalogue(
        known.municipalities.values(),
        {**catalogue.questionnaires, ("online", VERSION + 1): questionnaire},
    )
    async with own_database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, files, SINCE)
    given_values = [
        (item, value, 10 + nth)
        for item in asked
        for nth, value in enumerate(item.values + (NOT_APPLICABLE,) * item.not_applicable)
    ]
    for item, value, times in given_values:
        answer = {item.code: as_sent(item, value)}
        assert check_answers(questionnaire, answer).answers
        await store(own_database, many(times, files, answer, at="molensloot/online"))
    assert await at_once(own_database, files) == sum(times for *_, times in given_values)
    await reads(own_database, "molensloot", READER)
    rows = await seen(
        own_database,
        READER,
        "select soort, verdeling, waarden, n, laagst, gemiddelde, gemiddelde_100, aandeel_le_6"
        " from indicator_per_maand join dim_soort using (soort) where kanaal = 'online'",
    )
    assert {row["soort"] for row in rows} == {kind.name for kind in KINDS.values() if kind.places}
    for row in rows:
        kind = KINDS[row["soort"]]
        assert row["waarden"] == [str(place) for place in kind.places]
        counts = [10 + kind.values.index(place) for place in kind.places]
        assert row["verdeling"] == counts
        assert row["n"] == sum(counts)
        mean = sum(place * times for place, times in enumerate(counts)) / sum(counts)
        assert float(row["gemiddelde_100"]) == pytest.approx(100 * mean / (len(counts) - 1))
        assert (row["gemiddelde"] is None) == (row["laagst"] is None) == (kind.scale is None)
        assert (row["aandeel_le_6"] is not None) == kind.school_mark
    facts = await seen(
        own_database,
        READER,
        "select vraag, count(*) from feit_antwoord group by vraag",
    )
    assert {row["vraag"]: row["count"] for row in facts} == {
        item.code: sum(times for other, _, times in given_values if other is item)
        for item in asked
        if item.values
    }

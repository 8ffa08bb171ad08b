"""Which answers are a signal: by touchpoint, by department, of a mark, of faces, of not helped."""

from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from ingest.followup.signals import Noticing, Watched
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Signals
from ingest.questionnaires.sampling import path_of


def noticed(catalogue: Catalogue, slug: str, answers: dict[str, Any], **signals: Any) -> str:
    """Why these answers at a touchpoint of Molensloot are a signal; "" where they are none."""
    told = Signals(**({"at_once": True} | signals))
    municipality = replace(catalogue.municipality("molensloot"), signals=told)
    touchpoint = catalogue.touchpoint("molensloot", slug)
    noticing = Noticing([municipality])
    return noticing.noticed(touchpoint, catalogue.questionnaire(touchpoint), answers)["signal"]


@pytest.mark.parametrize(
    ("answers", "signal"),
    [
        ({"cijfer": 5}, "laag"),
        ({"cijfer": 6}, ""),
        ({"cijfer": 6, "geholpen": "nee"}, "niet-geholpen"),
        ({"cijfer": 9, "geholpen": "deels"}, ""),
        # One response is one signal: two would tell of two answers that they are of one person.
        ({"cijfer": 1, "geholpen": "nee"}, "laag"),
        ({"cijfer": "nvt"}, ""),
        ({}, ""),
    ],
)
def test_a_low_mark_is_one_and_so_is_who_was_not_helped(
    catalogue: Catalogue, answers: dict[str, Any], signal: str
) -> None:
    assert noticed(catalogue, "balie-hal", answers) == signal


def test_a_touchpoint_goes_before_its_department_and_that_before_the_municipality(
    catalogue: Catalogue,
) -> None:
    both = {"departments": {"publiekszaken": 6}, "touchpoints": {"balie-hal": 3}}
    assert noticed(catalogue, "balie-hal", {"cijfer": 4}, low=2) == ""
    assert (
        noticed(catalogue, "balie-hal", {"cijfer": 6}, departments={"publiekszaken": 6}) == "laag"
    )
    assert noticed(catalogue, "balie-hal", {"cijfer": 4}, **both) == ""
    assert noticed(catalogue, "balie-hal", {"cijfer": 3}, **both) == "laag"
    # Of no department that is named: the municipality's own.
    assert noticed(catalogue, "telefonie", {"cijfer": 6}, **both) == ""


def test_of_five_faces_the_two_sad_ones_are_low_unless_the_touchpoint_says_otherwise(
    catalogue: Catalogue,
) -> None:
    face = next(
        item.code
        for item in catalogue.questionnaire(catalogue.touchpoint("molensloot", "balie-zuil")).items
        if item.indicator == "tevredenheid"
    )
    assert noticed(catalogue, "balie-zuil", {face: 2}) == "laag"
    assert noticed(catalogue, "balie-zuil", {face: 3}, low=9) == ""
    assert noticed(catalogue, "balie-zuil", {face: 3}, touchpoints={"balie-zuil": 3}) == "laag"
    assert noticed(catalogue, "balie-zuil", {face: 1}, low=0) == ""


def test_who_does_not_want_to_be_told_is_not(catalogue: Catalogue) -> None:
    low, not_helped = {"cijfer": 1}, {"cijfer": 8, "geholpen": "nee"}
    assert noticed(catalogue, "balie-hal", low, without=("balie-hal",)) == ""
    assert noticed(catalogue, "balie-hal", low, low=0) == ""
    assert noticed(catalogue, "balie-hal", not_helped, low=0) == "niet-geholpen"
    assert noticed(catalogue, "balie-hal", not_helped, not_helped=False) == ""
    without = replace(catalogue.municipality("molensloot"), signals=None)
    touchpoint = catalogue.touchpoint("molensloot", "balie-hal")
    asked = catalogue.questionnaire(touchpoint)
    assert Noticing([without]).noticed(touchpoint, asked, low)["signal"] == ""


def test_of_answers_as_they_come_in_there_are_signals_in_the_demo_alone(
    catalogue: Catalogue,
) -> None:
    for slug in ("balie-hal", "online", "huwelijk"):
        assert noticed(catalogue, slug, {"cijfer": 1}) == "laag"
        assert noticed(catalogue, slug, {"cijfer": 1}, at_once=False) == ""


def test_both_ways_of_a_sample_are_watched(catalogue: Catalogue) -> None:
    told = Signals(at_once=True)
    noticing = Noticing([replace(catalogue.municipality("molensloot"), signals=told)])
    touchpoint = catalogue.touchpoint("molensloot", "telefonie")
    whole = catalogue.questionnaire(touchpoint)
    assert whole.asked_of
    for sampled in (True, False):
        path = path_of(whole, sampled=sampled)
        assert noticing.noticed(touchpoint, path, {"cijfer": 2})["signal"] == "laag"


@pytest.mark.parametrize(
    "watched",
    [
        Watched("cijfer", 5, "geholpen"),
        Watched("cijfer", 5, ""),
        Watched("", 0, "geholpen"),
        Watched("tevreden", 2, ""),
    ],
)
def test_whose_answers_are_not_looked_at_has_no_signal(watched: Watched) -> None:
    """The publisher knows of each row its `cijfer`, and whether there is a no in it."""
    marks, faces, yes_or_no = (None, "nvt", 5, 6), (None, 2, 3), (None, "nee", "ja")
    looked_at = []
    for mark, face, helped in product(marks, faces, yes_or_no):
        answers = {"cijfer": mark, "tevreden": face, "geholpen": helped}
        number = mark if isinstance(mark, int) else None
        looked_at.append(watched.may_notice(number, says_no=helped == "nee"))
        assert looked_at[-1] or watched.reason(answers) is None
    assert all(looked_at) == (watched.mark == "tevreden")

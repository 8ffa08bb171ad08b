"""A target is reached, missed, or nobody is sure yet."""

from typing import Any

import pytest
from msgspec.structs import replace

from ingest.demo.charts import line
from ingest.demo.targets import Target

MEAN = Target(
    channel="balie",
    name="Balie",
    fall=None,
    base_year=None,
    aim=8.0,
    n=200,
    now=8.1,
    low=7.9,
    high=8.3,
)
SHARE = replace(MEAN, fall=30.0, base_year=2025, aim=0.14, now=0.16, low=0.12, high=0.21)


@pytest.mark.parametrize(
    ("sure", "verdict"), [(True, "reached"), (False, "missed"), (None, "unsure")]
)
def test_a_target_is_reached_or_missed_once_the_view_is_sure(sure: Any, verdict: str) -> None:
    assert replace(MEAN, sure=sure).verdict == replace(SHARE, sure=sure).verdict == verdict


def test_what_cannot_be_compared_is_neither_reached_nor_missed() -> None:
    assert replace(MEAN, now=None, low=None, high=None).verdict == "too_few"
    assert replace(SHARE, aim=None).verdict == "no_base"
    assert replace(SHARE, overlaps=True).verdict == "overlap"


@pytest.mark.parametrize("target", [MEAN, SHARE, replace(SHARE, aim=0.4)])
def test_an_interval_lies_around_its_figure_and_all_of_it_on_the_scale(target: Target) -> None:
    drawn = line(target)
    assert drawn is not None
    assert drawn.aim is not None
    assert drawn.low < drawn.now < drawn.high
    first, last = drawn.grid[0].x, drawn.grid[-1].x
    assert first <= min(drawn.low, drawn.aim)
    assert max(drawn.high, drawn.aim) <= last


def test_under_ten_answers_nothing_is_drawn() -> None:
    assert line(replace(MEAN, now=None, low=None, high=None)) is None

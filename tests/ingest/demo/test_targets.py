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
    ("now", "low", "high", "verdict"),
    [
        (8.4, 8.1, 8.7, "reached"),
        (8.1, 7.9, 8.3, "unsure"),
        (7.9, 7.7, 8.1, "unsure"),
        (7.4, 7.1, 7.7, "missed"),
        # Everybody gave an 8: then the mean is one.
        (8.0, 8.0, 8.0, "reached"),
        (None, None, None, "too_few"),
    ],
)
def test_a_mean_is_reached_once_its_whole_interval_is(
    now: Any, low: Any, high: Any, verdict: str
) -> None:
    assert replace(MEAN, now=now, low=low, high=high).verdict == verdict


@pytest.mark.parametrize(
    ("now", "low", "high", "verdict"),
    [
        (0.10, 0.07, 0.13, "reached"),
        (0.12, 0.09, 0.16, "unsure"),
        (0.20, 0.16, 0.25, "missed"),
    ],
)
def test_a_share_of_low_marks_should_fall(
    now: float, low: float, high: float, verdict: str
) -> None:
    assert replace(SHARE, now=now, low=low, high=high).verdict == verdict


def test_without_a_year_to_compare_with_nothing_is_reached_or_missed() -> None:
    assert replace(SHARE, aim=None).verdict == "no_base"


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

"""Where figures lie in a picture, and that what is hidden lies nowhere."""

from datetime import date

from ingest.demo.charts import bars, charts_of, lowest, region, trend
from ingest.demo.figures import ChannelFigures, Figures, MonthFigure, RegionChannel, RegionRow

NONE = (0,) * 10


def month(number: int, mean: float | None, n: int = 20) -> MonthFigure:
    if mean is None:
        return MonthFigure(month=date(2026, number, 1), n=n)
    return MonthFigure(
        month=date(2026, number, 1),
        n=n,
        mean=mean,
        low=mean - 0.5,
        high=mean + 0.5,
        given=(*NONE[:7], n, 0, 0),
    )


def channel(*means: float | None) -> ChannelFigures:
    months = tuple(month(place + 1, mean) for place, mean in enumerate(means))
    return ChannelFigures(channel="balie", name="Balie", months=months)


def row(name: str, mean: float | None, *, own: bool = False) -> RegionRow:
    return RegionRow(municipality=name, own=own, n=None if mean is None else 20, mean=mean)


def test_a_better_mark_lies_higher_and_its_interval_on_both_sides() -> None:
    drawn = trend(channel(6.0, 8.0, 7.0), 5)
    worse, better = drawn.means
    assert worse.x < better.x
    assert worse.y > better.y
    assert drawn.running is not None
    assert better.y < drawn.running.y < worse.y
    assert drawn.intervals.count("M") == 3


def test_no_line_is_drawn_over_a_month_without_a_figure() -> None:
    drawn = trend(channel(7.0, None, 8.0, 8.0), 5)
    assert drawn.line.count("M") == 2
    assert len(drawn.few) == 1


def test_a_running_month_without_a_figure_leaves_the_months_before_as_they_were() -> None:
    drawn = trend(channel(7.0, 8.0, None), 5)
    assert drawn.running is None
    assert len(drawn.means) == 2


def test_the_scale_is_whole_marks_and_begins_under_the_lowest_figure() -> None:
    assert lowest([7.2, None, 4.9]) == 4
    assert lowest([7.2, 9.0]) == 6
    assert lowest([]) == 6
    assert [place.value for place in trend(channel(7.0, 8.0), 4).grid] == [*range(4, 11)]


def test_bars_are_as_high_as_their_share() -> None:
    drawn = bars((0, 0, 0, 0, 0, 0, 5, 10, 5, 0))
    assert [bar.percent for bar in drawn] == [0, 0, 0, 0, 0, 0, 25, 50, 25, 0]
    bottom = drawn[0].top
    assert bottom - drawn[7].top == 2 * (bottom - drawn[6].top)


def test_a_hidden_municipality_has_a_row_and_no_place_on_the_scale() -> None:
    shown = RegionChannel(
        channel="balie",
        name="Balie",
        pooled=None,
        rows=(row("Molensloot", 7.0, own=True), row("Rietbroek", None), row("Waterakker", 9.0)),
    )
    drawn = region(shown, 6)
    own, hidden, other = drawn.rows
    assert hidden.x is None
    assert own.x is not None
    assert other.x is not None
    assert own.x < other.x
    assert own.y < hidden.y < other.y < drawn.height
    assert drawn.pooled is None


def test_a_channel_with_a_figure_in_one_month_at_most_is_named_and_not_drawn() -> None:
    figures = Figures(channels=(channel(7.0, 8.0), channel(None, 7.0)))
    drawn = charts_of(figures, lambda code, name: f"{code}/{name}")
    assert [shown.name for shown in drawn.channels] == ["balie/Balie"]
    assert drawn.too_few == ("balie/Balie",)


def test_nothing_to_draw_draws_nothing() -> None:
    drawn = charts_of(Figures(), lambda _code, name: name)
    assert not drawn.channels
    assert not drawn.region

"""Which responses are counted beside the texts that they hide, when texts appear. Pure."""

from datetime import date

from ingest.reporting.batches import Placed, Released, Stream, TextGroup
from ingest.reporting.plan import Plan
from ingest.reporting.texts import group_of
from ingest.reporting.theme_tally import Tagged, counted_themes
from ingest.themes.finding import Themes
from ingest.themes.theme_file import Theme, ThemeFile

HERE = "GM9001"
OCTOBER = date(2026, 10, 1)
STREAM = Stream(
    touchpoint=1, structure="s", invited=False, complete=True, suspect=False, promised=False
)
PLAN = Plan(dimensions={}, sizes={})
PLACED = Placed(
    places=range(10),
    closed_on=date(2026, 10, 12),
    kept=(date(2026, 10, 12), "qr", "nl", ""),
    batch=1,
)
ROWS = [{"municipality": HERE, "id": f"{place}", "mark": 9} for place in PLACED.places]
GROUP = group_of(HERE, STREAM, "hoog", PLACED)
ONE_WROTE: Tagged = {"3": [((), "1")]}


def responses_and_texts(first: dict[TextGroup, date], tagged: Tagged) -> list[tuple[object, ...]]:
    """What ten responses of a day add while no text of theirs appears: their number, and of texts.

    `first`: of which groups texts appear that waited.
    """
    released = Released(month_of={}, first=first, counted={})
    streams = dict.fromkeys(PLACED.places, STREAM)
    rows = counted_themes(PLAN, ROWS, streams, tagged, [PLACED], released)
    return [tuple(row[-4:-2]) for row in rows]


def test_where_nothing_appears_all_are_counted_to_hide_the_next_text() -> None:
    assert responses_and_texts({}, {}) == [(10, 0)]
    assert responses_and_texts({}, ONE_WROTE) == [(10, 1)]


def test_where_only_texts_that_waited_appear_who_wrote_nothing_hides_no_text_of_another() -> None:
    # Of before that day or after it: among ten of which nobody knows that, the next is not hidden.
    assert responses_and_texts({GROUP: OCTOBER}, {}) == []


def test_a_text_that_waits_then_is_counted_alone() -> None:
    assert responses_and_texts({GROUP: OCTOBER}, ONE_WROTE) == [(1, 1)]


def a_file(*codes: str) -> dict[int, ThemeFile]:
    """Published, with themes of these codes."""
    themes = [Theme(code=c, name=c, about=c, words={}, hits={}, misses={}) for c in codes]
    return {1: ThemeFile(version=1, status="published", themes=tuple(themes), patterns={})}


def test_before_an_added_theme_stand_those_of_everybody_and_those_above_it() -> None:
    """Counted are: texts, those that have it and none before it, and those that have one before."""
    themes = Themes(a_file("x", "y"), {"here": a_file("c", "a")})
    plan = Plan(dimensions={}, sizes={}, themes=themes, slugs={HERE: "here"})
    of_texts: list[list[str]] = [["x"], ["x", "c"], ["c", "a"], ["a"], ["a"], []]
    tagged: Tagged = {f"{place}": [(codes, "1+1")] for place, codes in enumerate(of_texts)}
    released = Released(month_of={}, first={}, counted={})
    rows = counted_themes(
        plan, ROWS, dict.fromkeys(PLACED.places, STREAM), tagged, [PLACED], released
    )
    assert {row[7]: row[-3:] for row in rows if row[7]} == {
        "x": (6, 2, 0),
        "y": (6, 0, 0),
        "c": (6, 1, 2),
        "a": (6, 2, 3),
    }

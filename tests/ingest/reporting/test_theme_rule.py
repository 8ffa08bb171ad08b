"""Nothing that is told of themes is of few, whatever is added up or subtracted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from itertools import product as every

from hypothesis import given
from hypothesis import strategies as st

from ingest.reporting.theme_rule import SEVERAL, Cell, Part, Responses, kept_details, told


def cells(*given: tuple[int, str, bool, int, int]) -> list[Cell]:
    """Of touchpoint, product, low, texts, hits."""
    return [
        Cell(touchpoint=at, wijk="", product=of, low=low, texts=texts, hits=hits, small_group=False)
        for at, of, low, texts, hits in given
    ]


def test_under_ten_texts_five_hits_or_five_others_nothing_is_told() -> None:
    for texts, hits in ((9, 5), (40, 4), (40, 36), (10, 4), (0, 0)):
        assert told(cells((1, "", False, texts, hits))) == []
    assert len(told(cells((1, "", False, 10, 5)))) == 1


def test_what_is_left_of_a_breakdown_is_enough_too() -> None:
    parts = told(cells((1, "a", False, 30, 10), (1, "b", False, 25, 8), (1, "c", False, 12, 1)))
    # The one hit of c would follow from the whole without a and b: so b, the smaller, joins it.
    assert {(part.product, part.texts, part.hits) for part in parts} == {("a", 30, 10), ("", 37, 9)}


def test_touchpoints_that_are_too_little_stand_together() -> None:
    parts = told(cells((1, "", False, 30, 10), (2, "", False, 8, 3), (3, "", False, 9, 4)))
    assert {(part.touchpoint, part.hits) for part in parts} == {(1, 10), (SEVERAL, 7)}


def test_low_marks_are_not_told_where_they_would_tell_of_a_part() -> None:
    # Without low marks at touchpoint 2, those at 1 are all there are.
    given = cells((1, "", True, 20, 10), (1, "", False, 12, 6), (2, "", False, 20, 9))
    assert [part.part for part in told(given)] == ["alle", "alle"]
    given = cells((1, "", True, 20, 10), (1, "", False, 12, 6))
    assert [part.part for part in told(given)] == ["alle", "laag"]


ROWS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from("ab"),
        st.booleans(),
        st.integers(0, 14),
        st.integers(0, 14),
    ).map(lambda row: (*row[:4], min(row[3], row[4]))),
    max_size=9,
)


@given(ROWS)
def test_parts_share_nothing_and_each_is_enough(
    rows: list[tuple[int, str, bool, int, int]],
) -> None:
    given = cells(*rows)
    parts = told(given)
    for part in parts:
        assert part.texts >= 10
        assert min(part.hits, part.texts - part.hits) >= 5
    whole = [part for part in parts if part.part == "alle"]
    if whole:
        assert sum(part.texts for part in whole) == sum(cell.texts for cell in given)
        assert sum(part.hits for part in whole) == sum(cell.hits for cell in given)
        places = [(part.touchpoint, part.wijk, part.product) for part in whole]
        assert len(set(places)) == len(places)


@given(ROWS)
def test_how_many_low_marks_a_part_has_does_not_follow(
    rows: list[tuple[int, str, bool, int, int]],
) -> None:
    """Played by somebody who tries every table of numbers that agrees with all that is told, and
    knows from the rows in which product nobody gave a low mark, or everybody did."""
    given = cells(*((1, *row[1:]) for row in rows))
    parts = told(given)
    low = next((part for part in parts if part.part == "laag"), None)
    whole = [part for part in parts if part.part == "alle"]
    if low is None or len(whole) == 1:
        return
    for total, sums in ((low.hits, [part.hits for part in whole]),):
        possible = list(_tables(total, sums, whole, given))
        for place, part in enumerate(whole):
            if _mixed(part, given):
                assert len({table[place] for table in possible}) > 1


def _of(part: Part, given: Sequence[Cell]) -> list[Cell]:
    named = {part.product} if part.product else {cell.product for cell in given}
    return [cell for cell in given if cell.product in named]


def _mixed(part: Part, given: Sequence[Cell]) -> bool:
    return len({cell.low for cell in _of(part, given)}) == 2


def _tables(
    total: int, sums: Sequence[int], parts: Sequence[Part], given: Sequence[Cell]
) -> Iterator[tuple[int, ...]]:
    ranges = []
    for part, most in zip(parts, sums, strict=True):
        kinds = {cell.low for cell in _of(part, given)}
        ranges.append(range(most + 1) if len(kinds) == 2 else [most if kinds == {True} else 0])
    return (table for table in every(*ranges) if sum(table) == total)


def test_of_an_added_theme_five_have_no_theme_before_it_and_five_neither() -> None:
    (given,) = cells((1, "", False, 30, 12))
    for hits, covered, is_told in ((5, 20, True), (4, 20, False), (5, 21, False), (0, 30, False)):
        assert bool(told([given._replace(hits=hits, covered=covered)])) is is_told


def test_a_part_where_an_added_theme_is_too_near_to_another_joins_the_rest() -> None:
    near, far = cells((1, "a", False, 30, 12), (1, "b", False, 30, 12))
    parts = told([near._replace(hits=3, covered=9), far])
    assert [(part.product, part.texts, part.hits) for part in parts] == [("", 60, 15)]
    assert {part.product for part in told([near, far])} == {"a", "b"}


THEMES = "xyz"
"""The first is of everybody, and each stands before the next."""

SETS = [frozenset(some) for size in range(4) for some in combinations(THEMES, size)]
Alike = tuple[str, frozenset[str]]
"""A product, and the themes of texts."""

TEXTS = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from(SETS)), st.sampled_from((1, 2, 4, 5, 9))
)


def counted(texts: dict[Alike, int], theme: str) -> list[Cell]:
    """As they are counted for one theme."""
    before = set(THEMES[: THEMES.index(theme)])
    return [
        Cell(
            touchpoint=1,
            wijk="",
            product=of,
            low=False,
            texts=many,
            hits=many * (theme in themes and not themes & before),
            small_group=False,
            covered=many * bool(themes & before),
        )
        for (of, themes), many in texts.items()
    ]


def fewest_in_a_sum(texts: dict[Alike, int]) -> int:
    """How many texts weigh something in any sum or difference of all that is told; or five."""
    rows = []
    for theme in THEMES:
        before = set(THEMES[: THEMES.index(theme)])
        parts = told(counted(texts, theme))
        apart = {part.product for part in parts}
        for part in parts:
            named = {part.product} if part.product else set("ab") - apart
            rows.append(
                [of in named and theme in themes and not themes & before for of, themes in texts]
            )
    whole = [True] * len(texts)
    fewest = 5
    for weights in every((-1, 0, 1), repeat=len(rows) + 1):
        if not any(weights):
            continue
        weighs: Counter[bool] = Counter()
        for column, many in zip(zip(whole, *rows, strict=True), texts.values(), strict=True):
            weighs[sum(w for w, is_in in zip(weights, column, strict=True) if is_in) != 0] += many
            if weighs[True] >= fewest:
                break
        fewest = min(fewest, weighs[True])
    return fewest


@given(TEXTS)
def test_whatever_themes_are_added_or_subtracted_five_texts_weigh_in(
    texts: dict[Alike, int],
) -> None:
    if sum(texts.values()) >= 10:
        assert fewest_in_a_sum(texts) == 5


def responses(group: str, of: str, many: int, texts: int) -> Responses:
    return Responses(group=group, wijk="", product=of, responses=many, texts=texts)


def test_a_text_is_counted_under_a_product_where_ten_could_have_written_it() -> None:
    kept = kept_details(
        [
            *(responses("hoog", "a", 40, 9), responses("laag", "a", 10, 2)),
            # Of these, three gave a low mark: a text among them is of one of three.
            *(responses("hoog", "b", 40, 9), responses("laag", "b", 3, 1)),
            *(responses("hoog", "", 20, 9), responses("laag", "", 10, 1)),
        ]
    )
    assert kept == {("", "a"): ("", "a"), ("", "b"): ("", ""), ("", ""): ("", "")}


def test_who_gave_low_marks_and_wrote_nothing_has_nothing_to_be_told_by() -> None:
    kept = kept_details([responses("hoog", "a", 40, 9), responses("laag", "a", 3, 0)])
    assert kept == {("", "a"): ("", "a")}


def test_the_rest_hides_its_texts_as_well() -> None:
    kept = kept_details([responses("laag", "a", 12, 2), responses("laag", "b", 4, 1)])
    # With a apart, the text of b would be of one of four.
    assert set(kept.values()) == {("", "")}

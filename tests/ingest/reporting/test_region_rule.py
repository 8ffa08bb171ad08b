"""What may be told of others: who is hidden, which means there are, which quarters and years."""

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ingest.reporting.region_rule import Month, answers, hidden, means, tells_together, tells_year

Cells = dict[str, tuple[int, ...]]

distributions = st.lists(st.integers(0, 7), min_size=10, max_size=10).map(tuple).filter(sum)
regions = st.lists(distributions, min_size=1, max_size=8).map(
    lambda cells: {f"GM{number}": cell for number, cell in enumerate(cells)}
)


@st.composite
def years(draw: st.DrawFn) -> list[Month]:
    """Some months of a year: each that is small is hidden, and some larger ones are too."""
    numbers = sorted(draw(st.sets(st.integers(1, 12), min_size=1)))
    sizes = draw(
        st.lists(st.integers(1, 40), min_size=len(numbers), max_size=len(numbers)),
    )
    with_them = draw(st.sets(st.sampled_from(numbers)))
    return [
        Month(number=number, n=n, hidden=n < 10 or number in with_them)
        for number, n in zip(numbers, sizes, strict=True)
    ]


def cells(**sizes: int) -> Cells:
    """So many answers each, one of them a 7, and the others an 8."""
    return {name: (*(0,) * 6, 1, n - 1, 0, 0) for name, n in sizes.items()}


def months(*sizes: int, first: int = 1, out_of_sight: tuple[int, ...] = ()) -> list[Month]:
    return [
        Month(number=number, n=n, hidden=n < 10 or number in out_of_sight)
        for number, n in enumerate(sizes, start=first)
    ]


def test_where_everybody_has_ten_answers_nobody_is_hidden() -> None:
    assert hidden(cells(A=10, B=11, C=200)) == frozenset()


def test_with_what_is_small_the_two_next_smallest_are_hidden() -> None:
    assert hidden(cells(A=9, B=40, C=12, D=30, E=100)) == {"A", "C", "D"}


def test_of_two_that_are_as_small_the_first_by_its_code_is_hidden() -> None:
    assert hidden(cells(D=12, C=12, B=12, A=3)) == {"A", "B", "C"}


@given(regions)
def test_to_every_municipality_two_others_are_hidden_or_none(region: Cells) -> None:
    out_of_sight = hidden(region)
    large = {code for code in out_of_sight if answers(region[code]) >= 10}
    shown = region.keys() - out_of_sight
    assert all(answers(region[code]) >= 10 for code in shown)
    if out_of_sight and shown:
        assert len(large) == 2
        assert all(len(out_of_sight - {code}) >= 2 and large - {code} for code in region)


@given(regions, st.data())
def test_who_is_hidden_says_nothing_of_how_small_the_small_are(
    region: Cells, data: st.DataObject
) -> None:
    other = {
        code: given
        if answers(given) >= 10
        else data.draw(distributions.filter(lambda d: sum(d) < 10))
        for code, given in region.items()
    }
    assert hidden(other) == hidden(region)
    assert (
        means(other, hidden(other), "mark").hidden == means(region, hidden(region), "mark").hidden
    )


def test_a_mean_over_all_answers_and_a_mean_of_means_where_nobody_is_hidden() -> None:
    region = {"A": (0,) * 7 + (20, 0, 0), "B": (0,) * 5 + (10, 0, 0, 0, 0), "C": (0,) * 9 + (10,)}
    told = means(region, frozenset(), "mark")
    assert (told.municipalities, told.hidden) == (3, 0)
    assert told.pooled == Decimal(320) / 40
    assert told.unweighted == Decimal(24) / 3


def test_two_municipalities_have_no_mean() -> None:
    told = means(cells(A=20, B=30), frozenset(), "mark")
    assert (told.pooled, told.unweighted) == (None, None)


def test_a_mean_over_hidden_ones_is_rounded_and_there_is_no_mean_of_means() -> None:
    region = cells(A=9, B=12, C=30, D=100)
    told = means(region, hidden(region), "mark")
    assert (told.hidden, told.pooled, told.unweighted) == (3, Decimal("8.0"), None)


def test_a_mean_over_yes_partly_and_no_is_rounded_on_the_scale_of_a_hundred() -> None:
    region = {
        "A": (1, 1, 1, *(0,) * 7),
        "B": (5, 4, 4, *(0,) * 7),
        "C": (5, 4, 5, *(0,) * 7),
        "D": (0, 0, 33, *(0,) * 7),
    }
    pooled = means(region, hidden(region), "yes_partly_no").pooled
    assert pooled is not None
    assert (pooled - 1) * 50 == round((pooled - 1) * 50)


def test_no_mean_tells_of_hidden_ones_that_are_all_small() -> None:
    region = cells(A=9, B=9, C=9)
    assert hidden(region) == {"A", "B", "C"}
    assert means(region, hidden(region), "mark").pooled is None


def test_no_mean_tells_of_hidden_ones_who_all_gave_the_same() -> None:
    ten = (*(0,) * 9, 1)
    region = {
        "A": tuple(3 * n for n in ten),
        "B": tuple(12 * n for n in ten),
        "C": tuple(12 * n for n in ten),
        "D": (10, 10, *(0,) * 8),
    }
    assert means(region, hidden(region), "mark").pooled is None
    region["B"] = (*(0,) * 8, 6, 6)
    # To B, which knows its own, the others still are all the same.
    assert means(region, hidden(region), "mark").pooled is None
    region["C"] = (*(0,) * 8, 6, 6)
    assert means(region, hidden(region), "mark").pooled is not None


def test_a_month_tells_its_mean_from_ten_answers_and_its_distribution_from_thirty() -> None:
    told = [(month.tells("mean"), month.tells("full")) for month in months(9, 10, 29, 30)]
    assert told == [(False, False), (True, False), (True, False), (True, True)]
    out_of_sight = Month(number=1, n=35, hidden=True)
    assert not out_of_sight.tells("mean")


def test_a_quarter_is_told_where_none_of_its_months_is_hidden() -> None:
    assert tells_together(months(10, 11, 12), "mean")


def test_a_quarter_with_one_hidden_month_is_not_told() -> None:
    assert not tells_together(months(9, 40, 40), "mean")
    assert not tells_together(months(35, 40, 40, out_of_sight=(1,)), "mean")


def test_a_quarter_is_told_where_two_hidden_months_hold_ten_answers() -> None:
    assert not tells_together(months(4, 5, 40), "mean")
    assert tells_together(months(4, 6, 40), "mean")


def test_two_hidden_months_as_small_or_as_large_as_they_can_be_are_not_told_together() -> None:
    """Or but one: of seventeen answers one month had nine and the other eight."""
    assert not tells_together(months(9, 9, 40), "mean")
    assert not tells_together(months(8, 9, 40), "mean")
    assert tells_together(months(8, 8, 40), "mean")


def test_a_month_under_ten_is_not_told_with_one_that_is_hidden_for_company() -> None:
    """How many that had may be known: by who was small itself, or by another question."""
    assert not tells_together(months(10, 1, 40, out_of_sight=(1,)), "mean")
    assert not tells_together(months(12, 8, 40, out_of_sight=(1,)), "mean")
    assert not tells_together(months(12, 4, 5, out_of_sight=(1,)), "mean")
    assert tells_together(months(12, 4, 6, out_of_sight=(1,)), "mean")


def test_two_hidden_months_of_ten_each_are_not_told_together() -> None:
    assert not tells_together(months(10, 10, 40, out_of_sight=(1, 2)), "mean")
    assert tells_together(months(10, 11, 40, out_of_sight=(1, 2)), "mean")


def test_a_distribution_is_not_told_of_a_quarter_whose_number_is_not() -> None:
    """It would tell that number: 35 without 15 and 15 are the five that are hidden."""
    assert not tells_together(months(5, 15, 15), "mean")
    assert not tells_together(months(5, 15, 15), "full")


def test_a_distribution_of_a_quarter_is_told_where_no_month_stands_out() -> None:
    assert tells_together(months(12, 13, 14), "full")
    assert not tells_together(months(12, 30, 30), "full")
    assert not tells_together(months(12, 14), "full")


def test_a_year_without_the_quarters_that_are_told_is_not_one_hidden_month() -> None:
    # January and February hide each other, October nothing hides.
    assert not tells_year([*months(5, 6, 20), *months(4, 20, 20, first=10)], "mean")
    assert tells_year([*months(5, 20, 20), *months(6, 20, 20, first=10)], "mean")


def test_a_year_without_the_quarters_that_are_told_is_not_one_quarter() -> None:
    assert not tells_year([*months(2, 3, 20), *months(20, 20, 20, first=10)], "mean")
    assert tells_year([*months(2, 3, 20), *months(2, 3, 20, first=10)], "mean")


def test_ten_months_of_one_answer_each_are_not_told_as_a_year() -> None:
    assert not tells_year(months(*(1,) * 10), "mean")
    assert not tells_year(months(*(1,) * 10, 2), "mean")
    assert tells_year(months(*(1,) * 10, 3), "mean")


@given(years())
def test_what_tells_a_distribution_tells_a_number(year: list[Month]) -> None:
    for tells in (tells_together, tells_year):
        assert tells(year, "mean") or not tells(year, "full")


@given(years())
def test_a_year_without_what_is_told_is_nothing_or_ten_answers_of_two_months(
    year: list[Month],
) -> None:
    quarters = [[m for m in year if (m.number - 1) // 3 == quarter] for quarter in range(4)]
    for column in ("mean", "full"):
        if not tells_year(year, column):
            continue
        silent = [
            month
            for quarter in quarters
            if not tells_together(quarter, column)
            for month in quarter
            if not month.tells(column)
        ]
        assert not silent or (len(silent) >= 2 and sum(month.n for month in silent) >= 10)


@given(years())
def test_no_month_under_ten_follows_for_who_knows_every_month_of_ten_or_more(
    year: list[Month],
) -> None:
    """Of each that is in a told sum, three numbers at the least are possible."""
    for together in told_together(year):
        small = [month.n for month in together if month.n < 10]
        for n in small:
            others = len(small) - 1
            lowest = max(1, sum(small) - 9 * others)
            highest = min(9, sum(small) - others)
            assert lowest <= n <= highest
            assert highest - lowest >= 2, together


def told_together(year: list[Month]) -> Iterator[list[Month]]:
    """The quarters that are told; the year, and what is left of it without them."""
    quarters = [[m for m in year if (m.number - 1) // 3 == quarter] for quarter in range(4)]
    told = [each for each in quarters if tells_together(each, "mean")]
    yield from told
    if tells_year(year, "mean"):
        yield year
        yield [month for month in year if not any(month in each for each in told)]


@given(regions)
def test_a_mean_is_exact_only_where_all_that_makes_it_is_told_anyway(region: Cells) -> None:
    told = means(region, hidden(region), "mark")
    assert told.municipalities == len(region)
    if told.hidden:
        assert told.unweighted is None
        assert told.pooled is None or told.pooled == round(told.pooled, 1)

"""From all that a reader ever sees of a region no hidden cell follows, and no sum under ten."""

import random
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest

from ingest.reporting import region, region_rule
from ingest.reporting.region_rule import Column, Given, Month, answers
from tests.conftest import Database
from tests.ingest.reporting.linear import System
from tests.ingest.reporting.region_attack import solve_worlds
from tests.ingest.reporting.region_guesses import Guess, found_by_trying

pytestmark = pytest.mark.anyio


@pytest.mark.long  # the attack on the region, of a few worlds more than it has in `tests/attacks`
async def test_nothing_hidden_follows_from_months_quarters_years_means_and_revisions(
    own_database: Database,
) -> None:
    found = await solve_worlds(own_database, worlds=4, seed=9)  # a hundred: `make attacks`
    assert found.hidden > 1000
    assert found.what == ()
    assert (found.found, found.small_sums) == (0, 0)


def _only_the_small(cells: dict[str, Given]) -> frozenset[str]:
    return frozenset(code for code, given in cells.items() if answers(given) < 10)


def _always(months: list[Month], column: Column) -> bool:
    return True


Broken = Callable[[pytest.MonkeyPatch], None]


def no_complement(patch: pytest.MonkeyPatch) -> None:
    """What is small is hidden, nothing beside it, and a mean over all is told nevertheless."""
    for module in (region, region_rule):
        patch.setattr(module, "hidden", _only_the_small)
    patch.setattr("tests.ingest.reporting.region_guesses.hidden", _only_the_small)
    patch.setattr(region_rule, "_enough", lambda left, cells: True)
    patch.setattr(region_rule, "_differ", lambda left, cells: True)


def every_quarter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region, "tells_together", _always)


def every_year(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region, "tells_year", _always)


def a_year_as_if_there_were_no_quarters(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region, "tells_year", region_rule.tells_together)


def a_distribution_where_no_number_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region_rule, "_TELLS", {"mean": ("mean",), "full": ("full",)})


def months_of_one_or_of_nine_each(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region_rule, "_hide_each_other", region_rule._none_or_two)


def every_revision(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(region, "LATE_ANSWERS", 1)


@pytest.mark.long
async def test_the_same_attack_finds_what_a_weaker_rule_tells(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for broken in (
        every_quarter,
        every_year,
        a_year_as_if_there_were_no_quarters,
        a_distribution_where_no_number_is_told,
        months_of_one_or_of_nine_each,
        every_revision,
    ):
        with monkeypatch.context() as patch:
            broken(patch)
            found = await solve_worlds(own_database, worlds=8, seed=9, patience=0)
        assert found.found + found.small_sums > 0, broken.__name__


@pytest.mark.long
async def test_guessing_finds_what_is_hidden_without_another(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_complement(monkeypatch)
    found = await solve_worlds(own_database, worlds=4, seed=9)
    assert found.found > 0


@pytest.mark.dear
def test_guessing_finds_the_only_one_that_is_hidden_and_not_what_may_be_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With twenty of the highest mark, only nine of the lowest make this mean."""
    no_complement(monkeypatch)
    seen = Guess(
        kind="yes_partly_no",
        cells={"A": _three(0, 0, 10), "B": _three(0, 0, 10), "C": _three(9, 0, 0)},
        hidden=frozenset({"C"}),
        reader="A",
        pooled=Decimal("2.38"),
        unweighted=None,
        left={},
    )
    assert found_by_trying(seen, random.Random(1)) == ["C"]
    between = msgspec.structs.replace(
        seen,
        cells={**{name: _three(0, 0, 10) for name in "AB"}, "C": _three(1, 2, 3)},
        pooled=Decimal("2.84"),
    )
    assert found_by_trying(between, random.Random(1)) == []


def _three(*given: int) -> tuple[int, ...]:
    return (*given, 0, 0, 0, 0, 0, 0, 0)


def test_the_algebra_finds_what_is_left_when_known_sums_are_taken_away() -> None:
    system = System([{"jan", "feb", "mar"}, {"jan"}, {"feb", "apr"}, {"mar", "apr"}])
    assert system.determines({"apr"})
    assert set(system.determined_sums()) >= {frozenset({each}) for each in ("jan", "feb", "mar")}


def test_the_algebra_finds_no_more_than_follows() -> None:
    system = System([{"jan", "feb"}, {"mar", "apr"}, {"jan", "feb", "mar", "apr"}])
    assert not system.determines({"jan"})
    assert set(system.determined_sums()) == {frozenset({"jan", "feb"}), frozenset({"mar", "apr"})}

"""The views of a region (`benchmark_regio`): the own figures, what others show, and the others."""

from typing import Any

from ingest.questionnaires.kinds import KINDS
from tests.read_later import read_later
from tests.recount.certainty import (
    findable,
    holm,
    mean_interval,
    squared_error,
    welch,
    welch_margin,
)
from tests.recount.counts import ENOUGH, PLACES, add_up, counted
from tests.recount.filling import World
from tests.recount.reading import start_of

np, pd = read_later("numpy"), read_later("pandas")

PERIODS = {
    "benchmark_regio": "maand",
    "benchmark_regio_kwartaal": "kwartaal",
    "benchmark_regio_jaar": "jaar",
}
COMPARED = ["regio", "kanaal", "vragenlijst_kern", "indicator", "soort"]
_IN_FULL = 30
_CONTRIBUTORS = 3
_HIDDEN_WITH_THEM = 2


def region_figures(world: World, views: Any, answers: Any, cores: Any) -> dict[str, Any]:
    """Each of those views as it should be, by reader (`lezer`). `cores`: of which core an item is,
    by structure and item.

    Whether a month is hidden is worked out. Of a quarter or year it is taken from the view, and so
    is whether a distribution and the mean of the region may be told: who could work out what from
    that is the subject of the attacks.
    """
    every = answers.merge(cores, on="vraag_sleutel")
    regions = {each.code: each.region for each in world.catalogue.municipalities.values()}
    every["regio"] = every.gemeente_code.map(regions)
    months = counted(every, [*COMPARED, "gemeente_code", "maand"])
    told = views["benchmark_regio"].maand
    months = months[(months.maand >= told.min()) & (months.maand <= told.max())]
    months["verborgen"] = _hidden_months(months)
    found = {}
    for name, period in PERIODS.items():
        cells = months.assign(hides=months.verborgen)
        if period != "maand":
            cells[period] = start_of(cells.maand, "Q" if period == "kwartaal" else "Y")
            hides = cells.groupby([*COMPARED, "gemeente_code", period]).hides.any()
            cells = add_up(cells, [*COMPARED, "gemeente_code", period])
            cells = cells.join(hides, on=[*COMPARED, "gemeente_code", period])
            # Of periods that are not over nothing is told.
            cells = cells[cells[period].isin(set(views[name][period]))]
            cells["verborgen"] = _hidden_as_shown(cells, views[name], period)
        found[name] = _as_seen(_figures(cells), views[name], period)
    return found


def _hidden_months(months: Any) -> Any:
    """Who has fewer than ten, and if there is one, the two next smallest."""
    n = months[PLACES].sum(axis=1)
    few = n < ENOUGH
    order = months.assign(_few=few, _n=n).sort_values(["_few", "_n", "gemeente_code"])
    by = [*COMPARED, "maand"]
    rank = order[~order._few].groupby(by).cumcount().reindex(months.index)
    any_few = few.groupby([months[key] for key in by]).transform("any")
    return few | (any_few & (rank < _HIDDEN_WITH_THEM))


def _hidden_as_shown(cells: Any, view: Any, period: str) -> Any:
    """As the others in the region are shown it."""
    others = view[~view.eigen.astype(bool)]
    keys = [*COMPARED, "gemeente_code", period]
    hidden = others.groupby(keys).verborgen.any().rename("verborgen")
    return cells.join(hidden, on=keys).verborgen.fillna(False).astype(bool)


def _given_as_shown(seen: Any, view: Any, period: str) -> Any:
    """Whether a distribution of the others is told: of longer periods as the view says."""
    keys = [*COMPARED, period, "lezer", "gemeente_code"]
    given = view.set_index(keys).verdeling.notna().rename("_shown")
    return seen[keys].join(given, on=keys)._shown.fillna(False).astype(bool)


def _figures(cells: Any) -> Any:
    told = cells.copy()
    given = told[PLACES].to_numpy(float)
    place = np.arange(1, 11)
    told["_n"], told["_total"], told["_squares"] = given.sum(1), given @ place, given @ place**2
    told["_top"] = told.soort.map({kind.name: len(kind.places) for kind in KINDS.values()}).astype(
        float
    )
    told["_has_mean"] = told.soort.map({kind.name: bool(kind.scale) for kind in KINDS.values()})
    is_mark = told.soort.map({kind.name: kind.school_mark for kind in KINDS.values()})
    told["_mean"] = told._total / told._n
    for name, hits in (("lt_55", given[:, :5]), ("lt_6", given[:, :5]), ("le_6", given[:, :6]),
                       ("ge_8", given[:, 7:])):  # fmt: skip
        told[f"aandeel_{name}"] = (hits.sum(1) / told._n).where(is_mark)
    told["verdeling"] = [
        [int(each) for each in row[: int(top)]] for row, top in zip(given, told._top, strict=True)
    ]
    return told


def _as_seen(cells: Any, view: Any, period: str) -> Any:
    """What each reader of a region sees of these cells."""
    comparison = [*COMPARED, period]
    readers = cells[[*comparison, "gemeente_code"]].rename(columns={"gemeente_code": "lezer"})
    # Who has no answers of its own reads of the others all the same.
    every = view[["lezer", "regio"]].drop_duplicates()
    readers = cells[comparison].drop_duplicates().merge(every, on="regio")
    seen = readers.merge(cells, on=comparison)
    seen["eigen"] = seen.lezer == seen.gemeente_code
    few = seen._n < ENOUGH
    hidden = np.where(seen.eigen, few, seen.verborgen)
    in_full = ~hidden & (seen.eigen | (seen._n >= _IN_FULL))
    if period != "maand":
        in_full &= seen.eigen | _given_as_shown(seen, view, period)
    seen["n"] = seen._n.where(seen.eigen | ~hidden)
    mean = seen._mean.where(~hidden)
    step = 100 / (seen._top - 1)
    seen["gemiddelde"] = mean.where(seen._has_mean)
    seen["gemiddelde_100"] = (mean - 1) * step
    for name in ("lt_55", "lt_6", "ge_8"):
        seen[f"aandeel_{name}"] = seen[f"aandeel_{name}"].where(in_full)
    seen["aandeel_le_6"] = seen.aandeel_le_6.where(~hidden)
    seen["_given"] = in_full
    seen["verdeling"] = seen.verdeling.where(in_full, None)
    seen["indicatief"] = ~hidden & (seen._n < _IN_FULL)
    hides = seen.groupby([*comparison, "lezer"]).hides.transform("any")
    seen["verborgen"] = hidden
    _region_means(seen, cells, comparison, hides, view, period)
    _others(seen, comparison, period)
    return seen


def _region_means(
    seen: Any, cells: Any, comparison: list[str], hides: Any, view: Any, period: str
) -> None:
    """The means of the region: exact where nothing is hidden, else rounded or empty.

    Of a longer period they are empty as soon as a month of it is hidden.
    """
    by = cells.groupby(comparison)
    whole = pd.DataFrame(
        {
            "aantal_gemeenten": by.size(),
            "_pooled": by._total.sum() / by._n.sum(),
            "_unweighted": by._mean.mean(),
        }
    )
    joined = seen[comparison].join(whole, on=comparison)
    seen["aantal_gemeenten"] = joined.aantal_gemeenten
    enough = joined.aantal_gemeenten >= _CONTRIBUTORS
    step = 100 / (seen._top - 1)
    rounded = joined._pooled.round(1).where(
        seen._has_mean, ((joined._pooled - 1) * step).round() / step + 1
    )
    keys = [*comparison, "lezer", "gemeente_code"]
    is_told = view.set_index(keys).regio_gemiddelde_100_gepoold.notna().rename("_told")
    told = seen[keys].join(is_told, on=keys)._told.fillna(False).astype(bool)
    if period != "maand":
        rounded = rounded * np.nan
    pooled = joined._pooled.where(~hides, rounded.where(told)).where(enough)
    unweighted = joined._unweighted.where(~hides & enough)
    for name, mean in (("gepoold", pooled), ("ongewogen", unweighted)):
        seen[f"regio_gemiddelde_{name}"] = mean.where(seen._has_mean)
        seen[f"regio_gemiddelde_100_{name}"] = (mean - 1) * step


def _others(seen: Any, comparison: list[str], period: str) -> None:
    """The own municipality beside the others, from what this reader sees of them and no more."""
    visible = seen[~seen.eigen & ~seen.verborgen].copy()
    around = visible._squares - visible._total**2 / visible._n
    visible["_told_n"], visible["_around"] = (
        visible._n.where(visible._given),
        around.where(visible._given),
    )
    visible["_of_means"] = visible._total**2 / visible._n
    by = visible.groupby([*comparison, "lezer"])
    sums = by[["_n", "_total", "_told_n", "_around", "_of_means"]].sum().add_prefix("o")
    sums["o_many"] = by.size()
    own = seen.eigen & ~seen.verborgen.astype(bool)
    joined = seen[[*comparison, "lezer"]].join(sums, on=[*comparison, "lezer"])
    other = joined.where(own)
    n, total, top = other.o_n.astype(float), other.o_total.astype(float), seen._top
    own_spread = (seen._squares - seen._total**2 / seen._n) / seen._n
    each = (other.o_around / other.o_told_n.replace(0, np.nan)).fillna(own_spread)
    squares = other.o_of_means + n * each
    step = 100 / (top - 1)
    low, high = mean_interval(n, total, squares, top)
    error = squared_error(seen._n, seen._total, seen._squares, top) * step**2
    pair = error, seen._n, squared_error(n, total, squares, top) * step**2, n
    mean = total / n
    difference = (seen._mean - mean) * step
    seen["anderen_gemeenten"], seen["anderen_n"] = other.o_many, n
    seen["anderen_gemiddelde"] = mean.where(seen._has_mean)
    seen["anderen_gemiddelde_100"] = (mean - 1) * step
    seen["anderen_ondergrens_95"], seen["anderen_bovengrens_95"] = (
        (low - 1) * step,
        (high - 1) * step,
    )
    seen["verschil_anderen"] = difference
    p = pd.Series(welch(difference, *pair), index=seen.index)
    seen["verschil_anderen_p"] = p
    seen["verschil_anderen_significant"] = (p < 0.05).where(p.notna(), None)
    half = welch_margin(*pair)
    seen["verschil_anderen_ondergrens_95"] = (difference - half).clip(lower=-100)
    seen["verschil_anderen_bovengrens_95"] = (difference + half).clip(upper=100)
    seen["verschil_anderen_aantoonbaar"] = findable(*pair)
    seen["verschil_anderen_p_holm"] = p.groupby([seen.lezer, seen[period]]).transform(holm)


def region_faults(views: Any, expected: dict[str, Any]) -> list[str]:
    """What the region may never show: a figure of a quarter or year that hides one month alone."""
    months = expected["benchmark_regio"]
    faults = []
    for name, period in list(PERIODS.items())[1:]:
        of = months[~months.eigen].assign(
            **{period: start_of(months[~months.eigen].maand, period_letter(period))}
        )
        by = [*COMPARED, period, "lezer", "gemeente_code"]
        out = of[of.verborgen].groupby(by)._n.agg(["size", "sum"])
        shown = views[name]
        told = shown[~shown.eigen.astype(bool) & ~shown.verborgen.astype(bool)]
        alone = told[by].join(out, on=by).dropna()
        wrong = alone[(alone["size"] < _HIDDEN_WITH_THEM) | (alone["sum"] < ENOUGH)]
        if len(wrong):
            faults.append(f"{name}: {len(wrong)} sums would tell a month that is hidden")
    return faults


def period_letter(period: str) -> str:
    """What pandas calls it."""
    return {"week": "W", "maand": "M", "kwartaal": "Q", "jaar": "Y"}[period]

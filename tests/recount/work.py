"""The views of operational figures (`kengetal_`): from what was handed in, and the marks."""

from collections.abc import Iterator, Sequence
from typing import Any

from ingest.municipalities.measures import MEASURES
from ingest.municipalities.municipality import Norm
from ingest.operational.figures import Figure
from tests.read_later import read_later
from tests.recount.counts import ENOUGH
from tests.recount.filling import World
from tests.recount.reading import start_of

np, pd, stats = read_later("numpy"), read_later("pandas"), read_later("scipy.stats")

OF = ["gemeente_code", "kanaal", "afdeling", "product", "kengetal"]
_MONTHS = 24
_NEARLY_ONE = 0.999999
"""At the very ends Fisher's z is infinite."""


def work_figures(world: World, answers: Any) -> dict[str, Any]:
    """Each of those views, as it should be. What is of a whole channel has `""` for empty here."""
    months = pd.DataFrame(_months(world))
    quarters = months.assign(kwartaal=start_of(months.maand, "Q"))
    by_quarter = pd.DataFrame(
        [
            dict(zip([*OF, "kwartaal"], key, strict=True)) | _added(rows)
            for key, rows in quarters.groupby([*OF, "kwartaal"])
        ]
    )
    marks = answers[(answers.indicator == "tevredenheid") & (answers.soort == "mark")]
    found = {
        "kengetal_per_maand": _beside(world, months.assign(maanden=1), marks, "maand"),
        "kengetal_per_kwartaal": _beside(world, by_quarter, marks, "kwartaal"),
    }
    return found | {"kengetal_samenhang": _together(found["kengetal_per_maand"])}


def _months(world: World) -> Iterator[dict[str, Any]]:
    """One row for each month of which a figure was handed in, of days added up where it was not."""
    for code, figures in world.figures.items():
        months: dict[tuple[Any, ...], list[Figure]] = {}
        for each in figures:
            key = each.channel, each.department, each.product, each.measure
            months.setdefault((*key, each.period.replace(day=1)), []).append(each)
        for (channel, department, product, measure, month), told in months.items():
            whole = [each for each in told if each.grain == "month"]
            value, n = _of_days(whole or told, is_stock=MEASURES[measure].is_stock)
            yield {
                "gemeente_code": code,
                "kanaal": channel,
                "afdeling": department,
                "product": product,
                "kengetal": measure,
                "maand": month,
                "waarde": value,
                "n": n,
            }


def _of_days(told: Sequence[Figure], *, is_stock: bool) -> tuple[float, float]:
    if is_stock:
        return max(told, key=lambda each: each.period).value or 0.0, np.nan
    n = sum(each.n or 0 for each in told)
    return sum((each.value or 0) * (each.n or 0) for each in told) / n, n


def _added(rows: Any) -> dict[str, Any]:
    if MEASURES[rows.kengetal.iloc[0]].is_stock:
        last = rows.sort_values("maand").iloc[-1]
        return {"waarde": last.waarde, "n": np.nan, "maanden": len(rows)}
    value = np.average(rows.waarde, weights=rows.n.astype(float))
    return {"waarde": value, "n": rows.n.sum(), "maanden": len(rows)}


def _beside(world: World, figures: Any, marks: Any, period: str) -> Any:
    """With the norm, and the marks of the same part of the channel."""
    told = figures.copy()
    told["afdeling_sleutel"] = [
        f"{code}/{department}" if department else None
        for code, department in zip(told.gemeente_code, told.afdeling, strict=True)
    ]
    told["eenheid"] = [MEASURES[each].unit for each in told.kengetal]
    norms = {each.code: each.norms for each in world.catalogue.municipalities.values()}
    told["norm"] = [_norm(norms[row.gemeente_code], row) for row in told.itertuples()]
    less = np.array([MEASURES[each].lower_is_better for each in told.kengetal])
    kept = np.where(less, told.waarde <= told.norm, told.waarde >= told.norm)
    told["norm_gehaald"] = pd.Series(kept, index=told.index, dtype=object).where(told.norm.notna())
    told = pd.concat(
        [told, pd.DataFrame(list(_marks(told, marks, period)), index=told.index)], axis=1
    )
    told["peilmoment"] = world.now
    return told


def _norm(norms: Sequence[Norm], row: Any) -> float:
    """Of this very product or department, or else the one that holds for more."""
    fits = [
        norm
        for norm in norms
        if norm.channel == row.kanaal and norm.measure == row.kengetal
        and (norm.product or "") in ("", row.product)
        and (norm.department or "") in ("", row.afdeling)
    ]  # fmt: skip
    fits.sort(key=lambda norm: (not norm.product, not norm.department))
    return float(fits[0].value) if fits else float("nan")


def _marks(told: Any, marks: Any, period: str) -> Iterator[dict[str, Any]]:
    of_channel = dict(list(marks.groupby(["gemeente_code", "kanaal", period])))
    for row in told.itertuples():
        key = row.gemeente_code, row.kanaal, getattr(row, period)
        given = of_channel.get(key, marks.iloc[:0])
        if row.afdeling:
            given = given[given.afdeling == row.afdeling]
        if row.product:
            given = given[given["product"] == row.product]
        enough = len(given) >= ENOUGH
        yield {
            "cijfer_n": len(given),
            "te_weinig": not enough,
            "cijfer_gemiddelde": given.plaats.mean() if enough else np.nan,
            "cijfer_aandeel_le_6": (given.plaats <= 6).mean() if enough else np.nan,
            "kleine_groep": bool(given.kleine_groep.any()),
        }


def _together(by_month: Any) -> Any:
    """Spearman's correlation of figure and mark, and its interval by Fisher's z."""
    rows = []
    for key, every in by_month.groupby(OF):
        months = every[every.cijfer_gemiddelde.notna()]
        n, rank, low, high = len(months), np.nan, np.nan, np.nan
        if n >= _MONTHS and months.waarde.nunique() > 1 and months.cijfer_gemiddelde.nunique() > 1:
            rank = stats.spearmanr(months.waarde, months.cijfer_gemiddelde).statistic
            z = np.arctanh(np.clip(rank, -_NEARLY_ONE, _NEARLY_ONE))
            half = stats.norm.ppf(0.975) * np.sqrt((1 + rank**2 / 2) / (n - 3))
            low, high = np.tanh(z - half), np.tanh(z + half)
        rows.append(
            dict(zip(OF, key, strict=True))
            | {
                "maanden": n,
                "samenhang": rank,
                "samenhang_ondergrens": low,
                "samenhang_bovengrens": high,
                "toeval": bool(low <= 0 <= high),
                "kleine_groep": bool(months.kleine_groep.any()),
                "peilmoment": every.peilmoment.max(),
            }
        )
    return pd.DataFrame(rows)


def shown_work(views: Any) -> dict[str, Any]:
    """Those views with `""` for empty, and of their sentence whether it speaks of chance."""
    shown = {
        name: views[name].assign(
            afdeling=views[name].afdeling.fillna(""), product=views[name]["product"].fillna("")
        )
        for name in ("kengetal_per_maand", "kengetal_per_kwartaal", "kengetal_samenhang")
    }
    together = shown["kengetal_samenhang"]
    together["toeval"] = together.uitleg.str.contains("Het kan toeval zijn")
    return shown

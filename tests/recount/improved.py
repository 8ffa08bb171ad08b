"""The view `verbeteringen`: eight whole weeks before and after, counted from the rows."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ingest.clock import day_of
from ingest.municipalities.municipality import Improvement, Municipality
from ingest.questionnaires.kinds import KINDS
from tests.read_later import read_later
from tests.recount.certainty import findable, holm, squared_error, welch, welch_margin
from tests.recount.counts import ENOUGH, looked
from tests.recount.filling import World

np, pd = read_later("numpy"), read_later("pandas")

KEYS = ["gemeente_code", "verbetering", "kanaal", "indicator", "soort"]
_WEEKS = timedelta(weeks=8)
_KINDS = {kind.name: kind for kind in KINDS.values()}


def improvement_figures(world: World, views: Any, answers: Any) -> Any:
    """The view as it should be. Where nobody answered, an improvement has a row all the same."""
    today = day_of(world.now)
    of_channel = dict(list(answers.groupby(["gemeente_code", "kanaal"])))
    rows = [
        row
        for municipality in world.catalogue.municipalities.values()
        for position, improvement in enumerate(municipality.improvements, start=1)
        for channel in _channels(municipality, improvement)
        for row in _rows(
            of_channel.get((municipality.code, channel), answers.iloc[:0]),
            _told_of(municipality, position, improvement, channel, today),
        )
    ]
    told = pd.DataFrame(rows, dtype=object)
    # Of all figures that one improvement is judged by together.
    numbers = told.p.astype(float)
    told["p_holm"] = numbers.groupby([told.gemeente_code, told.verbetering]).transform(holm)
    told["oordeel"] = [_verdict(row) for row in told.to_dict("records")]
    return told.merge(looked(views), on=["gemeente_code", "kanaal"], how="left")


def _channels(municipality: Municipality, improvement: Improvement) -> list[str]:
    every = dict.fromkeys(each.channel for each in municipality.touchpoints)
    if improvement.channel is not None:
        return [each for each in every if each == improvement.channel]
    slug = _department(municipality, improvement)
    named = [set(each.touchpoints) for each in municipality.departments if each.slug == slug]
    # A department that answers for products alone is of no channel in particular.
    own = named[0] if named and named[0] else {each.slug for each in municipality.touchpoints}
    return list(
        dict.fromkeys(each.channel for each in municipality.touchpoints if each.slug in own)
    )


def _department(municipality: Municipality, improvement: Improvement) -> str | None:
    by = improvement.department
    named = [each.slug for each in municipality.departments if by in (each.slug, each.name)]
    return named[0] if named else None


def _told_of(
    municipality: Municipality, position: int, improvement: Improvement, channel: str, today: date
) -> dict[str, Any]:
    day = improvement.date
    monday = day - timedelta(days=day.weekday())
    after = day + timedelta(days=-day.weekday() % 7)
    return {
        "gemeente_code": municipality.code,
        "verbetering": position,
        "datum": day,
        "week": monday,
        "maand": day.replace(day=1),
        "afdeling": _department(municipality, improvement),
        "kanaal": channel,
        "tekst": improvement.text["nl"],
        "voor_vanaf": monday - _WEEKS,
        "voor_tot_en_met": monday - timedelta(days=1),
        "na_vanaf": after,
        "na_tot_en_met": after + _WEEKS - timedelta(days=1),
        "_over": after + _WEEKS <= today,
    }


def _rows(given: Any, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One for each question that was answered somewhere in these weeks, or one without."""
    before = (given.week >= told["voor_vanaf"]) & (given.week <= told["voor_tot_en_met"])
    after = (given.week >= told["na_vanaf"]) & (given.week <= told["na_tot_en_met"])
    there = (given.week >= told["voor_vanaf"]) & (given.week <= told["na_tot_en_met"])
    if not there.any():
        none = dict.fromkeys(("voor_gemiddelde", "na_gemiddelde", "verschil"))
        none |= dict.fromkeys(("voor_gemiddelde_100", "na_gemiddelde_100", "p", "aantoonbaar"))
        none |= dict.fromkeys(("verschil_ondergrens_95", "verschil_bovengrens_95"))
        of = {"indicator": None, "soort": None, "voor_n": 0, "na_n": 0, "kleine_groep": False}
        yield told | of | none
    for (indicator, kind), rows in given[there].groupby(["indicator", "soort"]):
        sides = [rows.plaats[side[rows.index]] for side in (before, after)]
        figures = _beside(kind, *sides, is_over=told["_over"])
        small = bool(rows.kleine_groep.any())
        yield told | {"indicator": indicator, "soort": kind, "kleine_groep": small} | figures


def _beside(kind: str, before: Any, after: Any, *, is_over: bool) -> dict[str, Any]:
    top = float(len(_KINDS[kind].places))
    step = 100 / (top - 1)
    samples = [_sample(each.astype(float), top) for each in (before, after)]
    figures: dict[str, Any] = {}
    for name, places, (_, mean, _) in zip(("voor", "na"), (before, after), samples, strict=True):
        figures[f"{name}_n"] = len(places)
        figures[f"{name}_gemiddelde"] = mean if _KINDS[kind].scale else np.nan
        figures[f"{name}_gemiddelde_100"] = (mean - 1) * step
    (n_before, mean_before, error_before), (n_after, mean_after, error_after) = samples
    pair = error_after, n_after, error_before, n_before
    difference = mean_after - mean_before
    margin = welch_margin(*pair)
    later = {
        "verschil": difference * step,
        "verschil_ondergrens_95": (difference - margin) * step,
        "verschil_bovengrens_95": (difference + margin) * step,
        "p": welch(difference, *pair),
        "aantoonbaar": findable(*pair) * step,
    }
    return figures | {name: float(value) if is_over else np.nan for name, value in later.items()}


def _sample(places: Any, top: float) -> tuple[Any, Any, Any]:
    """How many answers, their mean and its squared error; nothing of fewer than ten."""
    if len(places) < ENOUGH:
        return np.float64("nan"), np.float64("nan"), np.float64("nan")
    n, total, squares = (np.float64(each) for each in (len(places), sum(places), sum(places**2)))
    return n, total / n, squared_error(n, total, squares, top)


def _verdict(row: Mapping[str, Any]) -> str:
    if not row["_over"]:
        return "te vroeg"
    if row["p_holm"] is None or np.isnan(row["p_holm"]):
        return "te weinig"
    if row["p_holm"] >= 0.05:
        return "geen aantoonbaar verschil"
    return "hoger" if row["verschil"] > 0 else "lager"

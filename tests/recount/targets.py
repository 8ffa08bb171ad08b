"""The view `doelen`: each target, its base year and the last twelve months, from the rows."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from ingest.clock import day_of
from ingest.municipalities.municipality import Municipality, Target
from tests.read_later import read_later
from tests.recount.certainty import difference_interval, mean_interval, wilson
from tests.recount.counts import ENOUGH, looked
from tests.recount.filling import EARLIER_SYSTEM, World

np, pd = read_later("numpy"), read_later("pandas")

KEYS = ["gemeente_code", "kanaal", "afdeling", "indicator", "maat"]
_FEWEST_OF_BASE = 100
_NAMES = {
    "mean_at_least": "gemiddelde_minstens",
    "share_lt_6_falls_by": "aandeel_lt_6_daalt",
    "share_le_6_falls_by": "aandeel_le_6_daalt",
}


class _Figure(NamedTuple):
    n: int
    figure: float
    low: float
    high: float
    small_group: bool = False

    @property
    def ends(self) -> tuple[float, float, float]:
        return self.figure, self.low, self.high

    def times(self, part: float) -> tuple[float, float, float]:
        return self.figure * part, self.low * part, self.high * part


def target_figures(world: World, views: Any, answers: Any) -> Any:
    """The view as it should be; a target of a whole channel has `""` as its department."""
    marks = answers[(answers.indicator == "tevredenheid") & (answers.soort == "mark")]
    rows = [
        _row(world, municipality, target, marks[marks.gemeente_code == municipality.code])
        for municipality in world.catalogue.municipalities.values()
        for target in municipality.targets
    ]
    told = pd.DataFrame(rows)
    return told.merge(looked(views), on=["gemeente_code", "kanaal"], how="left")


def _row(world: World, municipality: Municipality, target: Target, marks: Any) -> dict[str, Any]:
    given = marks[marks.kanaal == target.channel]
    if target.department:
        given = given[given.afdeling == target.department]
    this_month = day_of(world.now).replace(day=1)
    since = this_month.replace(year=this_month.year - 1)
    now = _figure(target, given, since, this_month)
    year = _figure(target, given, this_month.replace(month=1), date(9999, 1, 1))
    base_year = target.base_year
    row: dict[str, Any] = {
        "gemeente_code": municipality.code,
        "kanaal": target.channel,
        "afdeling": target.department or "",
        "indicator": target.indicator,
        "maat": _NAMES[target.measure],
        "opgave": float(target.amount),
        "basisjaar": base_year,
        "nu_vanaf": since,
        "nu_tot_en_met": this_month - timedelta(days=1),
        "nu_n": now.n,
        "nu": now.figure,
        "nu_ondergrens": now.low,
        "nu_bovengrens": now.high,
        "dit_jaar_n": year.n,
        "dit_jaar": year.figure,
        "perioden_overlappen": base_year is not None and since < date(base_year + 1, 1, 1),
        "kleine_groep": now.small_group or year.small_group,
    }
    if base_year is None:
        aim = float(target.amount)
        return row | _verdict(
            now, now.figure - aim, now.low - aim, now.high - aim, year.figure - aim
        ) | {"doelwaarde": aim}  # fmt: skip
    return row | _beside_base(world, municipality, target, given, (now, year), row)


def _beside_base(
    world: World,
    municipality: Municipality,
    target: Target,
    given: Any,
    figures: tuple[_Figure, _Figure],
    row: dict[str, Any],
) -> dict[str, Any]:
    now, year = figures
    base_year = target.base_year or 0
    own = _figure(target, given, date(base_year, 1, 1), date(base_year + 1, 1, 1))
    base, source = own, "Meetpunt"
    earlier = world.base_years.get(municipality.code)
    if earlier and (earlier.channel, earlier.year) == (target.channel, base_year):
        is_lt = target.measure == "share_lt_6_falls_by"
        told = earlier.share_lt_6 if is_lt else earlier.share_le_6
        if told is not None:
            base, source = _share(float(told) * earlier.n, earlier.n), EARLIER_SYSTEM
    remains = 1 - float(target.amount) / 100
    enough, apart = base.n >= _FEWEST_OF_BASE, not row["perioden_overlappen"]
    judged = _Figure(*(base if enough else (base.n, np.nan, np.nan, np.nan)))
    aim = judged.times(remains)
    low, high = difference_interval(now.ends, aim)
    verdict = _verdict(now, aim[0] - now.figure, -high, -low, aim[0] - year.figure)
    if not apart:
        verdict |= dict.fromkeys(("behaald", "zeker_behaald", "zeker_niet_behaald"))
    if row["nu_tot_en_met"] < date(base_year, 12, 31):
        verdict["dit_jaar_behaald"] = None
    change_low, change_high = difference_interval(now.ends, judged.ends)
    return verdict | {
        "basis_bron": source,
        "basis_n": base.n,
        "basis": base.figure,
        "basis_ondergrens": base.low,
        "basis_bovengrens": base.high,
        "basis_te_klein": None if enough else f"maar {base.n} antwoord{'en' * (base.n != 1)}",
        "doelwaarde": aim[0],
        "verandering": now.figure - judged.figure if apart else np.nan,
        "verandering_ondergrens": change_low if apart else np.nan,
        "verandering_bovengrens": change_high if apart else np.nan,
        "kleine_groep": row["kleine_groep"] or own.small_group,
    }


def _verdict(
    now: _Figure, better: float, at_worst: float, at_best: float, year_better: float
) -> dict[str, Any]:
    """Whether it is reached: how much better than the aim, at the figure and at its ends."""
    known = not np.isnan(better)
    return {
        "behaald": bool(better >= 0) if known else None,
        "zeker_behaald": bool(at_worst >= 0) if known else None,
        "zeker_niet_behaald": bool(at_best < 0) if known else None,
        "dit_jaar_behaald": None if np.isnan(year_better) else bool(year_better >= 0),
    }


def _figure(target: Target, given: Any, since: date, before: date) -> _Figure:
    within = given[(given.maand >= since) & (given.maand < before)]
    small = bool(within.kleine_groep.any())
    places = within.plaats.astype(float)
    if len(within) < ENOUGH:
        return _Figure(len(within), np.nan, np.nan, np.nan, small)
    if target.measure == "mean_at_least":
        n = float(len(within))
        low, high = mean_interval(n, places.sum(), (places**2).sum(), 10.0)
        return _Figure(len(within), float(places.mean()), float(low), float(high), small)
    highest = 5 if target.measure == "share_lt_6_falls_by" else 6
    return _share(float((places <= highest).sum()), len(within), small=small)


def _share(hits: float, n: int, *, small: bool = False) -> _Figure:
    low, high = wilson(np.float64(hits), np.float64(n))
    return _Figure(n, hits / n, float(low), float(high), small)


def base_figures(world: World) -> Any:
    """The view `basiscijfers`, of what was handed in of another system."""
    rows = []
    for code, each in world.base_years.items():
        row = {
            "gemeente_code": code,
            "kanaal": each.channel,
            "indicator": each.indicator,
            "jaar": each.year,
            "n": each.n,
            "gemiddelde": np.nan if each.mean is None else float(each.mean),
            "bron": EARLIER_SYSTEM,
            "ingelezen_op": world.now.date(),
            "kleine_groep": False,
        }
        for name, share in (("lt_6", each.share_lt_6), ("le_6", each.share_le_6)):
            told = np.nan if share is None else float(share)
            low, high = wilson(np.float64(told * each.n), np.float64(each.n))
            row |= {
                f"aandeel_{name}": told,
                f"aandeel_{name}_ondergrens": float(low),
                f"aandeel_{name}_bovengrens": float(high),
            }
        rows.append(row)
    return pd.DataFrame(rows)

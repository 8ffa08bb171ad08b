"""The views of channels (`indicator_`): figures of a period, and how they differ from others."""

from typing import Any

from tests.read_later import read_later
from tests.recount.certainty import findable, holm, welch
from tests.recount.counts import add_up, counted, looked, with_figures
from tests.recount.reading import responses_of, start_of

np, pd = read_later("numpy"), read_later("pandas")

ASKED = ["gemeente_code", "kanaal", "indicator", "soort"]
PERIODS = {
    "indicator_per_week": ("week", "W", {"vorige": 1, "vorig_jaar": 52}),
    "indicator_per_maand": ("maand", "M", {"vorige": 1, "vorig_jaar": 12}),
    "indicator_per_kwartaal": ("kwartaal", "Q", {"vorige": 1, "vorig_jaar": 4}),
    "indicator_per_jaar": ("jaar", "Y", {"vorige": 1, "vorig_jaar": 1}),
    "indicator_twaalf_maanden": ("maand", "M", {"vorige": 12, "vorig_jaar": 12}),
}
"""By view: its period, the letter of pandas for that, and with how long before it compares."""


def channel_figures(views: Any, answers: Any) -> dict[str, Any]:
    """Each of those views, as it should be."""
    responses, links = responses_of(views), views["feit_uitnodiging"].copy()
    found = {}
    for name, (period, letter, before) in PERIODS.items():
        cells = counted(answers, [*ASKED, period])
        filled = responses.groupby(["gemeente_code", "kanaal", period]).volledig.agg(
            ["sum", "size"]
        )
        links[period] = start_of(links.datum, letter)
        sent = links.groupby(["gemeente_code", "kanaal", period])[["gebruikt", "uitgegeven"]].sum()
        if name == "indicator_twaalf_maanden":
            cells = _rolled_cells(cells)
            filled, sent = _rolled(filled), _rolled(sent)
        told = with_figures(cells)
        told = told.join(filled, on=["gemeente_code", "kanaal", period])
        told = told.join(sent, on=["gemeente_code", "kanaal", period])
        known = told._shown.notna()
        told["aandeel_volledig"] = (told["sum"] / told["size"]).where(known)
        told["respons"] = (told.gebruikt / told.uitgegeven.replace(0, np.nan)).where(known)
        told["_whole"] = True
        if name == "indicator_twaalf_maanden":
            months = _number(told.maand, "M")
            told["_whole"] = (
                months - months.groupby([told[each] for each in ASKED]).transform("min") >= 11
            )
        _compare(told, period, letter, before)
        found[name] = told.merge(looked(views), on=["gemeente_code", "kanaal"], how="left")
    return found


def _compare(told: Any, period: str, letter: str, before: dict[str, int]) -> None:
    """Add the differences with earlier periods, of those that are whole."""
    number = _number(told[period], letter)
    told["_number"] = number
    whole = told[told._whole]
    figures = whole.set_index([*ASKED, "_number"])[["gemiddelde_100", "_error", "_shown"]]
    for name, periods in before.items():
        other = figures.reindex(
            pd.MultiIndex.from_frame(told[ASKED].assign(_number=number - periods))
        ).reset_index(drop=True)
        pair = told._error, told._shown, other._error, other._shown
        difference = told.gemiddelde_100 - other.gemiddelde_100
        p = pd.Series(welch(difference, *pair), index=told.index)
        told[f"verschil_{name}"] = difference
        told[f"verschil_{name}_p"] = p
        told[f"verschil_{name}_significant"] = (p < 0.05).where(p.notna(), None)
        told[f"verschil_{name}_aantoonbaar"] = findable(*pair)
        together = p.groupby([told.gemeente_code, told[period]])
        told[f"verschil_{name}_p_holm"] = together.transform(holm)


def _number(periods: Any, letter: str) -> Any:
    """Periods counted on, so that one less is the one before."""
    index = pd.PeriodIndex(pd.to_datetime(periods), freq=letter)
    return pd.Series(index.astype("int64"), index=periods.index)


def _rolled_cells(cells: Any) -> Any:
    """A row for each month from the first of a figure to the last that is known of all, with the
    eleven before it; none where nobody answered in the twelve."""
    last = cells.gemeente_code.map(cells.groupby("gemeente_code").maand.max())
    every = [cells.assign(maand=_later(cells.maand, by)) for by in range(12)]
    known = [later[later.maand <= last] for later in every]
    return add_up(pd.concat(known, ignore_index=True), [*ASKED, "maand"])


def _later(months: Any, by: int) -> Any:
    return (pd.to_datetime(months).dt.to_period("M") + by).dt.start_time.dt.date


def _rolled(summed: Any) -> Any:
    """Sums by month, as sums of the twelve months up to each."""
    by_month = summed.reset_index()
    every = [by_month.assign(maand=_later(by_month.maand, by)) for by in range(12)]
    return pd.concat(every).groupby(["gemeente_code", "kanaal", "maand"]).sum()

"""The views of follow-up (`opvolging_`): each figure, from the signals themselves."""

from datetime import date, timedelta
from typing import Any

from ingest.clock import day_of
from ingest.invitations.dutch_holidays import is_holiday
from tests.read_later import read_later
from tests.recount.certainty import wilson
from tests.recount.counts import ENOUGH
from tests.recount.filling import World
from tests.recount.reading import start_of

np, pd = read_later("numpy"), read_later("pandas")

PERIODS = {"opvolging_per_maand": "maand", "opvolging_per_kwartaal": "kwartaal"}
_WHOLE = ""
_IMPROVED = "verbeterd"
_DAYS_TO_SEE = 2


def keys_of(name: str) -> list[str]:
    """By what the rows of one of these views are told apart; a whole channel has `""` here."""
    return ["gemeente_code", PERIODS[name], "kanaal", "afdeling"]


def shown_follow_up(views: Any) -> dict[str, Any]:
    """Those views with `""` for the whole channel."""
    return {name: views[name].assign(afdeling=views[name].afdeling.fillna("")) for name in PERIODS}


def follow_up_figures(world: World, views: Any) -> dict[str, Any]:
    """Each of those views, as it should be after one look at `world.now`."""
    signals, today = _signals(world), day_of(world.now)
    every = pd.concat([signals, signals.assign(afdeling=_WHOLE)], ignore_index=True)
    found = {}
    for name, period in PERIODS.items():
        cells = [
            dict(zip(keys_of(name), key, strict=True)) | _figures(rows, _last_day(rows[period]))
            for key, rows in every.groupby(keys_of(name))
        ]
        found[name] = told(name, pd.DataFrame(cells), views, today).assign(peilmoment=world.now)
    return found


def _last_day(period: Any) -> date:
    """Of the month or quarter that begins on the first of these days, which are all one."""
    months = 3 if period.name == "kwartaal" else 1
    last: date = (pd.Timestamp(period.iloc[0]) + pd.DateOffset(months=months, days=-1)).date()
    return last


def told(name: str, cells: Any, views: Any, today: date) -> Any:
    """What of these cells is told by a first look today: the only place that knows (0027).

    What is over since the quarter before this one began, as it was at its end. A whole channel's
    month is told from ten signals on. Whether a department or a quarter is, hangs on what else
    would follow from it, which is the subject of test_follow_up_cells: it is taken from the view,
    where it has ten.
    """
    since = start_of(pd.Series([start_of(pd.Series([today]), "Q")[0] - timedelta(days=1)]), "Q")[0]
    cells = cells[(cells["_end"] >= since) & (cells["_end"] < today)]
    view = shown_follow_up(views)[name]
    keys = keys_of(name)
    there = set(zip(*(view[key] for key in keys), strict=True))
    always = (cells.afdeling == _WHOLE) & (PERIODS[name] == "maand")
    is_there = np.array([tuple(row) in there for row in cells[keys].itertuples(index=False)])
    return cells[(cells.signalen >= ENOUGH) & (always | is_there)]


def _signals(world: World) -> Any:
    """Every signal of an answer, with its place and the last day on which it is seen in time."""
    today = day_of(world.now)
    rows = []
    for municipality in world.catalogue.municipalities.values():
        places = {
            each.number: (each.channel, _department(municipality, each))
            for each in municipality.touchpoints
        }
        days_off = _days_off(municipality.invitations.holidays, today)
        for signal in world.signals[municipality.code]:
            if signal.reason == "thema":
                continue  # of no answer
            channel, department = places[signal.touchpoint]
            shown_on = day_of(signal.shown_from)
            # What is shown on a day off begins on the working day before it: the first day after.
            by = np.busday_offset(shown_on, _DAYS_TO_SEE, roll="backward", holidays=days_off)
            rows.append(
                {
                    "gemeente_code": municipality.code,
                    "maand": signal.day.replace(day=1),
                    "kanaal": channel,
                    "afdeling": department,
                    "dag": signal.day,
                    "uren": signal.seen_after,
                    "gezien_op": signal.seen_on,
                    "tijdig_tot": by.astype(object),
                    "klaar_op": signal.ended_on,
                    "uitkomst": signal.outcome,
                }
            )
    told = pd.DataFrame(rows, dtype=object)
    return told.assign(kwartaal=start_of(told.maand, "Q"))


def _days_off(holidays: Any, today: date) -> list[date]:
    return [
        day
        for ago in range(-30, 3 * 366)
        if is_holiday(day := today - timedelta(days=ago), holidays)
    ]


def _department(municipality: Any, touchpoint: Any) -> str:
    fits = [
        each.slug
        for each in municipality.departments
        if touchpoint.slug in each.touchpoints or touchpoint.product in each.products
    ]
    return fits[0] if fits else "overig"


def _figures(signals: Any, end: date) -> dict[str, Any]:
    """Of these signals, by what was done about them at the end of that day."""
    seen = signals[[_by(day, end) for day in signals.gezien_op]]
    done = signals[[_by(day, end) for day in signals.klaar_op]]
    judged = [_by(day, end) or end >= by for day, by in _pairs(signals, "gezien_op", "tijdig_tot")]
    in_time = sum(day <= by for day, by in _pairs(seen, "gezien_op", "tijdig_tot"))
    # The lower of the two in the middle: hours until half of them were seen.
    hours = sorted([*seen.uren, *[np.inf] * (len(signals) - len(seen))])
    middle = hours[(len(signals) - 1) // 2]
    not_done = signals.drop(done.index).dag
    code, department = signals.gemeente_code.iloc[0], signals.afdeling.iloc[0]
    improved = int((done.uitkomst == _IMPROVED).sum())
    figures: dict[str, Any] = {
        "_end": end,
        "afdeling_sleutel": f"{code}/{department}" if department else None,
        "signalen": len(signals),
        "gezien": _from_ten(len(seen), len(seen)),
        "mediaan_werkuren_tot_gezien": middle if np.isfinite(middle) else np.nan,
        "te_beoordelen": _from_ten(sum(judged), sum(judged)),
        "op_tijd_gezien": _from_ten(in_time, sum(judged)),
        "oudste_open_weken": (end - not_done.min()).days // 7 if len(not_done) else np.nan,
        "afgehandeld": _from_ten(len(done), len(done)),
        "verbeterd": _from_ten(improved, len(done)),
    }
    for name, hits, of in (("op_tijd", in_time, sum(judged)), ("verbeterd", improved, len(done))):
        part, whole = (np.float64(_from_ten(each, of)) for each in (hits, of))
        low, high = wilson(part, whole)
        figures |= {
            f"aandeel_{name}": part / whole,
            f"aandeel_{name}_ondergrens": float(low),
            f"aandeel_{name}_bovengrens": float(high),
        }
    return figures


def _by(day: date | None, end: date) -> bool:
    return day is not None and day <= end


def _pairs(signals: Any, *columns: str) -> list[tuple[Any, Any]]:
    return list(zip(*(signals[each] for each in columns), strict=True))


def _from_ten(number: int, of: int) -> float:
    """A number, where what it is of is ten at least."""
    return float(number) if of >= ENOUGH else float("nan")

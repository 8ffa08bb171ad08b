"""The views of follow-up (`opvolging_`): each figure, from the signals themselves."""

from datetime import date, timedelta
from typing import Any

from ingest.clock import AMSTERDAM
from ingest.invitations.dutch_holidays import is_holiday
from tests.read_later import read_later
from tests.recount.certainty import wilson
from tests.recount.counts import ENOUGH
from tests.recount.filling import World
from tests.recount.reading import start_of

np, pd = read_later("numpy"), read_later("pandas")

PERIODS = {"opvolging_per_maand": "maand", "opvolging_per_kwartaal": "kwartaal"}
_WHOLE = ""
_DONE, _IMPROVED = "afgehandeld", "verbeterd"
_DAYS_TO_SEE = 2


def keys_of(name: str) -> list[str]:
    """By what the rows of one of these views are told apart; a whole channel has `""` here."""
    return ["gemeente_code", PERIODS[name], "kanaal", "afdeling"]


def shown_follow_up(views: Any) -> dict[str, Any]:
    """Those views with `""` for the whole channel."""
    return {name: views[name].assign(afdeling=views[name].afdeling.fillna("")) for name in PERIODS}


def follow_up_figures(world: World, views: Any) -> dict[str, Any]:
    """Each of those views, as it should be after one look at `world.now`."""
    signals = _signals(world)
    found = {}
    for name, period in PERIODS.items():
        whole = signals.assign(afdeling=_WHOLE)
        every = pd.concat([signals, whole], ignore_index=True)
        cells = [
            dict(zip(keys_of(name), key, strict=True)) | _figures(rows)
            for key, rows in every.groupby(keys_of(name))
        ]
        found[name] = told(name, pd.DataFrame(cells), views).assign(peilmoment=world.now)
    return found


def told(name: str, cells: Any, views: Any) -> Any:
    """What of these cells is told: the only place that knows (decision 0027).

    A whole channel's month is told from ten signals on. Whether a department or a quarter is, hangs
    on what else would follow from it, which is the subject of test_follow_up_cells: it is taken
    from the view, where it has ten.
    """
    view = shown_follow_up(views)[name]
    keys = keys_of(name)
    there = set(zip(*(view[key] for key in keys), strict=True))
    always = (cells.afdeling == _WHOLE) & (PERIODS[name] == "maand")
    is_there = np.array([tuple(row) in there for row in cells[keys].itertuples(index=False)])
    return cells[(cells.signalen >= ENOUGH) & (always | is_there)]


def _signals(world: World) -> Any:
    """Every signal, with its place and whether it was seen in time; None: that is not over."""
    today = world.now.astimezone(AMSTERDAM).date()
    rows = []
    for municipality in world.catalogue.municipalities.values():
        places = {
            each.number: (each.channel, _department(municipality, each))
            for each in municipality.touchpoints
        }
        days_off = _days_off(municipality.invitations.holidays, today)
        for signal in world.signals[municipality.code]:
            channel, department = places[signal.touchpoint]
            shown_on = signal.shown_from.astimezone(AMSTERDAM).date()
            # What is shown on a day off begins on the working day before it: the first day after.
            by = np.busday_offset(shown_on, _DAYS_TO_SEE, roll="backward", holidays=days_off)
            judged = signal.seen_on is not None or today > by.astype(object)
            in_time = signal.seen_on is not None and signal.seen_on <= by.astype(object)
            rows.append(
                {
                    "gemeente_code": municipality.code,
                    "maand": signal.day.replace(day=1),
                    "kanaal": channel,
                    "afdeling": department,
                    "dag": signal.day,
                    "uren": np.inf if signal.seen_after is None else signal.seen_after,
                    "gezien": signal.seen_on is not None,
                    "beoordeeld": judged,
                    "op_tijd": in_time,
                    "klaar": signal.state == _DONE,
                    "beter": signal.outcome == _IMPROVED,
                }
            )
    told = pd.DataFrame(rows)
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


def _figures(rows: Any) -> dict[str, Any]:
    n, seen, done = len(rows), int(rows.gezien.sum()), int(rows.klaar.sum())
    judged, in_time, improved = (
        int(rows[each].sum()) for each in ("beoordeeld", "op_tijd", "beter")
    )
    # The lower of the two in the middle: hours until half of them were seen.
    middle = float(np.sort(rows.uren.to_numpy(float))[(n - 1) // 2])
    open_since = rows.dag[~rows.klaar]
    key = rows.gemeente_code.iloc[0], rows.afdeling.iloc[0]
    figures: dict[str, Any] = {
        "afdeling_sleutel": "/".join(key) if key[1] else None,
        "signalen": n,
        "gezien": seen,
        "mediaan_werkuren_tot_gezien": middle if np.isfinite(middle) else np.nan,
        "te_beoordelen": judged,
        "op_tijd_gezien": in_time,
        "oudste_open": open_since.min() if len(open_since) else None,
        "afgehandeld": done,
        "verbeterd": improved,
    }
    for name, hits, of in (("op_tijd", in_time, judged), ("verbeterd", improved, done)):
        low, high = wilson(np.float64(hits), np.float64(of or np.nan))
        figures |= {
            f"aandeel_{name}": hits / of if of else np.nan,
            f"aandeel_{name}_ondergrens": float(low),
            f"aandeel_{name}_bovengrens": float(high),
        }
    return figures

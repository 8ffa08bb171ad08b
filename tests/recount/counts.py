"""Counts of answers, and the figures that any set of answers has."""

from collections.abc import Sequence
from typing import Any

from ingest.questionnaires.kinds import KINDS
from tests.read_later import read_later
from tests.recount.certainty import mean_interval, squared_error, wilson

np, pd = read_later("numpy"), read_later("pandas")

ENOUGH = 10
PLACES = list(range(1, 11))
SHARES = ("lt_55", "lt_6", "le_6", "ge_8")


def counted(answers: Any, keys: Sequence[str]) -> Any:
    """How often each place was given, by these keys, and whether one was of a small group."""
    by = [answers[key].fillna("onbekend") for key in keys]
    cells = pd.crosstab(by, answers.plaats).reindex(columns=PLACES, fill_value=0)
    small = answers.groupby(by).kleine_groep.any().rename("kleine_groep")
    return cells.join(small).rename_axis(index=list(keys)).reset_index()


def add_up(cells: Any, keys: Sequence[str]) -> Any:
    """Cells of shorter periods, or of parts, added up."""
    how: dict[Any, str] = dict.fromkeys(PLACES, "sum") | {"kleine_groep": "any"}
    return cells.groupby(list(keys), as_index=False).agg(how)


def with_figures(cells: Any) -> Any:
    """All that is told of a cell by itself, in columns with the names of the views.

    `_error` is the squared error of `gemiddelde_100`, for who compares it.
    """
    told = cells.copy()
    given = told[PLACES].to_numpy(dtype=float)
    place = np.arange(1, 11)
    n, total, squares = given.sum(axis=1), given @ place, given @ place**2
    top = told.soort.map({kind.name: len(kind.places) for kind in KINDS.values()}).to_numpy(float)
    is_mark = told.soort.map({kind.name: kind.school_mark for kind in KINDS.values()}).to_numpy(
        bool
    )
    has_mean = told.soort.map({kind.name: bool(kind.scale) for kind in KINDS.values()}).to_numpy(
        bool
    )
    shown = np.where(n >= ENOUGH, n, np.nan)
    told["n"], told["te_weinig"] = n, n < ENOUGH
    told["_shown"], told["_total"], told["_squares"], told["_top"] = shown, total, squares, top
    mean = total / shown
    told["gemiddelde"] = np.where(has_mean, mean, np.nan)
    told["gemiddelde_100"] = (mean - 1) / (top - 1) * 100
    step = 100 / (top - 1)
    spread = (given * (place[None, :] - mean[:, None]) ** 2).sum(axis=1) / (shown - 1)
    told["standaardafwijking"] = np.sqrt(spread) * step
    low, high = mean_interval(shown, total, squares, top)
    told["ondergrens_95"], told["bovengrens_95"] = (low - 1) * step, (high - 1) * step
    told["_error"] = squared_error(shown, total, squares, top) * step**2
    marks = np.where(is_mark, shown, np.nan)
    hits = {"lt_55": 5, "lt_6": 5, "le_6": 6}
    for name in SHARES:
        of = given[:, 7:] if name == "ge_8" else given[:, : hits[name]]
        share(told, name, of.sum(axis=1), marks)
    told["som"], told["som_kwadraten"] = total + 0 * shown, squares + 0 * shown
    told["verdeling"] = [
        None if np.isnan(many) else [int(each) for each in row[: int(last)]]
        for row, many, last in zip(given, shown, top, strict=True)
    ]
    return told


def share(told: Any, name: str, hits: Any, n: Any) -> None:
    """Add the share `hits` of `n`, its interval and its number to these columns."""
    told[f"aantal_{name}"] = hits + 0 * n
    told[f"aandeel_{name}"] = hits / n
    low, high = wilson(hits, n)
    told[f"aandeel_{name}_ondergrens"], told[f"aandeel_{name}_bovengrens"] = low, high


def looked(views: Any) -> Any:
    """When was last looked, and how many wait, by channel: from the view `stand`."""
    by = views["stand"].groupby(["gemeente_code", "kanaal"], as_index=False)
    return by.agg(peilmoment=("peilmoment", "max"), wachtend_n=("wachtend_n", "sum"))

"""A view beside what it should be: rows that only one has, and how far each column is off."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tests.read_later import read_later

np, pd = read_later("numpy"), read_later("pandas")

EXACT = 1e-9
"""Relative to the figure, or to 1 where it is smaller: what rounding of doubles may make."""

APPROXIMATE = 2e-5
"""For what the views find by a series: quantiles of Student's t, and p."""

_BY_SERIES = ("_p", "_p_holm", "ondergrens_95", "bovengrens_95", "_aantoonbaar")
_BY_SERIES_IN = {
    "doelen": ("grens", "basis_", "nu_", "verandering_"),
    "kengetal_samenhang": ("grens",),
    # No other of its numbers has a p in its name.
    "verbeteringen": ("p", "aantoonbaar"),
}


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What one view differs in. `deviation` is the largest one, of `column`; `wrong` are cells
    that are further off than they may be, `rows` those that only one side has."""

    view: str
    compared: int
    cells: int
    deviation: float
    column: str
    rows: int
    wrong: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def well(self) -> bool:
        """Whether there is nothing to find."""
        return not (self.rows or self.wrong or self.left_out)


def compared(
    view: str, shown: Any, expected: Any, keys: Sequence[str], *, told: Sequence[str] = ()
) -> Compared:
    """The rows of a view beside the expected ones; `told` are columns that are no figures, such as
    names, and are not compared. Any other column that is not expected is an error of `left_out`."""
    columns = [each for each in shown.columns if each not in (*keys, *told, "lezer")]
    known = [each for each in columns if each in expected.columns]
    right = _keyed(expected, keys)[known].add_suffix(" expected")
    both = _keyed(shown, keys)[known].join(right, how="outer")
    here, there = _keyed(shown, keys).index, _keyed(expected, keys).index
    in_both = both.loc[here.intersection(there)]
    largest, largest_of, wrong = 0.0, "", []
    for column in known:
        off, bad = _deviation(view, column, in_both[column], in_both[f"{column} expected"])
        if off > largest:
            largest, largest_of = off, column
        if bad.any():
            first = in_both[bad].iloc[0]
            wrong.append(
                f"{column}: {bad.sum()} wrong, such as {first[column]!r} for"
                f" {first[f'{column} expected']!r} at {first.name}"
            )
    return Compared(
        view=view,
        compared=len(in_both),
        cells=len(in_both) * len(known),
        deviation=largest,
        column=largest_of,
        rows=len(here.symmetric_difference(there)) + int(here.duplicated().sum()),
        wrong=tuple(wrong),
        left_out=tuple(each for each in columns if each not in known),
    )


def _keyed(frame: Any, keys: Sequence[str]) -> Any:
    readable = frame.assign(**{key: frame[key].astype(str) for key in keys})
    return readable.set_index(list(keys))


def _deviation(view: str, column: str, shown: Any, expected: Any) -> tuple[float, Any]:
    """The largest deviation of a column, and which cells are further off than they may be."""
    here, there = shown.isna(), expected.isna()
    numbers = [_as_numbers(each) for each in (shown, expected)]
    if numbers[0] is None or numbers[1] is None:
        # Lists, texts, truths, moments.
        same = [_plain(a) == _plain(b) for a, b in zip(shown, expected, strict=True)]
        return 0.0, (here != there) | (~here & ~pd.Series(same, index=shown.index, dtype=bool))
    off = ((numbers[0] - numbers[1]).abs() / numbers[1].abs().clip(lower=1)).fillna(0)
    series = column.endswith(_BY_SERIES) or any(
        part in column for part in _BY_SERIES_IN.get(view, ())
    )
    allowed = APPROXIMATE if series else EXACT
    return (float(off.max()) if len(off) else 0.0), (here != there) | (off > allowed)


def has_numbers(column: Any) -> bool:
    """Whether there is a figure in it."""
    return bool(column.notna().any()) and _as_numbers(column) is not None


def _as_numbers(column: Any) -> Any:
    """As doubles; None where something in it is no number."""
    if pd.api.types.infer_dtype(column, skipna=True) in ("boolean", "mixed"):
        return None
    try:
        return column.astype(float)
    except (TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return list(value) if isinstance(value, list | tuple) else value

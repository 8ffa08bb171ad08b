"""The views of themes (`thema_`): from what is told of them, and that from the texts themselves.

Whose product or neighbourhood is kept of a text hangs on what ten share, and is the subject of
`tests/ingest/reporting/test_theme_attack.py`; it is taken from what is told. That all texts of a
theme are in it once, each part with ten, and none with more than there are, is worked out; and of
a theme that a municipality adds are those that have none before it, and five have neither.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ingest.clock import day_of
from tests.read_later import read_later
from tests.recount.certainty import (
    difference_interval,
    findable,
    holm,
    squared_error,
    welch,
    wilson,
)
from tests.recount.counts import ENOUGH
from tests.recount.filling import World
from tests.recount.reading import department_of, start_of

np, pd = read_later("numpy"), read_later("pandas")

PERIODS = {
    "thema_per_maand": ("maand", "M"),
    "thema_per_kwartaal": ("kwartaal", "Q"),
    "thema_per_jaar": ("jaar", "Y"),
}
OF = ["gemeente_code", "kanaal", "uitsplitsing", "waarde", "thema", "thema_versie"]
_ENOUGH_HITS = 5
_SEVERAL = 0
_UNKNOWN = "onbekend"


def theme_figures(views: Any, parts: Any) -> dict[str, Any]:
    """Each of those views, as it should be; `parts` are the rows of `lees.thema`."""
    every = parts.rename(
        columns={
            "municipality": "gemeente_code",
            "month": "maand",
            "channel": "kanaal",
            "theme": "thema",
            "version": "thema_versie",
            "told_at": "peilmoment",
            "small_group": "kleine_groep",
        }
    )
    every = every.assign(
        kwartaal=start_of(every.maand, "Q"),
        jaar=start_of(every.maand, "Y"),
        **dict(zip(_BREAKDOWNS, zip(*_values(every, views), strict=True), strict=True)),
    )
    known = views["dim_thema"][["gemeente_code", "thema", "thema_versie", "precisie", "vangst"]]
    found = {}
    for name, (period, letter) in PERIODS.items():
        cells = pd.concat([_added(every, breakdown, period) for breakdown in _BREAKDOWNS])
        told = _with_figures(cells.reset_index(drop=True), period, letter)
        found[name] = told.merge(known, on=["gemeente_code", "thema", "thema_versie"], how="left")
    return found


_BREAKDOWNS = ("kanaal_", "meetpunt_", "product_", "afdeling_", "wijk_")


def _values(parts: Any, views: Any) -> Iterator[tuple[str, ...]]:
    """Of each part what it counts under in each breakdown."""
    order = views["dim_afdeling"].sort_values("volgorde")
    departments = {code: list(rows.itertuples()) for code, rows in order.groupby("gemeente_code")}
    places = views["dim_meetpunt"]
    slugs = {
        (row.gemeente_code, row.nummer): row.meetpunt for row in places.itertuples(index=False)
    }
    for row in parts.itertuples(index=False):
        slug = slugs.get((row.gemeente_code, row.touchpoint))
        department = department_of(departments[row.gemeente_code], slug, row.product)
        yield (
            row.kanaal,
            slug or _UNKNOWN,
            row.product or _UNKNOWN,
            department,
            row.wijk or _UNKNOWN,
        )


def _added(parts: Any, breakdown: str, period: str) -> Any:
    """How many texts and hits, by the values of a breakdown; of low marks for a channel alone."""
    of = ["gemeente_code", "kanaal", breakdown, "thema", "thema_versie", period]
    is_whole = breakdown == "kanaal_"
    counted = parts if is_whole else parts[parts.part == "alle"]
    low = counted.part == "laag"
    counted = counted.assign(
        _n=counted.texts.where(~low, 0),
        _hits=counted.hits.where(~low, 0),
        _low_n=counted.texts.where(low, 0),
        _low_hits=counted.hits.where(low, 0),
    )
    sums = dict.fromkeys(("_n", "_hits", "_low_n", "_low_hits"), "sum")
    how = sums | {"kleine_groep": "any", "peilmoment": "max"}
    cells = counted.groupby(of, as_index=False).agg(how)
    cells["waarde"] = cells[breakdown]
    return cells.assign(uitsplitsing=breakdown.removesuffix("_"))


def _with_figures(cells: Any, period: str, letter: str) -> Any:
    told = cells.copy()
    n, hits = told._n.astype(float), told._hits.astype(float)
    told["waarde_sleutel"] = told.gemeente_code + "/" + told.waarde
    told["n"], told["ten_minste"], told["aandeel"] = n, hits, hits / n
    told["ondergrens_95"], told["bovengrens_95"] = wilson(hits, n)
    low_n = told._low_n.astype(float).where(told._low_n.astype(float) > 0)
    low_hits = told._low_hits.astype(float).where(low_n.notna())
    told["laag_n"], told["laag_ten_minste"], told["laag_aandeel"] = (
        low_n,
        low_hits,
        low_hits / low_n,
    )
    told["laag_ondergrens_95"], told["laag_bovengrens_95"] = wilson(low_hits, low_n)
    # A text without the theme is a 1, and one with it a 2.
    told["_error"] = squared_error(n, n + hits, n + 3 * hits, 2)
    number = pd.Series(
        pd.PeriodIndex(pd.to_datetime(told[period]), freq=letter).astype("int64"), index=told.index
    )
    figures = ["aandeel", "ondergrens_95", "bovengrens_95", "_error", "n"]
    known = told.assign(_number=number).set_index([*OF, "_number"])[figures]
    before = known.reindex(pd.MultiIndex.from_frame(told[OF].assign(_number=number - 1)))
    before = before.reset_index(drop=True)
    _compare(told, before)
    together = told.verschil_vorige_p.groupby([told.gemeente_code, told[period], told.uitsplitsing])
    told["verschil_vorige_p_holm"] = together.transform(holm)
    return told


def _compare(told: Any, before: Any) -> None:
    """Add the differences with the period before, where there is one."""
    pair = told._error, told.n, before._error, before.n
    difference = told.aandeel - before.aandeel
    p = pd.Series(welch(difference, *pair), index=told.index)
    low, high = difference_interval(
        (told.aandeel, told.ondergrens_95, told.bovengrens_95),
        (before.aandeel, before.ondergrens_95, before.bovengrens_95),
    )
    told["verschil_vorige"] = difference
    told["verschil_vorige_ondergrens"], told["verschil_vorige_bovengrens"] = low, high
    told["verschil_vorige_p"] = p
    told["verschil_vorige_significant"] = (p < 0.05).where(p.notna(), None)
    told["verschil_vorige_aantoonbaar"] = findable(*pair)


class _Text(NamedTuple):
    """One readable text of a response that counts, and what its resident said beside it."""

    month: date
    touchpoint: int
    low: bool
    themes: frozenset[str]
    wijk: str
    product: str
    order: tuple[str, ...]
    """The themes that were looked for: of everybody, and then those of its municipality."""
    of_everybody: int

    def is_covered(self, theme: str) -> bool:
        """Whether it has a theme that stands before this one, which its municipality adds."""
        place = self.order.index(theme)
        return place >= self.of_everybody and not self.themes.isdisjoint(self.order[:place])


class _Told(NamedTuple):
    """Of which texts a theme is told in a month: all since it was told before."""

    municipality: str
    month: date
    channel: str
    theme: str
    version: int


def theme_faults(world: World, published: Any, parts: Any) -> list[str]:
    """What is wrong in `parts`, the rows of `lees.thema`. `published` are those of `lees.tekst`."""
    expected = dict(_told(world, published))
    by_cell = {
        _Told(*key): rows
        for key, rows in parts.groupby(["municipality", "month", "channel", "theme", "version"])
    }
    faults = [f"thema: {key} is told by one alone" for key in expected.keys() ^ by_cell.keys()]
    for key in expected.keys() & by_cell.keys():
        faults += [
            f"thema: {key}: {fault}" for fault in _faults_of(key, expected[key], by_cell[key])
        ]
    return faults


def _told(world: World, published: Any) -> Iterator[tuple[_Told, list[_Text]]]:
    """Month by month what there is to tell, as soon as it is enough."""
    this_month = day_of(world.now).replace(day=1)
    readable = _readable(world, published)
    waiting: dict[tuple[str, str, str, int], list[_Text]] = defaultdict(list)
    for month in sorted({text.month for _, _, _, text in readable}):
        if month >= this_month:
            continue
        for code, channel, looked_for, text in readable:
            if text.month == month:
                for theme, version in looked_for.items():
                    waiting[code, channel, theme, version].append(text)
        for (code, channel, theme, version), texts in list(waiting.items()):
            if _enough(texts, theme):
                yield _Told(code, month, channel, theme, version), texts
                del waiting[code, channel, theme, version]


def _enough(texts: Sequence[_Text], theme: str) -> bool:
    has = [theme in text.themes for text in texts if not text.is_covered(theme)]
    return len(texts) >= ENOUGH and min(sum(has), len(has) - sum(has)) >= _ENOUGH_HITS


def _readable(world: World, published: Any) -> list[tuple[str, str, Mapping[str, int], _Text]]:
    """Every text that may be read, with its municipality and channel."""
    stored = {}
    for response in world.stored.values():
        for text in json.loads(response.texts):
            stored[text["text"]] = response, text
    found: list[tuple[str, str, Mapping[str, int], _Text]] = []
    for row in published.itertuples(index=False):
        response, text = stored[row.text]
        if response.suspect or not response.complete:
            continue
        touchpoint = world.catalogue.touchpoints[row.touchpoint]
        details = json.loads(response.dimensions)
        looked_for = world.catalogue.themes.looked_for(
            touchpoint.municipality, text["theme_version"]
        )
        shared = world.catalogue.themes.shared[int(text["theme_version"].partition("+")[0])]
        order = (*shared.codes, *(code for code in looked_for if code not in shared.codes))
        found.append(
            (
                row.municipality,
                touchpoint.channel,
                looked_for,
                _Text(
                    month=row.month,
                    touchpoint=row.touchpoint,
                    low=row.judgement == "laag",
                    themes=frozenset(text["themes"]),
                    wijk=details.get("wijk", ""),
                    product=details.get("product") or touchpoint.product or "",
                    order=order,
                    of_everybody=len(shared.codes),
                ),
            )
        )
    return found


def _faults_of(key: _Told, texts: Sequence[_Text], parts: Any) -> Iterator[str]:
    every = parts[parts.part == "alle"]
    if (shown := _sums(every)) != (right := _counted(texts, key.theme)):
        yield f"{shown} of texts and hits, for {right}"
    for number, rows in every.groupby("touchpoint"):
        # All of a touchpoint that is told apart; of the others no more than there are.
        if number != _SEVERAL:
            right = _counted([text for text in texts if text.touchpoint == number], key.theme)
            if _sums(rows) != right:
                yield f"{_sums(rows)} at touchpoint {number}, for {right}"
    for row in every.itertuples(index=False):
        fits = [
            text
            for text in texts
            if row.touchpoint in (_SEVERAL, text.touchpoint)
            and row.wijk in ("", text.wijk)
            and row.product in ("", text.product)
        ]
        most, hits = _counted(fits, key.theme)
        if not _enough(fits, key.theme):
            yield f"{row.wijk} {row.product} is told of too few that no theme before it has"
        if row.texts > most or row.hits > hits:
            yield f"{row.texts} and {row.hits} of {row.wijk} {row.product}, of {most} and {hits}"
    low, others = [[t for t in texts if t.low is one] for one in (True, False)]
    of_low = parts[parts.part == "laag"]
    if len(of_low) and _sums(of_low) != (right := _counted(low, key.theme)):
        yield f"{_sums(of_low)} with low marks, for {right}"
    if len(of_low) and not (_enough(low, key.theme) and _enough(others, key.theme)):
        yield "low marks are told of too few"


def _sums(rows: Any) -> tuple[int, int]:
    return int(rows.texts.sum()), int(rows.hits.sum())


def _counted(texts: Sequence[_Text], theme: str) -> tuple[int, int]:
    return len(texts), sum(theme in text.themes and not text.is_covered(theme) for text in texts)

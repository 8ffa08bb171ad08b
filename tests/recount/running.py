"""Work every figure out anew, and beside it a control in which one figure of the views is false."""

import random
from collections.abc import Iterable
from typing import Any

import msgspec

from tests.read_later import read_later
from tests.recount import (
    breakdowns,
    channels,
    followed_up,
    improved,
    region,
    targets,
    themes,
    work,
)
from tests.recount.comparing import Compared, compared, has_numbers
from tests.recount.facts import fact_faults
from tests.recount.filling import World, filled
from tests.recount.reading import (
    Views,
    answers_of,
    names_of_views,
    parts_of_the_day,
    superuser_reads,
    views_of,
)
from tests.recount.told_once import channel_choice_faults, contacts_told

pd = read_later("pandas")

_PART = ["uitsplitsing", "waarde"]
_CONTACTS = ["gemeente_code", "maand", "meetpunt", "product"]
_COUNTED = (
    *("feit_antwoord", "feit_kenmerk", "feit_reactie", "feit_uitnodiging", "feit_verdacht"),
    "kanaalwissel_per_kwartaal",
)
# What a view is told apart by, who is who, and what holds no figure.
_NOT_COUNTED = (
    *("dim_afdeling", "dim_datum", "dim_gemeente", "dim_indicator", "dim_item", "dim_kanaal"),
    *("dim_kengetal", "dim_meetpunt", "dim_soort", "dim_thema", "dim_vragenlijst", "dim_wijk"),
    *("kiosk_status", "stand"),
)
_NO_FIGURES = {
    "region": ("gemeente", "waarom_verborgen", "herziening", "peilmoment"),
    "contacts": ("kanaal", "peilmoment", "kleine_groep"),
    "work": ("uitleg",),
}


class Recounted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `counted` are views of which numbers of rows were compared; `elsewhere` those
    that have no figures. `control`: of how many falsified figures how many were found."""

    responses: int
    views: tuple[Compared, ...]
    faults: tuple[str, ...]
    counted: tuple[str, ...]
    elsewhere: tuple[str, ...]
    falsified: int
    found: int

    @property
    def well(self) -> bool:
        """Whether all figures are right, and the controls were found."""
        return (
            all(each.well for each in self.views)
            and not self.faults
            and self.falsified == self.found
        )


async def recounted(responses: int, seed: int = 1) -> Recounted:
    """Of about so many responses of twenty municipalities, every figure of every view."""
    async with filled(responses, seed) as world:
        names = await names_of_views(world)
        views = await views_of(world, names)
        pairs = await _pairs(world, views)
        faults = await _faults(world, views, pairs)
        told_wrongly = await _is_found_in_themes(world)
        nobody = set(names) - {*pairs, *_COUNTED, *_NOT_COUNTED}
        faults += [f"{name}: nobody works its figures out" for name in sorted(nobody)]
    found = [compared(name, *pair[:3], told=pair[3]) for name, pair in pairs.items()]
    falsified = [_falsified(name, pair, random.Random(seed)) for name, pair in pairs.items()]
    tried = [each for each in (*falsified, told_wrongly) if each is not None]
    return Recounted(
        responses=len(views["feit_reactie"]) + len(views["feit_verdacht"]),
        views=tuple(found),
        faults=tuple(faults),
        counted=_COUNTED,
        elsewhere=tuple(each for each in names if each not in (*pairs, *_COUNTED)),
        falsified=len(tried),
        found=sum(tried),
    )


async def _pairs(
    world: World, views: Views
) -> dict[str, tuple[Any, Any, list[str], tuple[str, ...]]]:
    """By view: what is shown, what should be, by which columns, and which are no figures."""
    answers = answers_of(views, await parts_of_the_day(world))
    pairs: dict[str, tuple[Any, Any, list[str], tuple[str, ...]]] = {}
    for name, expected in channels.channel_figures(views, answers).items():
        # Where everybody chose "nvt" a row says 0, and has no figures.
        shown = views[name]
        shown = shown[(shown.n > 0) | shown.gemiddelde_100.notna()]
        pairs[name] = shown, expected, [*channels.ASKED, channels.PERIODS[name][0]], ()
    for name, expected in breakdowns.part_figures(views, answers).items():
        keys = [*channels.ASKED, breakdowns.PERIODS[name], *_PART]
        pairs[name] = views[name], expected, keys, ()
    shown_work = work.shown_work(views)
    for name, expected in work.work_figures(world, answers).items():
        period = {"kengetal_per_maand": ["maand"], "kengetal_per_kwartaal": ["kwartaal"]}
        pairs[name] = (
            shown_work[name],
            expected,
            [*work.OF, *period.get(name, [])],
            _NO_FIGURES["work"],
        )
    cores = await superuser_reads(
        world,
        """select municipality || '/' || structure || '/' || item as vraag_sleutel,
            core_item.core as vragenlijst_kern
        from meetpunt.item join meetpunt.core_item using (structure, item)""",
    )
    for name, expected in region.region_figures(world, views, answers, cores).items():
        keys = [*region.COMPARED, region.PERIODS[name], "lezer", "gemeente_code"]
        pairs[name] = views[name], expected, keys, _NO_FIGURES["region"]
    goals = views["doelen"].assign(afdeling=views["doelen"].afdeling.fillna(""))
    pairs["doelen"] = goals, targets.target_figures(world, views, answers), targets.KEYS, ()
    base_years = targets.base_figures(world)
    keys = ["gemeente_code", "kanaal", "indicator", "jaar"]
    pairs["basiscijfers"] = views["basiscijfers"], base_years, keys, ()
    shown_follow_up = followed_up.shown_follow_up(views)
    for name, expected in followed_up.follow_up_figures(world, views).items():
        pairs[name] = shown_follow_up[name], expected, followed_up.keys_of(name), ()
    improvements = improved.improvement_figures(world, views, answers)
    pairs["verbeteringen"] = views["verbeteringen"], improvements, improved.KEYS, ()
    parts = await superuser_reads(world, "select * from lees.thema")
    for name, expected in themes.theme_figures(views, parts).items():
        pairs[name] = views[name], expected, [*themes.OF, themes.PERIODS[name][0]], ()
    contacts = contacts_told(world, views)
    cohorts = views["uitnodiging_per_maand"]
    cohorts = cohorts.assign(product=cohorts["product"].fillna(""))
    pairs["uitnodiging_per_maand"] = cohorts, contacts, _CONTACTS, _NO_FIGURES["contacts"]
    return pairs


async def _faults(world: World, views: Views, pairs: Any) -> list[str]:
    queued = await superuser_reads(world, "select response_id from meetpunt.unpublished")
    published = await superuser_reads(world, "select municipality from lees.reactie")
    untold = await superuser_reads(world, "select * from meetpunt.sample_tally")
    texts = await superuser_reads(world, "select * from lees.tekst")
    parts = await superuser_reads(world, "select * from lees.thema")
    return [
        *themes.theme_faults(world, texts, parts),
        *fact_faults(world, views, queued, published),
        *channel_choice_faults(world, views, queued, untold),
        *region.region_faults(views, {name: pairs[name][1] for name in region.PERIODS}),
    ]


async def _is_found_in_themes(world: World) -> bool | None:
    """Whether it is found when a theme is told of a text more than there is; None: none is told."""
    texts = await superuser_reads(world, "select * from lees.tekst")
    parts = await superuser_reads(world, "select * from lees.thema")
    if parts.empty:
        return None
    parts.loc[0, "texts"] += 1
    return bool(themes.theme_faults(world, texts, parts))


def _falsified(name: str, pair: Any, chance: random.Random) -> bool | None:
    """Whether it is found when one number of a view is a thousandth off; None: it has none."""
    shown, expected, keys, told = pair
    columns = [
        each
        for each in shown.columns
        if each in expected.columns and each not in (*keys, *told) and has_numbers(shown[each])
    ]
    if not columns:
        return None
    column = chance.choice(columns)
    rows = shown[shown[column].notna()].index
    few = chance.sample(list(rows), min(len(rows), 20))
    row, false = few[0], shown.loc[few].copy()
    false.loc[row, column] = float(false.loc[row, column]) * 1.001 + 0.001
    found = compared(name, false, expected, keys, told=told)
    return any(each.startswith(f"{column}: ") for each in found.wrong)


def table(found: Recounted) -> Iterable[str]:
    """What was found, a line each."""
    yield f"{'view':28} {'rows':>8} {'cells':>10} {'largest deviation':>18}  of"
    for each in found.views:
        yield (
            f"{each.view:28} {each.compared:8,} {each.cells:10,} {each.deviation:18.1e}"
            f"  {each.column}"
        )
        if each.rows:
            yield f"    {each.rows} rows that only the view has, or only the recount"
        yield from (f"    {wrong}" for wrong in each.wrong)
        if each.left_out:
            yield f"    not recounted: {', '.join(each.left_out)}"
    yield f"rows and answers counted: {', '.join(found.counted)}"
    yield from (f"    {fault}" for fault in found.faults)
    yield f"no figures: {', '.join(found.elsewhere)}"
    yield f"control: {found.falsified} figures falsified, {found.found} found"

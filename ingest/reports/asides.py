"""Read what stands beside the mark in a report: other questions, targets, work, what was done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg

from ingest.reports.certainty import CHANCE, LEAST, Sample, wilson
from ingest.reports.figures import (
    Aim,
    Cell,
    Change,
    Figure,
    FollowedUp,
    Improved,
    Theme,
    Verdict,
    Work,
)
from ingest.reports.months import first_of_quarter, months_back

_IMPROVED_MONTHS = 5
_MOST_THEMES = 5
_YES = -1  # the last place: nee, deels, ja


async def read_asides(
    reader: asyncpg.Connection, slug: str, month: date, channels: Sequence[str], *, alone: bool
) -> dict[str, Any]:
    """What a report has beside its marks, by the names of its fields.

    `alone`: the municipality has no departments, so what is of a whole channel is of this one.
    """
    themes, of_quarter = await _read_themes(reader, slug, month)
    return {
        "cells": await _read_cells(reader, slug, month),
        "aims": await _read_aims(reader, slug, channels, alone),
        "improved": await _read_improved(reader, slug, month, channels, alone),
        "work": await _read_work(reader, slug, month, channels),
        "themes": themes,
        "themes_of_quarter": of_quarter,
        "followed_up": await _read_followed_up(reader, slug, month),
    }


async def _read_cells(reader: asyncpg.Connection, slug: str, month: date) -> tuple[Cell, ...]:
    return tuple(_cell(row) for row in await reader.fetch(_CELLS, slug, month))


def _cell(row: asyncpg.Record) -> Cell:
    is_share = row["hoogst"] is None
    figure = Figure(n=row["n"])
    if row["n"] >= LEAST and is_share:
        yes = row["verdeling"][_YES]
        low, high = wilson(yes, row["n"])
        figure = Figure(n=row["n"], mean=yes / row["n"], low=low, high=high)
    elif row["n"] >= LEAST:
        sample = Sample(
            n=row["n"],
            total=row["som"],
            squares=row["som_kwadraten"],
            lowest=row["laagst"],
            highest=row["hoogst"],
        )
        low, high = sample.interval
        figure = Figure(n=row["n"], mean=row["gemiddelde"], low=low, high=high, sample=sample)
    return Cell(
        channel=row["kanaal"],
        indicator=row["naam"],
        kind=row["soort"],
        is_share=is_share,
        figure=figure,
    )


async def _read_aims(
    reader: asyncpg.Connection, slug: str, channels: Sequence[str], alone: bool
) -> tuple[Aim, ...]:
    rows = await reader.fetch(_AIMS, slug, channels, alone)
    return tuple(
        Aim(
            channel=row["kanaal"],
            whole_channel=row["afdeling"] is None,
            fall=None if row["maat"] == "gemiddelde_minstens" else row["opgave"],
            low_marks="6 of lager" if row["maat"] == "aandeel_le_6_daalt" else "lager dan een 6",
            base_year=row["basisjaar"],
            aim=row["doelwaarde"],
            since=row["nu_vanaf"],
            until=row["nu_tot_en_met"],
            figure=Figure(
                n=row["nu_n"], mean=row["nu"], low=row["nu_ondergrens"], high=row["nu_bovengrens"]
            ),
            verdict=_verdict(row),
        )
        for row in rows
    )


def _verdict(row: asyncpg.Record) -> Verdict:
    if row["nu"] is None:
        return "too-few"
    if row["perioden_overlappen"]:
        return "overlap"
    if row["doelwaarde"] is None:
        return "no-base"
    if row["zeker_behaald"]:
        return "reached"
    return "missed" if row["zeker_niet_behaald"] else "unsure"


async def _read_improved(
    reader: asyncpg.Connection, slug: str, month: date, channels: Sequence[str], alone: bool
) -> tuple[Improved, ...]:
    first, after = months_back(month, _IMPROVED_MONTHS), months_back(month, -1)
    rows = await reader.fetch(_IMPROVED, slug, channels, alone, first, after)
    steps = 9 / 100  # a mark of 1 to 10 lies on 0 to 100
    return tuple(
        Improved(
            day=row["datum"],
            text=row["tekst"],
            channel=row["kanaal"],
            n_before=row["voor_n"],
            n_after=row["na_n"],
            before=row["voor_gemiddelde"],
            after=row["na_gemiddelde"],
            low=None if row["verschil"] is None else row["verschil_ondergrens_95"] * steps,
            high=None if row["verschil"] is None else row["verschil_bovengrens_95"] * steps,
            effect=row["oordeel"],
            judged_from=row["na_tot_en_met"] + timedelta(days=1),
        )
        for row in rows
    )


async def _read_work(
    reader: asyncpg.Connection, slug: str, month: date, channels: Sequence[str]
) -> tuple[Work, ...]:
    return tuple(
        Work(
            channel=row["kanaal"],
            measure=row["naam"],
            unit=row["eenheid"],
            value=row["waarde"],
            n=row["n"],
            norm=row["norm"],
            kept=row["norm_gehaald"],
            whole_channel=row["afdeling"] is None,
        )
        for row in await reader.fetch(_WORK, slug, month, channels)
    )


async def _there(reader: asyncpg.Connection, view: str) -> bool:
    found: bool = await reader.fetchval(_THERE, view)
    return found


async def _read_themes(
    reader: asyncpg.Connection, slug: str, month: date
) -> tuple[tuple[Theme, ...] | None, bool]:
    """What most is written about; None where the views do not tell what texts are about.

    Of the month, or of its quarter where the month has too few texts; which of the two it is.
    """
    if not await _there(reader, "thema_per_maand"):
        return None, False
    rows = await reader.fetch(_THEMES_OF_MONTH, slug, month, _MOST_THEMES)
    if of_quarter := not rows:
        rows = await reader.fetch(_THEMES_OF_QUARTER, slug, first_of_quarter(month), _MOST_THEMES)
    themes = tuple(
        Theme(
            name=row["naam"],
            channel=row["kanaal"],
            n=row["n"],
            count=row["ten_minste"],
            share=row["aandeel"],
            low=row["ondergrens_95"],
            high=row["bovengrens_95"],
            change=_change(row["verschil_vorige"], row["verschil_vorige_p_holm"]),
            precision=row["precisie"],
            recall=row["vangst"],
        )
        for row in rows
    )
    return themes, of_quarter


def _change(difference: float | None, p: float | None) -> Change:
    if difference is None or p is None:
        return "onbekend"
    if p >= CHANCE:
        return "gelijk"
    return "vaker" if difference > 0 else "minder vaak"


async def _read_followed_up(
    reader: asyncpg.Connection, slug: str, month: date
) -> tuple[FollowedUp, ...] | None:
    """What was done with the department's signals; a row under ten is not shown.

    None where none were ever told: most likely the file asks for no signals.
    """
    if not await reader.fetchval(_EVER_FOLLOWED_UP):
        return None
    return tuple(
        FollowedUp(
            channel=row["kanaal"],
            n=row["signalen"],
            hours_to_seen=row["mediaan_werkuren_tot_gezien"],
            of_in_time=row["te_beoordelen"] or 0,
            in_time=row["aandeel_op_tijd"],
            of_improved=row["afgehandeld"] or 0,
            improved=row["aandeel_verbeterd"],
            weeks_open=row["oudste_open_weken"],
        )
        for row in await reader.fetch(_FOLLOWED_UP, slug, month)
    )


_THERE = "/* report_view_there */ select to_regclass($1) is not null"

_CELLS = """/* report_cells */
    select kanaal, indicator.naam, soort, kind.laagst, kind.hoogst, n, gemiddelde, verdeling, som,
        som_kwadraten
    from uitsplitsing_per_maand
    join dim_kanaal as channel using (kanaal)
    join dim_indicator as indicator using (indicator)
    join dim_soort as kind using (soort)
    where uitsplitsing = 'afdeling' and waarde = $1 and maand = $2 and indicator.gedeeld
        and indicator <> 'tevredenheid' and (kind.hoogst is not null or soort = 'yes_partly_no')
    order by channel.volgorde, indicator.volgorde, kind.volgorde"""

_AIMS = """/* report_aims */
    select kanaal, afdeling, maat, opgave, basisjaar, doelwaarde, perioden_overlappen, nu_vanaf,
        nu_tot_en_met, nu_n, nu, nu_ondergrens, nu_bovengrens, zeker_behaald, zeker_niet_behaald
    from doelen
    join dim_kanaal as channel using (kanaal)
    where indicator = 'tevredenheid'
        and (afdeling = $1 or afdeling is null and (kanaal = any ($2::text[]) or $3))
    order by channel.volgorde, afdeling nulls last, maat, opgave"""

# A row for each channel that it is about; a mark where there is one.
_IMPROVED = """/* report_improved */
    select distinct on (verbetering, kanaal) verbetering, datum, tekst, kanaal, voor_n, na_n,
        voor_gemiddelde, na_gemiddelde, verschil, verschil_ondergrens_95, verschil_bovengrens_95,
        oordeel, na_tot_en_met
    from verbeteringen
    where (afdeling = $1 or afdeling is null and (kanaal = any ($2::text[]) or $3))
        and datum >= $4 and datum < $5
        and (indicator is null or indicator = 'tevredenheid' and soort = 'mark')
    order by verbetering, kanaal, indicator"""

_THEMES = """select naam, kanaal, n, ten_minste, aandeel, ondergrens_95, bovengrens_95,
        verschil_vorige, verschil_vorige_p_holm, counted.precisie, counted.vangst
    from {view} as counted
    join dim_thema as theme using (gemeente_code, thema, thema_versie)
    where uitsplitsing = 'afdeling' and waarde = $1 and {period} = $2
    order by aandeel desc, naam, kanaal
    limit $3"""
_THEMES_OF_MONTH = "/* report_themes */ " + _THEMES.format(view="thema_per_maand", period="maand")
_THEMES_OF_QUARTER = "/* report_themes_of_quarter */ " + _THEMES.format(
    view="thema_per_kwartaal", period="kwartaal"
)

_EVER_FOLLOWED_UP = """/* report_ever_followed_up */
    select exists (select from opvolging_per_maand)"""

_FOLLOWED_UP = """/* report_followed_up */
    select kanaal, signalen, mediaan_werkuren_tot_gezien, te_beoordelen, aandeel_op_tijd,
        afgehandeld, aandeel_verbeterd, oudste_open_weken
    from opvolging_per_maand
    join dim_kanaal as channel using (kanaal)
    where afdeling = $1 and maand = $2
    order by channel.volgorde"""

_WORK = """/* report_work */
    select kanaal, afdeling, measure.naam, measure.eenheid, waarde, n, norm, norm_gehaald
    from kengetal_per_maand
    join dim_kengetal as measure using (kengetal)
    join dim_kanaal as channel using (kanaal)
    where maand = $2 and product is null and waarde is not null
        and (afdeling = $1 or afdeling is null and kanaal = any ($3::text[]))
    order by channel.volgorde, measure.volgorde, afdeling nulls last"""

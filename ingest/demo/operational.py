"""Make up three years of figures of the work, as other systems would tell them. Pure; seeded."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from math import pi, sin

from ingest.municipalities.measures import MEASURES
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure

MONTHS = 36

# Of each channel: the usual value of a measure, and in how many cases or contacts a month.
_USUAL: dict[str, dict[str, tuple[float, int]]] = {
    "balie": {"wachttijd": (9.0, 2100)},
    "telefonie": {"wachttijd": (3.2, 4100), "herhaalcontact": (0.14, 4100)},
    "online": {"afhandeltijd": (2.5, 1600)},
    "melding": {"afhandeltijd": (6.5, 700), "binnen_norm": (0.87, 700)},
    "vergunning": {
        "afhandeltijd": (51.0, 90),
        "binnen_norm": (0.82, 90),
        "werkvoorraad": (140, 0),
    },
    "terugbelverzoek": {"teruggebeld_binnen_twee_dagen": (0.88, 320)},
}
# How far a value swings with the season, and how far it comes and goes by chance.
_SEASON, _CHANCE = 0.12, 0.07


def made_up_figures(municipality: Municipality, *, today: date, seed: int) -> list[Figure]:
    """Figures of the last 36 months that are over, of each channel of the municipality."""
    chance = random.Random(f"{seed}/{municipality.code}/work")  # noqa: S311  # repeatable
    channels = dict.fromkeys(touchpoint.channel for touchpoint in municipality.touchpoints)
    months = _months_before(today)
    return [
        figure
        for channel in channels
        for measure, (usual, n) in _USUAL.get(channel, {}).items()
        for figure in _course(chance, months, channel, measure, usual, n)
    ]


def _course(
    chance: random.Random,
    months: Sequence[date],
    channel: str,
    measure: str,
    usual: float,
    n: int,
) -> Iterator[Figure]:
    """One measure over the months: a level of its own, a trend, a season, and chance."""
    declared = MEASURES[measure]
    level = usual * chance.uniform(0.9, 1.1)
    # What they work on becomes better, by up to a fifth in three years.
    better = chance.uniform(0.0, 0.2) * (-1 if declared.lower_is_better else 0.5)
    size = chance.uniform(0.6, 1.2)
    for place, month in enumerate(months):
        season = _SEASON * sin(2 * pi * (month.month - 3) / 12)
        worse = season + chance.gauss(0, _CHANCE)
        change = worse if declared.lower_is_better else -worse / 3
        value = level * (1 + better * place / len(months) + change)
        yield Figure(
            grain="month",
            period=month,
            channel=channel,
            department="",
            product="",
            measure=measure,
            value=round(min(max(value, 0.0), declared.highest), 0 if declared.is_stock else 3),
            n=None if declared.is_stock else round(n * size * (1 - season)),
        )


def _months_before(today: date) -> list[date]:
    """The first days of so many months before this one, the oldest first."""
    this = today.year * 12 + today.month - 1
    return [date(nth // 12, nth % 12 + 1, 1) for nth in range(this - MONTHS, this)]

"""How many people live in each municipality of a country like the Netherlands. Pure."""

import math
from statistics import NormalDist

from tests.country import NETHERLANDS

SMALLEST, MEDIAN, LARGEST = 1_000, 32_000, 930_000
"""Inhabitants: an island, the one in the middle, the capital."""

SPREAD = 0.9
"""Of the logarithm, in the middle. With it 342 municipalities have 18 million inhabitants."""


def inhabitants(municipalities: int = NETHERLANDS) -> list[int]:
    """Of each municipality, the smallest first: the same numbers every time.

    They are quantiles at even distances, no sample. The logarithm of a size is
    `log(MEDIAN) + SPREAD * z + heavier * z**3`, where z is the normal quantile: a lognormal
    distribution whose ends reach further, each exactly to the smallest and the largest there is.
    """
    normal = NormalDist()
    quantiles = [normal.inv_cdf((place + 0.5) / municipalities) for place in range(municipalities)]
    end = quantiles[-1]
    up = (math.log(LARGEST / MEDIAN) - SPREAD * end) / end**3
    down = (math.log(MEDIAN / SMALLEST) - SPREAD * end) / end**3
    return [
        round(MEDIAN * math.exp(SPREAD * z + (up if z > 0 else down) * z**3)) for z in quantiles
    ]

"""What should come out of the questions of docs/vragen.md, from the answers of the known year.

Without SQL: the marks themselves are averaged and counted, and scipy gives the intervals.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tests.ingest.reporting.known_year import (
    ALMOST,
    INVITED,
    LATE,
    LOOKED,
    NINE,
    ONLINE_NOW,
    ONLINE_THEN,
    RUDE,
    YEAR,
)
from tests.ingest.reporting.test_indicators import compared, steadied
from tests.read_later import read_later

np = read_later("numpy")
stats = read_later("scipy.stats")

Row = tuple[Any, ...]

AUGUST, OCTOBER = date(2026, 8, 1), date(2026, 10, 1)
THIRD = date(2026, 7, 1)


def marks(
    at: str, *months: date, item: str = "cijfer", owner: str = "molensloot", **details: str
) -> list[int]:
    """Every mark that was given there in these months, with these details."""
    return [
        mark
        for given in YEAR
        if given.at == f"{owner}/{at}"
        and given.item == item
        and given.day.replace(day=1) in months
        and all(given.details.get(name, "") == value for name, value in details.items())
        for mark in given.values
    ]


def mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def share(hits: Iterable[bool]) -> float:
    return mean([int(hit) for hit in hits])


def interval(values: Sequence[int]) -> tuple[float, float]:
    """Of the mean of marks, on their own scale."""
    middle, error = steadied(values, "mark")
    ends = stats.t.interval(0.95, len(values) - 1, loc=middle, scale=np.sqrt(error))
    low, high = (1 + 9 * float(end) / 100 for end in ends)
    return low, high


def wilson(hits: int, n: int) -> tuple[float, float]:
    found = stats.binomtest(hits, n).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def differs(later: Sequence[int], earlier: Sequence[int]) -> bool:
    return bool(compared(later, earlier, "mark")[3] < 0.05)


DESK, CALLS = marks("balie-hal", OCTOBER), marks("telefonie", OCTOBER)
ELSEWHERE = ("waterakker", "rietbroek")


def beside_the_region() -> Iterator[Row]:
    others = [mark for owner in ELSEWHERE for mark in marks("balie-hal", OCTOBER, owner=owner)]
    yield "balie", len(DESK), mean(DESK), mean(DESK + others), 3
    for channel in ("melding", "telefonie", "terugbelverzoek", "vergunning"):
        own = marks(channel, OCTOBER)
        yield channel, len(own), mean(own), None, 1


def targets() -> Iterator[Row]:
    then, now = (
        [mark for mark, times in every.items() for _ in range(times)]
        for every in (ONLINE_THEN, ONLINE_NOW)
    )
    low = [sum(mark < 6 for mark in values) for values in (then, now)]
    base, share_now = low[0] / len(then), low[1] / len(now)
    # Even the ends that fit worst are so far apart, so it is sure in any way of counting.
    assert wilson(low[1], len(now))[1] < 0.7 * wilson(low[0], len(then))[0]
    falls = (30.0, len(then), base, 0.7 * base, len(now), share_now, True, True)
    yield "online", "alle", "aandeel_lt_6_daalt", *falls
    assert interval(now)[0] < 8 < mean(now)
    at_least = (8.0, None, None, 8.0, len(now), mean(now), True, False)
    yield "online", "alle", "gemiddelde_minstens", *at_least


def departments() -> Iterator[Row]:
    for channel, department, values in (
        ("balie", "Publiekszaken", DESK),
        ("melding", "Openbare ruimte", marks("melding", OCTOBER)),
        ("telefonie", "Publiekszaken", marks("telefonie", OCTOBER, product="paspoort")),
        ("telefonie", "Openbare ruimte", marks("telefonie", OCTOBER, product="parkeervergunning")),
        ("terugbelverzoek", "Overig", marks("terugbelverzoek", OCTOBER)),
        ("vergunning", "Vergunningen", marks("vergunning", OCTOBER)),
    ):
        reached, surely = mean(values) >= 8, interval(values)[0] >= 8
        yield channel, department, len(values), mean(values), reached, surely


def beside_the_others() -> Iterator[Row]:
    own = marks("balie-hal", AUGUST)
    others = [mark for owner in ELSEWHERE for mark in marks("balie-hal", AUGUST, owner=owner)]
    difference = mean(own) - mean(others)
    figures = (len(own), mean(own), len(others), mean(others), difference)
    yield "balie", *figures, differs(own, others)
    for channel in ("telefonie", "vergunning"):
        alone = marks(channel, AUGUST)
        yield channel, len(alone), mean(alone), None, None, None, None


def beside_last_year() -> Iterator[Row]:
    for channel, at in (("balie", "balie-hal"), ("telefonie", "telefonie")):
        now, then = marks(at, OCTOBER), marks(at, date(2025, 10, 1))
        difference, error, freedom, p = compared(now, then, "mark")
        found = error * (stats.t.ppf(0.975, freedom) + stats.t.ppf(0.8, freedom))
        yield channel, len(now), mean(now), difference * 0.09, float(found) * 0.09, bool(p < 0.05)


def quarters() -> Iterator[Row]:
    before = marks("telefonie", date(2025, 10, 1))
    for month in (2, 5, 8, 10):
        values = marks("telefonie", date(2026, month, 1))
        quarter = date(2026, (month - 1) // 3 * 3 + 1, 1)
        yield quarter, len(values), mean(values), *interval(values), differs(values, before)
        before = values


def small_channel() -> Iterator[Row]:
    until: list[int] = marks("huwelijk", date(2026, 1, 1))
    for month in (3, 4, 5, 6):
        until += marks("huwelijk", date(2026, month, 1))
        enough = (mean(until), *interval(until)) if len(until) >= 10 else (None, None, None)
        yield date(2026, month, 1), len(until), *enough


def parts() -> Iterator[Row]:
    """Neighbourhoods and products, the least content first."""
    named = (("Molenbuurt", "WK900102"), ("Onbekend", ""), ("Centrum", "WK900101"))
    for name, wijk in named:
        values = marks("melding", OCTOBER, wijk=wijk)
        low = share(mark < 6 for mark in values)
        yield "melding", "wijk", name, len(values), mean(values), low
    for product in ("parkeervergunning", "paspoort"):
        values = marks("telefonie", OCTOBER, product=product)
        low = share(mark < 6 for mark in values)
        yield "telefonie", "product", product, len(values), mean(values), low


def ways_of_asking() -> Iterator[Row]:
    """Passports were all asked about at a kiosk, licences all by a link."""
    kiosk, link = (marks("balie-hal", OCTOBER, product=of) for of in ("paspoort", "rijbewijs"))
    smileys = marks("balie-zuil", OCTOBER, item="tevreden")
    yield "afnamewijze", "kiosk", "mark", len(kiosk), mean(kiosk)
    yield "afnamewijze", "link", "mark", len(link), mean(link)
    yield "afnamewijze", "kiosk", "smileys", len(smileys), mean(smileys)
    yield "meetpunt", "balie-hal", "mark", len(DESK), mean(DESK)
    yield "meetpunt", "balie-zuil", "smileys", len(smileys), mean(smileys)


def parts_of_the_day() -> Iterator[Row]:
    """Passports were asked about at ten, licences at two."""
    for part, product in (("ochtend", "paspoort"), ("middag", "rijbewijs")):
        values = marks("balie-hal", OCTOBER, product=product)
        yield part, len(values), mean(values), share(mark >= 8 for mark in values)


def other_ways() -> Iterator[Row]:
    """Of 64 who were asked, 14 tried the website and 10 the desk."""
    yield "totaal", None, 64, 24, 24 / 64, *wilson(24, 64)
    for part, codes in (
        ("kanaal", ("website", "balie")),
        ("reden", ("niet_gevonden", "werkte_niet")),
    ):
        for code, many in zip(codes, (14, 10), strict=True):
            yield part, code, 24, many, many / 24, *wilson(many, 24)


def who_did_not_answer() -> Iterator[Row]:
    for product in sorted(INVITED):
        sent, answered = INVITED[product]
        row = (AUGUST, "telefonie", product, sent)
        if sent - answered < 10:
            yield *row, None, None, None, None, None
        else:
            silent = sent - answered
            yield *row, answered, answered / sent, silent / sent, *wilson(silent, sent)


def expected() -> dict[int, list[Row]]:
    """The rows of each question, in the order of the page."""
    weddings = [m for month in (1, 3, 4, 5, 6) for m in marks("huwelijk", date(2026, month, 1))]
    may, august = (marks("vergunning", month) for month in (date(2026, 5, 1), AUGUST))
    in_august = marks("telefonie", AUGUST)
    return {
        1: list(beside_the_region()),
        2: list(targets()),
        3: list(departments()),
        4: list(beside_the_others()),
        5: list(beside_last_year()),
        6: list(quarters()),
        7: [(mark, DESK.count(mark)) for mark in range(1, 11)],
        # At the desk 20 and 12 were helped and 30 in part; by telephone 20 were and 12 were not.
        8: [
            ("balie", 62, 32 / 62, 30 / 62, 0.0),
            ("telefonie", 32, 20 / 32, 0.0, 12 / 32),
        ],
        9: list(parts()),
        10: list(ways_of_asking()),
        11: list(parts_of_the_day()),
        12: list(small_channel()),
        13: [
            ("ceremonie", 20, 10.0, 1.0, True),
            ("tevredenheid", 20, mean(weddings), 1.0, True),
            ("voorgesprek", 20, 7.0, 0.0, True),
        ],
        # 20 permits took 50 days and 40 took 65: sixty days a permit.
        14: [
            (date(2026, 4, 1), 45.0, 56.0, True, len(may), mean(may)),
            (THIRD, 60.0, 56.0, False, len(august), mean(august)),
        ],
        15: [
            (AUGUST, 60.0, 2.5, len(in_august), mean(in_august)),
            (date(2026, 9, 1), None, 3.0, 0, None),
            (OCTOBER, 118.0, 4.5, len(CALLS), mean(CALLS)),
        ],
        16: [("ja", 20, 8.5), ("nee", 12, 4.0), ("onbekend", 10, 7.0)],
        17: list(other_ways()),
        18: [
            (OCTOBER, "1 t/m 5", RUDE),
            (OCTOBER, "1 t/m 5", LATE),
            (OCTOBER, "6", ALMOST),
        ],
        19: list(who_did_not_answer()),
        20: [
            ("balie-hal", LOOKED.date(), len(NINE.values), 10),
            ("balie-zuil", LOOKED.date(), 0, 10),
        ],
    }

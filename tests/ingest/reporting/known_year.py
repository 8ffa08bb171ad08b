"""A year of which everything is known: who answered what, and what was counted of the work.

It is small enough to work every figure out by hand, and goes through what publishes as all else.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from ingest.clock import today_here
from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.targets import MEAN_AT_LEAST, SHARE_LT_6_FALLS_BY, Target
from ingest.operational.statements import store_figures
from ingest.reporting.region import tell_regions
from ingest.responses.statements import NewResponse
from tests.conftest import Database
from tests.example import SINCE
from tests.ingest.reporting.responses import look, one_response, store

LOOKED = datetime(2026, 11, 9, 5, 1, tzinfo=UTC)
"""After the 8th, so that October is told to the region."""

WIJKEN = {"WK900101": "Centrum", "WK900102": "Molenbuurt"}


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Responses that are alike but for their marks: `marks` says how often each was given.

    `answers` are those to other questions, `texts` by the mark of who wrote them.
    """

    at: str
    day: date
    marks: Mapping[int, int]
    mode: str = "bericht"
    hour: int | None = None
    details: Mapping[str, str] = {}
    answers: Mapping[str, int | str] = {}
    item: str = "cijfer"
    texts: Mapping[int, tuple[str, ...]] = {}

    @property
    def values(self) -> list[int]:
        """Every mark that was given."""
        return [mark for mark, times in self.marks.items() for _ in range(times)]


def _october(day: int = 5) -> date:
    return date(2026, 10, day)


DESK, CALLS = "molensloot/balie-hal", "molensloot/telefonie"
AT_KIOSK: dict[str, Any] = {"at": DESK, "mode": "kiosk", "details": {"product": "paspoort"}}
AT_HOME: dict[str, Any] = {"at": DESK, "mode": "link", "details": {"product": "rijbewijs"}}

LATE, RUDE = "Ik zat een uur te wachten.", "De medewerker luisterde niet."
ALMOST = "Het ging goed, maar wel traag."

YEAR = (
    # The desk.
    Given(**AT_KIOSK, day=date(2025, 10, 6), hour=10, marks={7: 10, 5: 20}),
    Given(**AT_KIOSK, day=date(2026, 8, 3), hour=10, marks={9: 20, 8: 20}),
    Given(**AT_KIOSK, day=_october(), hour=10, marks={9: 10, 8: 10}, answers={"geholpen": "ja"}),
    Given(
        **AT_HOME,
        day=_october(),
        hour=14,
        marks={7: 10, 6: 10, 5: 10},
        answers={"geholpen": "deels"},
        texts={6: (ALMOST,), 5: (LATE, RUDE)},
    ),
    Given(
        at="molensloot/balie-zuil",
        day=_october(),
        mode="kiosk",
        hour=10,
        marks={5: 6, 4: 6},
        item="tevreden",
        answers={"geholpen": "ja"},
    ),
    # The telephone.
    Given(at=CALLS, day=date(2025, 10, 6), marks={7: 6, 6: 4}),
    Given(at=CALLS, day=date(2026, 2, 2), marks={6: 20, 7: 20}),
    Given(at=CALLS, day=date(2026, 5, 4), marks={7: 20, 8: 20}),
    # One in ten was asked whether they tried something else before.
    Given(at=CALLS, day=date(2026, 8, 3), marks={7: 40}, answers={"eerder": "nee"}),
    Given(
        at=CALLS,
        day=date(2026, 8, 3),
        marks={7: 14},
        answers={"eerder": "website", "eerder_reden": "niet_gevonden"},
    ),
    Given(
        at=CALLS,
        day=date(2026, 8, 3),
        marks={7: 10},
        answers={"eerder": "balie", "eerder_reden": "werkte_niet"},
    ),
    Given(
        at=CALLS,
        day=_october(),
        details={"product": "paspoort"},
        marks={8: 10, 9: 10},
        answers={"geholpen": "ja"},
    ),
    Given(
        at=CALLS,
        day=_october(),
        details={"product": "parkeervergunning"},
        marks={4: 6, 5: 6},
        answers={"geholpen": "nee"},
    ),
    # Reports about the neighbourhood, from two neighbourhoods and from elsewhere.
    *(
        Given(
            at="molensloot/melding",
            day=_october(),
            details={"wijk": wijk} if wijk else {},
            marks=marks,
        )
        for wijk, marks in {"WK900101": {8: 12}, "WK900102": {5: 11}, "": {7: 10}}.items()
    ),
    # Permits, and calls that were promised.
    Given(at="molensloot/vergunning", day=date(2026, 5, 4), marks={8: 12}),
    Given(at="molensloot/vergunning", day=date(2026, 8, 3), marks={8: 6, 6: 6}),
    Given(at="molensloot/vergunning", day=_october(), marks={9: 10, 10: 10}),
    *(
        Given(at="molensloot/terugbelverzoek", day=_october(), marks=marks, answers=answers)
        for answers, marks in (
            ({"teruggebeld": "ja"}, {8: 10, 9: 10}),
            ({"teruggebeld": "nee"}, {4: 12}),
            ({}, {7: 10}),
        )
    ),
    # Four weddings in each of five months: no month has ten.
    *(
        Given(
            at="molensloot/huwelijk",
            day=date(2026, month, 6),
            marks={9: 3, 8: 1},
            answers={"gesprek": 7, "ceremonie": 10},
        )
        for month in (1, 3, 4, 5, 6)
    ),
    # The others of the region, at their desks.
    *(
        Given(at=f"{slug}/balie-hal", day=day, mode="link", hour=10, marks=marks)
        for slug, marks in {"waterakker": {9: 20, 8: 20}, "rietbroek": {7: 20, 6: 20}}.items()
        for day in (date(2026, 8, 3), _october())
    ),
)

NINE = Given(**AT_HOME, day=_october(26), hour=14, marks={1: 9})
"""They wait for a tenth, and count nowhere."""

WORK = (
    # Month, channel, measure, value, n.
    (date(2026, 4, 1), "vergunning", "afhandeltijd", 45.0, 30),
    (date(2026, 7, 1), "vergunning", "afhandeltijd", 50.0, 20),
    (date(2026, 8, 1), "vergunning", "afhandeltijd", 65.0, 40),
    (date(2026, 8, 1), "telefonie", "wachttijd", 2.5, 4000),
    (date(2026, 8, 1), "telefonie", "werkvoorraad", 60.0, None),
    (date(2026, 9, 1), "telefonie", "wachttijd", 3.0, 3900),
    (date(2026, 10, 1), "telefonie", "wachttijd", 4.5, 4100),
    (date(2026, 10, 1), "telefonie", "werkvoorraad", 118.0, None),
)

INVITED = {"paspoort": (40, 24), "parkeervergunning": (50, 12), "verhuizing": (40, 35)}
"""Delivered and answered in August; five who did not answer are too few to tell."""

ONLINE_THEN = {4: 40, 5: 40, 7: 320}
ONLINE_NOW = {4: 10, 5: 10, 8: 180, 9: 100}
"""Of the target: the base year, and the last twelve months, which move with the clock."""


def of_the_known_year(catalogue: Catalogue) -> Catalogue:
    """The example, with neighbourhoods in Molensloot and other targets."""
    base_year = today_here().year - 2
    online: dict[str, Any] = {"channel": "online", "indicator": "tevredenheid"}
    targets = (
        Target(**online, measure=SHARE_LT_6_FALLS_BY, percentage=Decimal(30), base_year=base_year),
        Target(**online, measure=MEAN_AT_LEAST, value=Decimal(8)),
    )
    municipalities = [
        replace(
            each,
            wijken=WIJKEN,
            targets=targets,
            touchpoints=tuple(
                replace(point, dimensions={**point.dimensions, "wijk": tuple(WIJKEN)})
                if point.slug == "melding"
                else point
                for point in each.touchpoints
            ),
        )
        if each.slug == "molensloot"
        else each
        for each in catalogue.municipalities.values()
    ]
    return Catalogue(municipalities, catalogue.questionnaires)


def _responses(catalogue: Catalogue) -> Iterator[NewResponse]:
    for given in (*YEAR, NINE):
        texts = {mark: list(said) for mark, said in given.texts.items()}
        for mark in given.values:
            said = texts.get(mark)
            yield one_response(
                catalogue,
                {given.item: mark, **given.answers},
                at=given.at,
                day=given.day,
                mode=given.mode,
                hour=given.hour,
                details=dict(given.details),
                texts=[said.pop()] if said else [],
            )


async def fill_the_known_year(database: Database, example: Catalogue) -> None:
    """Store it, and publish it as it would be on 9 November 2026."""
    catalogue = of_the_known_year(example)
    async with database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, catalogue, SINCE)
    await store(database, list(_responses(catalogue)))
    await look(database, catalogue, LOOKED, due_only=False)
    async with database.connected("meetpunt_folder") as folder:
        await tell_regions(folder, now=LOOKED, wait=True)
    async with database.superuser() as db:
        figures = [
            ("month", month, channel, "", "", measure, value, n)
            for month, channel, measure, value, n in WORK
        ]
        await store_figures(db, "GM9001", figures, LOOKED)
        await db.executemany(
            "insert into lees.uitnodiging_maand (municipality, month, touchpoint, product, known,"
            " sent, delivered, answered, told_at)"
            " values ('GM9001', '2026-08-01', 2, $1, $2, $2, $2, $3, $4)",
            [
                # Where fewer than ten did not answer, nothing is stored of who did.
                (product, sent, answered if sent - answered >= 10 else None, LOOKED)
                for product, (sent, answered) in INVITED.items()
            ],
        )
        now = today_here()
        year_ago = date(now.year - 1, now.month, 1)
        await db.executemany(
            "insert into lees.cijfer (municipality, grain, period, channel, indicator, kind, given,"
            " small_group) values ('GM9001', 'month', $1, 'online', 'tevredenheid', 'mark', $2,"
            " false)",
            [
                (day, [marks.get(mark, 0) for mark in range(1, 11)])
                for day, marks in ((date(now.year - 2, 1, 1), ONLINE_THEN), (year_ago, ONLINE_NOW))
            ],
        )

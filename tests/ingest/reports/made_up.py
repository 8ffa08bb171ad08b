"""Reports of figures that nobody gave, to try pages, findings and mails with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from ingest.municipalities.touchpoints import CHANNEL_NAMES
from ingest.reports.certainty import Sample
from ingest.reports.figures import (
    Aim,
    Cell,
    DepartmentReport,
    Figure,
    Improved,
    Month,
    Others,
    Series,
    Work,
    against_before,
    corrected,
    figure_of,
)
from ingest.reports.months import months_back

MONTH = date(2026, 10, 1)
MARKS = (5, 6, 7, 8, 8, 8, 9, 9, 10, 7)


def sample(mean: float, n: int, marks: Sequence[int] = MARKS) -> Sample:
    """`n` answers about this mean, spread as marks are; whole marks of 1 to 10."""
    whole, part = divmod(mean - sum(marks) / len(marks), 1)
    # So many of a hundred get one more that the mean comes out.
    more = [int((place + 1) * part) - int(place * part) for place in range(n)]
    given = [
        min(10, max(1, marks[place * 7 % len(marks)] + int(whole) + more[place]))
        for place in range(n)
    ]
    return Sample(n=n, total=sum(given), squares=sum(each * each for each in given))


def figure(mean: float, n: int) -> Figure:
    """What `n` answers about this mean come to."""
    return figure_of(sample(mean, n))


def series(
    channel: str = "balie",
    *,
    last: float = 8.0,
    n: int = 40,
    before: float = 8.0,
    n_before: int = 40,
    others: Others | None = None,
) -> Series:
    """Thirteen months of a channel: twelve alike, and the last one. `n` under ten: no figure."""
    months = [
        Month(month=months_back(MONTH, back), figure=figure(before, n_before))
        for back in range(12, 0, -1)
    ]
    now = figure(last, n)
    return Series(
        channel=channel,
        name=CHANNEL_NAMES[channel],
        kind="mark",
        lowest=1,
        highest=10,
        months=(*months, Month(month=MONTH, figure=now)),
        year=figure(before, 10 * n_before),
        quarter=figure(before, n),
        against=against_before(now, tuple(each.figure for each in months)),
        others=others,
    )


def others(*, difference: float, p: float, month: date = MONTH) -> Others:
    """A channel beside four other municipalities."""
    own = figure(8.0, 120)
    return Others(
        month=month,
        own=own,
        municipalities=4,
        n=1534,
        mean=(own.mean or 0.0) - difference,
        low=7.8,
        high=8.1,
        difference=difference,
        p=p,
    )


def aim(verdict: str = "unsure", *, channel: str = "balie", fall: float | None = None) -> Aim:
    """A target of a whole channel."""
    return Aim(
        channel=channel,
        whole_channel=True,
        fall=fall,
        low_marks="6 of lager",
        base_year=None if fall is None else 2024,
        aim=8.0 if fall is None else 0.12,
        since=date(2025, 11, 1),
        until=date(2026, 10, 31),
        figure=Figure(n=480, mean=8.02, low=7.9, high=8.14)
        if fall is None
        else Figure(n=480, mean=0.13, low=0.1, high=0.17),
        verdict=verdict,  # type: ignore[arg-type]
    )


def improved(effect: str = "te vroeg", *, channel: str = "balie") -> Improved:
    """An improvement of the middle of September."""
    return Improved(
        day=date(2026, 9, 14),
        text="Op donderdag is de balie nu open tot 20.00 uur.",
        channel=channel,
        n_before=88,
        n_after=61,
        before=7.9,
        after=8.2,
        low=-0.1,
        high=0.7,
        effect=effect,  # type: ignore[arg-type]
        judged_from=date(2026, 11, 9),
    )


def report(*all_series: Series, **changed: object) -> DepartmentReport:
    """The report of Publiekszaken with these channels."""
    fields: dict[str, object] = {
        "municipality": "Molensloot",
        "department": "Publiekszaken",
        "slug": "publiekszaken",
        "month": MONTH,
        "looked_at": datetime(2026, 11, 2, 5, 0, tzinfo=UTC),
        "provisional": True,
        "today": date(2026, 11, 2),
        "series": corrected(all_series),
        **changed,
    }
    return DepartmentReport(**fields)  # type: ignore[arg-type]


def full() -> DepartmentReport:
    """One with something in every part of it."""
    return report(
        series("balie", last=7.3, n=120, others=others(difference=0.1, p=0.4)),
        series("telefonie", last=8.1),
        series("online", n=6),
        series("huwelijk", n=4, n_before=3),
        aims=(aim("unsure"), aim("missed", channel="telefonie", fall=30)),
        improved=(improved(), improved("geen aantoonbaar verschil", channel="telefonie")),
        cells=(
            Cell(
                channel="balie",
                indicator="Vriendelijkheid",
                kind="agreement",
                is_share=False,
                figure=Figure(n=118, mean=4.3, low=4.1, high=4.5),
            ),
            Cell(
                channel="balie",
                indicator="Oplossing",
                kind="yes_partly_no",
                is_share=True,
                figure=Figure(n=117, mean=0.83, low=0.75, high=0.89),
            ),
        ),
        work=(
            Work(
                channel="telefonie",
                measure="Wachttijd",
                unit="minuten",
                value=3.4,
                n=1203,
                norm=3,
                kept=False,
                whole_channel=True,
            ),
        ),
    )

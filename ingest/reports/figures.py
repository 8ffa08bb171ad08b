"""What a report is made of, as it was read from a reader's views. Pure."""

from datetime import date, datetime
from typing import Literal

import msgspec

from ingest.reports.certainty import CHANCE, LEAST, Difference, Sample, compare, holm


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A mean on the scale that residents saw; null under ten answers, but for `n`.

    `low` and `high` are the ends of its 95 % interval. `share_low` is how many (0 to 1) gave a 6 or
    lower, where marks were given.
    """

    n: int
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    share_low: float | None = None
    sample: Sample | None = None


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """The figure of one month (its first day)."""

    month: date
    figure: Figure


class Others(msgspec.Struct, frozen=True, kw_only=True):
    """A whole channel beside that of the other municipalities of the region, in one month.

    Null where it may not be shown. `p` is corrected for how many are looked at together.
    """

    month: date
    own: Figure
    municipalities: int = 0
    n: int = 0
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    p: float | None = None


class Against(msgspec.Struct, frozen=True, kw_only=True):
    """The month against the twelve before it: those of ten answers and more, added up.

    `left_out` answers are of months that had fewer. `p` is corrected for the other channels.
    """

    before: Figure
    months: int
    left_out: int = 0
    difference: Difference | None = None
    p: float | None = None

    @property
    def is_sure(self) -> bool:
        """Whether chance seldom gives so large a difference."""
        return self.p is not None and self.p < CHANCE


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """What residents thought of one channel of the department: thirteen months, oldest first.

    `kind` is how they answered ("mark": 1 to 10), on a scale of `lowest` to `highest`. `year` is
    the calendar year so far. `quarter` is that of the month.
    """

    channel: str
    name: str
    kind: str
    lowest: int
    highest: int
    months: tuple[Month, ...]
    year: Figure
    quarter: Figure
    against: Against
    others: Others | None = None

    @property
    def last(self) -> Figure:
        """The figure of the report's month."""
        return self.months[-1].figure

    @property
    def is_mark(self) -> bool:
        """Whether it is a school mark, 1 to 10."""
        return self.kind == "mark"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One other indicator of one channel: a mean of 1 to 5, or the share (0 to 1) that says yes."""

    channel: str
    indicator: str
    kind: str
    is_share: bool
    figure: Figure


Verdict = Literal["reached", "missed", "unsure", "too-few", "no-base", "overlap"]


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """A target as the view `doelen` has it: of the department, or of a whole channel.

    `fall` is by how many percent the share of low marks should go down from that of `base_year`;
    null where a mean is aimed at. `figure.mean` is then a share (0 to 1).
    """

    channel: str
    whole_channel: bool
    fall: float | None
    low_marks: str
    base_year: int | None
    aim: float | None
    since: date
    until: date
    figure: Figure
    verdict: Verdict


Effect = Literal["te vroeg", "te weinig", "geen aantoonbaar verschil", "hoger", "lager"]


class Improved(msgspec.Struct, frozen=True, kw_only=True):
    """What was improved, and whether the mark of a channel moved; `difference` is in marks."""

    day: date
    text: str
    channel: str
    n_before: int
    n_after: int
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    effect: Effect
    judged_from: date


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What another system counted of the work itself, in the report's month."""

    channel: str
    measure: str
    unit: str
    value: float
    n: int | None
    norm: float | None
    kept: bool | None
    whole_channel: bool


Change = Literal["vaker", "minder vaak", "gelijk", "onbekend"]


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """What people write about: found in `count` of `n` texts.

    Measured (0 to 1): `precision` of what is found is about it, `recall` of what is about it found.
    """

    name: str
    channel: str
    n: int
    count: int
    share: float
    low: float
    high: float
    change: Change = "onbekend"
    precision: float | None = None
    recall: float | None = None


class FollowedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with the signals of one channel: ten at least. Null where nothing is to tell.

    `in_time` is the share (0 to 1) of `of_in_time` that was seen within two working days, and
    `improved` that of `of_improved` that were settled and led to an improvement. `weeks_open` are
    whole weeks, of the oldest that was open at the end of the month.
    """

    channel: str
    n: int
    hours_to_seen: float | None = None
    of_in_time: int = 0
    in_time: float | None = None
    of_improved: int = 0
    improved: float | None = None
    weeks_open: int | None = None


class DepartmentReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page of one department; `slug` is "overig" where the file names none.

    `looked_at` is when it was last looked whether answers could be published. `provisional`: more
    may still come in. `since`: the first month with an answer here. `today`: which periods ended.
    """

    municipality: str
    department: str
    slug: str
    month: date
    looked_at: datetime | None
    provisional: bool
    today: date
    since: date | None = None
    waiting: int = 0
    small_group: bool = False
    fictional: bool = False
    series: tuple[Series, ...] = ()
    cells: tuple[Cell, ...] = ()
    aims: tuple[Aim, ...] = ()
    improved: tuple[Improved, ...] = ()
    work: tuple[Work, ...] = ()
    themes: tuple[Theme, ...] | None = None
    themes_of_quarter: bool = False
    followed_up: tuple[FollowedUp, ...] | None = None


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """One municipality in one channel; a null mean may not be shown, nor may a null `n`."""

    name: str
    own: bool
    n: int | None
    mean: float | None
    low: float | None = None
    high: float | None = None


class RegionalChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One channel in one quarter, municipalities in the order of the alphabet."""

    channel: str
    name: str
    asked: str
    lowest: int
    highest: int
    rows: tuple[Neighbour, ...]
    others: Others | None


class CouncilReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the council's page. `quarter` is its first day."""

    municipality: str
    region: str
    quarter: date
    fictional: bool = False
    told_on: date | None = None
    months_told: int = 3
    channels: tuple[RegionalChannel, ...] = ()


def against_before(month: Figure, before: tuple[Figure, ...]) -> Against:
    """The month beside those before it, not yet corrected for what else is looked at."""
    shown = [each.sample for each in before if each.sample is not None]
    left_out = sum(each.n for each in before if each.sample is None)
    if not shown:
        return Against(before=Figure(n=0), months=0, left_out=left_out)
    n, total = sum(each.n for each in shown), sum(each.total for each in shown)
    squares, one = sum(each.squares for each in shown), shown[0]
    together = Sample(n=n, total=total, squares=squares, lowest=one.lowest, highest=one.highest)
    difference = compare(month.sample, together) if month.sample is not None else None
    return Against(
        before=figure_of(together),
        months=len(shown),
        left_out=left_out,
        difference=difference,
        p=difference.p if difference else None,
    )


def corrected(series: tuple[Series, ...]) -> tuple[Series, ...]:
    """The same, with each p raised for how many channels are looked at together."""
    ps = [each.against.p for each in series]
    raised = iter(holm([p for p in ps if p is not None]))
    replace = msgspec.structs.replace
    return tuple(
        each if p is None else replace(each, against=replace(each.against, p=next(raised)))
        for each, p in zip(series, ps, strict=True)
    )


def figure_of(sample: Sample) -> Figure:
    """The figure of answers that add up; only `n` under ten."""
    if sample.n < LEAST:
        return Figure(n=sample.n)
    low, high = sample.interval
    return Figure(n=sample.n, mean=sample.mean, low=low, high=high, sample=sample)

"""What is wrong with operational figures, all of it at once; else figures to store. Pure."""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from ingest.asgi.messages import InvalidParam
from ingest.files.near_misses import did_you_mean
from ingest.municipalities.measures import MEASURES, Measure
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.norms import products_on
from ingest.municipalities.touchpoints import CHANNELS
from ingest.operational.messages import MOST_FIGURES, MOST_N, OperationalFigure

Grain = Literal["day", "month"]

_FIRST_YEAR = 2000
_PERIOD = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that was checked; `department` and `product` are "" for all of the channel.

    `period` is a day, or the first of a month. Without `value` an earlier figure is taken back.
    """

    grain: Grain
    period: date
    channel: str
    department: str
    product: str
    measure: str
    value: float | None
    n: int | None

    @property
    def key(self) -> tuple[Grain, date, str, str, str, str]:
        """What there is one figure of, in a municipality."""
        where = (self.channel, self.department, self.product)
        return (self.grain, self.period, *where, self.measure)


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with a figure: in which field, a code that stays, and a sentence."""

    field: str
    code: str
    reason: str


class FiguresRejected(Exception):
    """The figures cannot be stored; `params` say all that is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(f"{len(params)} thing(s) wrong")


def check_figures(
    municipality: Municipality, told: Sequence[OperationalFigure], today: date
) -> tuple[Figure, ...]:
    """The figures, in their order; `today` is in Amsterdam. Raises `FiguresRejected`."""
    params: list[InvalidParam] = []
    if not 1 <= len(told) <= MOST_FIGURES:
        reason = f"Tell 1 to {MOST_FIGURES} figures at once."
        params.append(InvalidParam(name="figures", code="out-of-range", reason=reason))
    figures: list[Figure] = []
    first: dict[object, int] = {}
    for index, each in enumerate(told):
        faults = list(faults_of(municipality, each, today))
        if not faults:
            figure = figure_of(each)
            figures.append(figure)
            earlier = first.setdefault(figure.key, index)
            if earlier != index:
                faults = [Fault("", "repeated-figure", f"This is figures[{earlier}] once more.")]
        params += (
            InvalidParam(
                name=f"figures[{index}].{fault.field}".rstrip("."),
                code=fault.code,
                reason=fault.reason,
            )
            for fault in faults
        )
    if params:
        raise FiguresRejected(tuple(params))
    return tuple(figures)


def faults_of(municipality: Municipality, told: OperationalFigure, today: date) -> Iterator[Fault]:
    """All that is wrong with one figure of this municipality; `today` is in Amsterdam."""
    yield from _faults_of_period(told.period, today)
    yield from _faults_of_place(municipality, told)
    measure = MEASURES.get(told.measure)
    if measure is None:
        listed = f"{', '.join(MEASURES)}{did_you_mean(told.measure, MEASURES)}"
        yield Fault("measure", "unknown-measure", f"The measures are {listed}.")
    elif told.value is not None:
        yield from _faults_of_value(measure, told.value)
        yield from _faults_of_n(measure, told.n)
    elif told.n is not None:
        yield Fault("n", "not-asked", "A figure that is taken back has no n.")


def figure_of(told: OperationalFigure) -> Figure:
    """The figure as it is stored. Raises ValueError for a period that `faults_of` names."""
    grain, period = _period(told.period)
    return Figure(
        grain=grain,
        period=period,
        channel=told.channel,
        department=told.department or "",
        product=told.product or "",
        measure=told.measure,
        value=told.value,
        n=told.n,
    )


def _period(text: str) -> tuple[Grain, date]:
    """A month as its first day, or a day. Raises ValueError."""
    if not _PERIOD.fullmatch(text) or not text.isascii():
        raise ValueError("no period")
    is_month = len(text) == len("2026-10")
    return (
        ("month", date.fromisoformat(f"{text}-01"))
        if is_month
        else ("day", date.fromisoformat(text))
    )


def _faults_of_period(text: str, today: date) -> Iterator[Fault]:
    try:
        _, period = _period(text)
    except ValueError:
        reason = "Write a month as 2026-10 or a day as 2026-10-05."
        yield Fault("period", "not-a-period", reason)
        return
    if period > today:
        yield Fault("period", "in-the-future", "This is still to come.")
    elif period.year < _FIRST_YEAR:
        yield Fault("period", "out-of-range", f"Not before {_FIRST_YEAR}.")


def _faults_of_place(municipality: Municipality, told: OperationalFigure) -> Iterator[Fault]:
    if told.channel not in CHANNELS:
        listed = f"{', '.join(CHANNELS)}{did_you_mean(told.channel, CHANNELS)}"
        yield Fault("channel", "unknown-channel", f"The channels are {listed}.")
    elif told.product is not None:
        known = products_on(told.channel, municipality.touchpoints)
        if told.product not in known:
            reason = f"No touchpoint on this channel has it{did_you_mean(told.product, known)}."
            yield Fault("product", "unknown-product", reason)
    if told.department is not None:
        slugs = [department.slug for department in municipality.departments]
        if told.department not in slugs:
            meant = did_you_mean(told.department, slugs)
            reason = f"The municipality's file has no such department{meant}."
            yield Fault("department", "unknown-department", reason)


def _faults_of_value(measure: Measure, value: float) -> Iterator[Fault]:
    if not (math.isfinite(value) and 0 <= value <= measure.highest):
        reason = f"A number from 0 to {measure.highest} is expected, in {_IN[measure.unit]}."
        yield Fault("value", "out-of-range", reason)
    elif measure.is_stock and value != int(value):
        yield Fault("value", "wrong-type", "A whole number is expected.")


_IN = {
    "dagen": "days",
    "minuten": "minutes",
    "aandeel": "a share of 1, so 0.92 and not 92",
    "zaken": "how many there are",
}


def _faults_of_n(measure: Measure, n: int | None) -> Iterator[Fault]:
    if measure.is_stock:
        if n is not None:
            yield Fault("n", "not-asked", "This measure is a number by itself, and has no n.")
    elif n is None:
        yield Fault("n", "required", "Of how many it is the mean or the share is needed.")
    elif not 1 <= n <= MOST_N:
        yield Fault("n", "out-of-range", f"A whole number from 1 to {MOST_N} is expected.")

"""The page of a department and that of the council, as HTML: one file with nothing from outside.

Pure. It prints on A4, and needs no script, colour or mouse to be read.
"""

from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment

from ingest.municipalities.touchpoints import CHANNEL_NAMES
from ingest.pages.templating import templates_of
from ingest.questionnaires.items import INDICATOR_NAMES
from ingest.reports import sentences
from ingest.reports.charts import Rows, Trend, rows, trend
from ingest.reports.council_findings import council_finding
from ingest.reports.figures import (
    Cell,
    CouncilReport,
    DepartmentReport,
    Neighbour,
    RegionalChannel,
    Series,
)
from ingest.reports.findings import (
    aim_text,
    findings_of,
    improved_text,
    theme_text,
)
from ingest.reports.words import (
    answers,
    capital,
    certain,
    day_name,
    month_name,
    number,
    percent,
    quarter_name,
    short_month,
    where,
)

_STYLE = Path(__file__).resolve().parent / "templates" / "report.css"


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of a department, with its picture."""

    series: Series
    trend: Trend
    now: str
    before: str
    others: str
    verdict: str
    described: str


class RegionCard(msgspec.Struct, frozen=True, kw_only=True):
    """One channel of the region, with its picture."""

    channel: RegionalChannel
    chart: Rows
    described: str
    judged: str


def department_page(report: DepartmentReport) -> str:
    """The page of one department."""
    cards = [
        Card(
            series=series,
            trend=trend(series, report.improved),
            now=sentences.now(series, report.month, report.today),
            before=sentences.before(series, is_judged=False),
            others=sentences.others(series),
            verdict=sentences.verdict(series),
            described=sentences.described(series, report.month, report.today),
        )
        for series in report.series
    ]
    return (
        _environment()
        .get_template("department.html")
        .render(
            report=report,
            cards=[card for card in cards if card.series.last.mean is not None],
            few=[card for card in cards if card.series.last.mean is None],
            findings=findings_of(report),
            themes_heading=sentences.themes_heading(report),
            found_of_ten=sentences.found_of_ten(report.themes or ()),
            as_of=sentences.as_of(report),
            questions=_questions(report),
            style=_style(),
        )
    )


def council_page(report: CouncilReport) -> str:
    """The page of a quarter for the council."""
    cards = [
        RegionCard(
            channel=channel,
            chart=rows(channel),
            described=_described(channel),
            judged=_judged(channel),
        )
        for channel in report.channels
    ]
    return (
        _environment()
        .get_template("council.html")
        .render(
            report=report,
            cards=cards,
            finding=council_finding(report),
            is_hidden=any(row.mean is None or row.n is None for row in _rows(report)),
            lacks_bar=any(row.mean is not None and row.low is None for row in _rows(report)),
            style=_style(),
        )
    )


def _rows(report: CouncilReport) -> list[Neighbour]:
    return [row for channel in report.channels for row in channel.rows]


class Questions(msgspec.Struct, frozen=True, kw_only=True):
    """What else was asked: a row for each channel with a figure, a column for each indicator.

    Where people answer by faces they have a row of their own, as it is another question. `shares`
    are the indicators of which the figure is how many say yes.
    """

    indicators: tuple[str, ...]
    shares: frozenset[str]
    rows: tuple[tuple[str, bool, tuple[Cell | None, ...]], ...]


def _questions(report: DepartmentReport) -> Questions:
    told = {(*_row_of(cell), cell.indicator): cell for cell in report.cells}
    shown = dict.fromkeys(_row_of(cell) for cell in report.cells if cell.figure.mean is not None)
    indicators = tuple(
        name for name in INDICATOR_NAMES.values() if any((*row, name) in told for row in shown)
    )
    return Questions(
        indicators=indicators,
        shares=frozenset(cell.indicator for cell in report.cells if cell.is_share),
        rows=tuple((*row, tuple(told.get((*row, name)) for name in indicators)) for row in shown),
    )


def _row_of(cell: Cell) -> tuple[str, bool]:
    return cell.channel, cell.kind == "smileys"


def _described(channel: RegionalChannel) -> str:
    """Every municipality of a channel in a sentence, in the order of the alphabet."""
    told = []
    for each in channel.rows:
        if each.mean is None:
            told.append(f"{each.name} verborgen")
        elif each.n is None:
            told.append(f"{each.name} {number(each.mean)}")
        else:
            told.append(f"{each.name} {number(each.mean)}, {answers(each.n)}")
    return f"{capital(where(channel.channel))}: {'; '.join(told)}."


def _judged(channel: RegionalChannel) -> str:
    others = channel.others
    if others is None or others.mean is None or others.low is None or others.high is None:
        return "Nog niet naast de andere gemeenten samen te leggen."
    ends = f"{number(others.low)} tot {number(others.high)}"
    verdict = sentences.judged(others.difference, others.p)
    return f"De anderen samen: {number(others.mean)} ({ends}), {answers(others.n)}. U: {verdict}."


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = templates_of("ingest.reports")
    environment.filters |= {
        "certain": certain,
        "number": number,
        "percent": percent,
        "month": month_name,
        "short_month": short_month,
        "day": day_name,
        "quarter": quarter_name,
        "answers": answers,
        "capital": capital,
        "channel": lambda code: CHANNEL_NAMES.get(code, code),
        "aim": aim_text,
        "verdict": sentences.aim_verdict,
        "improved": improved_text,
        "theme": theme_text,
        "followed": sentences.followed,
        "work": sentences.work,
    }
    return environment

"""One sentence a figure: the same on the page, under a picture, for who hears it, and in the mail.

Pure. Each figure comes with how certain it is and of how many answers.
"""

from collections.abc import Sequence
from datetime import date

from ingest.municipalities.touchpoints import CHANNEL_NAMES
from ingest.reports.certainty import CHANCE
from ingest.reports.figures import (
    Aim,
    DepartmentReport,
    FollowedUp,
    Others,
    Series,
    Theme,
    Verdict,
    Work,
)
from ingest.reports.months import first_of_quarter, has_ended
from ingest.reports.words import (
    MONTHS,
    answers,
    capital,
    certain,
    count,
    day_name,
    month_name,
    number,
    percent,
    signed,
    where,
)

_VERDICTS: dict[Verdict, str] = {
    "reached": "zeker gehaald",
    "missed": "zeker niet gehaald",
    "unsure": "nog niet te zeggen",
    "too-few": "te weinig antwoorden",
    "no-base": "geen oordeel, het basisjaar heeft te weinig antwoorden",
    "overlap": "nog geen oordeel, de perioden overlappen",
}
_NO_DIFFERENCE = "geen aantoonbaar verschil"


def aim_verdict(aim: Aim) -> str:
    """Of which channel it is, and whether it was reached: "Balie (hele kanaal): zeker gehaald"."""
    channel = CHANNEL_NAMES.get(aim.channel, aim.channel)
    whole = " (hele kanaal)" if aim.whole_channel else ""
    return f"{channel}{whole}: {_VERDICTS[aim.verdict]}"


def judged(difference: float | None, p: float | None) -> str:
    """A difference in words; what cannot be told from chance is no difference."""
    if difference is None or p is None:
        return "niets om mee te vergelijken"
    if p >= CHANCE:
        return _NO_DIFFERENCE
    return f"aantoonbaar {'hoger' if difference > 0 else 'lager'} ({signed(difference)})"


def verdict(series: Series) -> str:
    """Whether the month differs from the twelve before it."""
    if series.last.mean is None:
        return "te weinig antwoorden"
    difference = series.against.difference
    if difference is None:
        return "nog geen eerder cijfer"
    return judged(difference.value, series.against.p)


def now(series: Series, month: date, today: date) -> str:
    """The month's figure; with too few answers that of a longer time. `today`: what has ended."""
    if series.last.mean is not None:
        return f"{capital(where(series.channel))} in {month_name(month)}: {certain(series.last)}."
    period, figure = fallback(series, today)
    few = f"{capital(where(series.channel))} in {month_name(month)}: {certain(series.last)}"
    return f"{few}. {capital(period)}: {figure}." if period else f"{few}, {figure}."


def fallback(series: Series, today: date) -> tuple[str, str]:
    """Of a month with too few: the period that has a figure and that figure; else that none has."""
    month = series.months[-1].month
    if series.quarter.mean is not None:
        return quarter_months(first_of_quarter(month), today), certain(series.quarter)
    if series.year.mean is not None:
        ended = has_ended(date(month.year, 1, 1), 12, today)
        return f"heel {month.year}" if ended else f"{month.year} tot nu toe", certain(series.year)
    return "", f"ook over {month.year} minder dan tien antwoorden ({series.year.n})"


def quarter_months(first: date, today: date) -> str:
    """ "juli tot en met september 2026"; of a quarter that runs: "oktober 2026 tot nu toe"."""
    if not has_ended(first, 3, today):
        return f"{month_name(first)} tot nu toe"
    return f"{MONTHS[first.month - 1]} tot en met {MONTHS[first.month + 1]} {first.year}"


def themes_heading(report: DepartmentReport) -> str:
    """Of which months it is what people write about: of the quarter where a month has too few."""
    if not report.themes_of_quarter:
        return f"Waar mensen over schrijven, in {month_name(report.month)}"
    months = quarter_months(first_of_quarter(report.month), report.today)
    return f"Waar mensen over schrijven, van {months}"


def before(series: Series, *, is_judged: bool = True) -> str:
    """The twelve months before it, and whether the month differs where that is asked for."""
    against = series.against
    if not against.months:
        return "In de twaalf maanden ervoor had geen maand tien antwoorden."
    whole = against.months == len(series.months) - 1
    some = "" if whole else f" ({count(against.months)} met genoeg antwoorden)"
    told = f"In de twaalf maanden ervoor{some}: {certain(against.before)}"
    if series.last.mean is None or not is_judged:
        return f"{told}."
    return f"{told}: {verdict(series)}."


def others(series: Series) -> str:
    """The whole channel beside the other municipalities; empty where nothing was told."""
    told = series.others
    if told is None:
        return ""
    if told.own.mean is None or told.mean is None:
        return ""
    beside = f"{_others(told)}: {judged(told.difference, told.p)}"
    if told.month == series.months[-1].month and told.own.n == series.last.n:
        return f"{capital(beside)}."
    return f"Hele kanaal in {month_name(told.month)}: {certain(told.own)}; {beside}."


def _others(told: Others) -> str:
    gemeenten = f"{count(told.municipalities)} andere gemeenten"
    if told.municipalities == 1:
        gemeenten = "één andere gemeente"
    if told.mean is None or told.low is None or told.high is None:
        return gemeenten
    ends = f"{number(told.low)} tot {number(told.high)}"
    return f"{gemeenten} {number(told.mean)} ({ends}), {answers(told.n)}"


def described(series: Series, month: date, today: date) -> str:
    """All of a channel, for who does not see the picture."""
    return " ".join(part for part in (now(series, month, today), before(series)) if part)


def work(each: Work) -> tuple[str, str]:
    """A figure of the work with its unit and of how many, and beside its norm."""
    value = f"{_amount(each.value, each.unit)}"
    if each.n is not None:
        value += f" ({number(each.n, 0)} gemeten)"
    if each.norm is None:
        return value, "geen norm"
    norm = _amount(each.norm, each.unit)
    return value, f"norm {norm}: {'gehaald' if each.kept else 'niet gehaald'}"


def _amount(value: float, unit: str) -> str:
    if unit == "aandeel":
        return percent(value)
    decimals = 0 if unit == "zaken" or value == int(value) else 1
    return f"{number(value, decimals)} {unit}"


def followed(each: FollowedUp) -> str:
    """What was done with the signals of a channel."""
    told = [f"{capital(where(each.channel))} {number(each.n, 0)} signalen."]
    if each.hours_to_seen is not None:
        told.append(f"De helft was binnen {number(each.hours_to_seen)} werkuren gezien.")
    if each.in_time is not None:
        of = number(each.of_in_time, 0)
        told.append(f"Van {of} is {percent(each.in_time)} binnen twee werkdagen gezien.")
    if each.improved is not None:
        of = number(each.of_improved, 0)
        told.append(f"Van {of} die klaar zijn, is bij {percent(each.improved)} iets verbeterd.")
    if each.weeks_open is not None:
        told.append(f"Aan het einde stond het oudste {_weeks(each.weeks_open)} open.")
    return " ".join(told)


def _weeks(weeks: int) -> str:
    return "minder dan een week" if weeks == 0 else "1 week" if weeks == 1 else f"{weeks} weken"


def found_of_ten(themes: Sequence[Theme]) -> str:
    """Of ten texts about these themes how many are found, and of ten that are found how many are.

    Themes for which nobody measured both are named; empty where nobody did for any.
    """
    recalls, precisions, unmeasured = [], [], []
    for each in themes:
        if each.recall is None or each.precision is None:
            unmeasured.append(each.name)
        else:
            recalls.append(each.recall)
            precisions.append(each.precision)
    if not recalls:
        return ""
    told = (
        f"Van tien teksten over zo'n thema vinden wij er {_of_ten(recalls)}; daarom staat er "
        f"“ten minste”. Van tien die wij vinden, gaan er {_of_ten(precisions)} ook echt over."
    )
    if not unmeasured:
        return told
    # A theme may stand there once for each channel.
    *others, last = dict.fromkeys(unmeasured)
    names = f"{', '.join(others)} en {last}" if others else last
    return f"{told} Voor {names} is dat niet gemeten."


def _of_ten(shares: Sequence[float]) -> str:
    """The smallest and the largest share, of ten, in words: "zeven tot acht"."""
    return " tot ".join(
        dict.fromkeys(count(round(10 * each)) for each in (min(shares), max(shares)))
    )


def as_of(report: DepartmentReport) -> str:
    """Of what moment the figures are, and whether more may come."""
    if report.looked_at is None:
        return "Er is nog niet gekeken wat mag verschijnen: dat gebeurt elke ochtend om zes uur."
    looked = f"Stand van {day_name(report.looked_at.date())}"
    waiting = (
        f" Er {'wacht' if report.waiting == 1 else 'wachten'} nog {answers(report.waiting)} tot "
        "hun groep van tien vol is."
        if report.waiting
        else ""
    )
    if report.provisional:
        return (
            f"{looked}, voorlopig: tot de 8e van de maand erna komen er nog antwoorden bij, en dan "
            f"verschijnen ook de cijfers van de regio.{waiting}"
        )
    return f"{looked}.{waiting}"

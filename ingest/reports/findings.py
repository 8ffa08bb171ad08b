"""What a report says first: the finding that is its title, and what else was found. Pure.

In this order, the first that holds is the title: a mark that fell, one that rose, a target that is
surely missed, a channel below the others, a target that is surely reached, a channel above the
others, an improvement after which the mark moved, a theme that is written about more often. Of two
of a kind the larger goes first. Each counts only where chance seldom gives so much. When none
holds, that nothing demonstrably changed is the finding: it is a full result. Under ten answers in
every channel the title says so, and the page gives the figure of the year.
"""

from collections.abc import Callable, Iterator

import msgspec

from ingest.reports.certainty import CHANCE
from ingest.reports.figures import (
    Aim,
    DepartmentReport,
    Improved,
    Series,
    Theme,
)
from ingest.reports.words import (
    MONTHS,
    answers,
    capital,
    certain,
    day_name,
    month_name,
    number,
    percent,
    where,
)

MOST_WORDS = 10
"""A title has no more words: it is read in one glance."""

MOST_FINDINGS = 3
"""So many at most stand at the top; the rest of the page tells the others."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was found: a title, and sentences with the figures that it stands on."""

    kind: str
    title: str
    text: str


def findings_of(report: DepartmentReport) -> tuple[Finding, ...]:
    """What was found, the most important first; at least one, at most `MOST_FINDINGS`."""
    found = [finding for rule in _RULES for finding in rule(report)]
    if found:
        return tuple(found[:MOST_FINDINGS])
    if any(series.last.mean is not None for series in report.series):
        return (_nothing_changed(report),)
    return (_too_few(report),)


def fallback(series: Series) -> tuple[str, str]:
    """Of a month with too few: the period that has a figure and that figure; else that none has."""
    month = series.months[-1].month
    first = (month.month - 1) // 3 * 3
    if series.quarter.mean is not None:
        return f"{MONTHS[first]} tot en met {MONTHS[first + 2]} {month.year}", certain(
            series.quarter
        )
    if series.year.mean is not None:
        return f"heel {month.year} tot nu toe", certain(series.year)
    return "", f"ook over {month.year} minder dan tien antwoorden ({series.year.n})"


def _fell_or_rose(report: DepartmentReport, *, fell: bool) -> Iterator[Finding]:
    changed = [
        (series, difference.value)
        for series in report.series
        if series.against.is_sure
        and (difference := series.against.difference)
        and (difference.value < 0) == fell
    ]
    for series, _ in sorted(changed, key=lambda each: -abs(each[1])):
        yield Finding(
            kind="fell" if fell else "rose",
            title=capital(
                f"{where(series.channel)} is het cijfer aantoonbaar "
                f"{'gedaald' if fell else 'gestegen'}"
            ),
            text=_change_text(series, report),
        )


def _change_text(series: Series, report: DepartmentReport) -> str:
    before = series.against.before
    return (
        f"{capital(where(series.channel))} was het cijfer in {month_name(report.month)} "
        f"{certain(series.last)}. In de twaalf maanden ervoor was dat {certain(before)}. "
        "Dat verschil is groter dan toeval meestal geeft."
    )


def _aims(report: DepartmentReport, *, verdict: str) -> Iterator[Finding]:
    for aim in report.aims:
        if aim.verdict == verdict:
            reached = verdict == "reached"
            named = (
                f"Het doel {where(aim.channel)} is {'zeker' if reached else 'zeker niet'} gehaald"
            )
            yield Finding(kind=verdict, title=named, text=aim_text(aim))


def aim_text(aim: Aim) -> str:
    """What was aimed at, and what was found of it, with how sure that is."""
    since, until = month_name(aim.since), month_name(aim.until)
    found = f"Van {since} tot en met {until}: {certain(aim.figure, share=aim.fall is not None)}."
    if aim.fall is None:
        return f"Doel: gemiddeld minstens een {number(aim.aim or 0.0)}. {found}"
    fall = f"{number(aim.fall, 0)} % minder cijfers {aim.low_marks} dan in {aim.base_year}"
    level = f", dus hoogstens {percent(aim.aim)}" if aim.aim is not None else ""
    return f"Doel: {fall}{level}. {found}"


def _others(report: DepartmentReport, *, higher: bool) -> Iterator[Finding]:
    sure = [
        (series, others)
        for series in report.series
        if (others := series.others)
        and others.p is not None
        and others.p < CHANCE
        and ((others.difference or 0.0) > 0) == higher
    ]
    for series, others in sorted(sure, key=lambda each: -abs(each[1].difference or 0.0)):
        mean = number(others.mean or 0.0)
        yield Finding(
            kind="above" if higher else "below",
            title=beside_title(series.channel, higher),
            text=(
                f"In {month_name(others.month)} gaf men {where(series.channel)} in "
                f"{report.municipality} {certain(others.own)}, en in de andere gemeenten "
                f"({others.municipalities}) samen {mean}, {answers(others.n)}. Dat gaat over het "
                "hele kanaal, niet alleen over uw afdeling."
            ),
        )


def beside_title(channel: str, higher: bool) -> str:
    """That a channel is above or below the other municipalities together."""
    return capital(f"{where(channel)} is het cijfer {'hoger' if higher else 'lager'} dan elders")


def _improvements(report: DepartmentReport) -> Iterator[Finding]:
    for each in report.improved:
        if each.effect in ("hoger", "lager"):
            yield Finding(
                kind="improved",
                title=capital(
                    f"{where(each.channel)} werd het cijfer {each.effect} na verbetering"
                ),
                text=improved_text(each),
            )


def improved_text(each: Improved) -> str:
    """Whether the mark moved in eight weeks; why not to say that it came of that."""
    told = where(each.channel)
    if each.effect == "te vroeg":
        return (
            f"Of het cijfer {told} daarna anders werd, is te zeggen vanaf "
            f"{day_name(each.judged_from)}. Tot nu toe zijn er {answers(each.n_after)}."
        )
    if each.effect == "te weinig":
        return (
            f"Over het cijfer {told} is niets te zeggen: {answers(each.n_before)} in de acht weken "
            f"ervoor, {number(each.n_after, 0)} in de acht weken erna."
        )
    found = (
        f"Acht weken ervoor gaf men {told} {number(each.before or 0.0)} "
        f"({answers(each.n_before)}), acht weken erna {number(each.after or 0.0)} "
        f"({answers(each.n_after)})"
    )
    if each.effect == "geen aantoonbaar verschil":
        return f"{found}: geen aantoonbaar verschil."
    return f"{found}: aantoonbaar {each.effect}. Of dat hierdoor komt, is niet zeker."


def _themes(report: DepartmentReport) -> Iterator[Finding]:
    for theme in report.themes or ():
        if theme.change == "vaker":
            yield Finding(
                kind="theme",
                title=f"Mensen schrijven vaker over {theme.name.lower()}",
                text=theme_text(theme),
            )


def theme_text(theme: Theme) -> str:
    """How often it was written about, at least."""
    return (
        f"{capital(where(theme.channel))} gaat ten minste {percent(theme.share)} van de "
        f"toelichtingen over {theme.name.lower()}: {number(theme.count, 0)} van "
        f"{number(theme.n, 0)} ({percent(theme.low)} tot {percent(theme.high)})."
    )


def _nothing_changed(report: DepartmentReport) -> Finding:
    judged = [each.against.difference for each in report.series if each.against.difference]
    if not judged:
        return Finding(
            kind="first",
            title=f"Dit zijn de eerste cijfers: {month_name(report.month)}",
            text="Er zijn nog geen eerdere maanden met tien antwoorden om mee te vergelijken.",
        )
    return Finding(
        kind="same",
        title="Geen aantoonbaar verschil met de twaalf maanden ervoor",
        text=(
            f"In {of_channels(len(judged))} is het verschil zo klein dat het toeval kan zijn. "
            "Ook dat is een uitkomst. Een verschil van "
            f"{number(max(each.findable for each in judged))} of meer was met deze aantallen "
            "meestal wel opgevallen."
        ),
    )


def _too_few(report: DepartmentReport) -> Finding:
    n = sum(series.last.n for series in report.series)
    return Finding(
        kind="too-few",
        title=f"Te weinig antwoorden in {MONTHS[report.month.month - 1]}: kijk naar het jaar",
        text=(
            f"Er {'is' if n == 1 else 'zijn'} {answers(n)}, en in geen kanaal tien. Onder de tien "
            "zegt een cijfer niets, en is te raden wie het gaf. Hieronder staat waar dat kan het "
            "cijfer van een langere tijd."
        ),
    )


def of_channels(n: int) -> str:
    """ "alle 3 kanalen": those with enough answers."""
    return "het ene kanaal met genoeg antwoorden" if n == 1 else f"alle {n} kanalen"


_RULES: tuple[Callable[[DepartmentReport], Iterator[Finding]], ...] = (
    lambda report: _fell_or_rose(report, fell=True),
    lambda report: _fell_or_rose(report, fell=False),
    lambda report: _aims(report, verdict="missed"),
    lambda report: _others(report, higher=False),
    lambda report: _aims(report, verdict="reached"),
    lambda report: _others(report, higher=True),
    _improvements,
    _themes,
)

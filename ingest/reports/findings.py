"""What a report says first: the finding that is its title, and what else was found. Pure.

In this order, the first that holds is the title: a mark that fell, one that rose, a target that is
surely missed, a channel below the others, a target that is surely reached, a channel above the
others, an improvement after which the mark moved, a theme that is written about more often. Of two
of a kind the larger goes first. Each counts only where chance seldom gives so much. When no mark
moved, that is told too, and is the title when there is nothing else: it is a full result. Under ten
answers in every channel the page says so, and gives the figure of a longer time; where nothing was
published it says from when there is something.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from ingest.reports.certainty import CHANCE
from ingest.reports.figures import (
    Aim,
    DepartmentReport,
    Improved,
    Series,
    Theme,
)
from ingest.reports.sentences import fallback
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
    where,
)

MOST_WORDS = 11
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
    if not report.series:
        return (_nothing(report),)
    found = [finding for rule in _RULES for finding in rule(report)]
    if all(series.last.mean is None for series in report.series):
        return (*found[: MOST_FINDINGS - 1], _too_few(report)) if found else (_too_few(report),)
    if any(series.against.is_sure for series in report.series):
        return tuple(found[:MOST_FINDINGS])
    # That nothing changed is told in any case: else who reads of a target thinks that it is new.
    return (*found[: MOST_FINDINGS - 1], _nothing_changed(report))


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
        # What is judged is the twelve months up to now: of the page of an earlier month no finding.
        if aim.verdict == verdict and aim.until.replace(day=1) == report.month:
            # The month's own figure may lie on the other side of it.
            sure = "zeker" if verdict == "reached" else "zeker niet"
            named = f"Doel {where(aim.channel)} over twaalf maanden {sure} gehaald"
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
    """How often it was written about, at least, and whether that changed."""
    changed = {"vaker": ", vaker dan ervoor", "minder vaak": ", minder vaak dan ervoor"}
    return (
        f"{theme.name} ({where(theme.channel)}): ten minste {percent(theme.share)} "
        f"({percent(theme.low)} tot {percent(theme.high)}) van {number(theme.n, 0)} "
        f"toelichtingen{changed.get(theme.change, '')}."
    )


def _nothing_changed(report: DepartmentReport) -> Finding:
    judged = {
        series.channel: series.against.difference
        for series in report.series
        if series.against.difference
    }
    if not judged:
        return Finding(
            kind="first",
            title=f"Dit zijn de eerste cijfers: {month_name(report.month)}",
            text="Er zijn nog geen eerdere maanden met tien antwoorden om mee te vergelijken.",
        )
    channels = capital(of_channels(list(judged)))
    by_size = sorted(judged, key=lambda channel: judged[channel].findable)
    least, most = (
        f"{number(judged[channel].findable)} ({where(channel)})"
        for channel in (by_size[0], by_size[-1])
    )
    span = f"{least} tot {most}" if len(judged) > 1 else number(judged[by_size[0]].findable)
    return Finding(
        kind="same",
        title="Geen aantoonbaar verschil met de twaalf maanden ervoor",
        text=(
            f"{channels} is het verschil zo klein dat het toeval kan zijn. Ook dat is een "
            f"uitkomst. Met deze aantallen valt meestal pas een verschil van {span} op."
        ),
    )


def _too_few(report: DepartmentReport) -> Finding:
    n = sum(series.last.n for series in report.series)
    month = MONTHS[report.month.month - 1]
    title, longer = (
        f"Nog te weinig antwoorden in {month} voor een cijfer",
        ("Ook over een langere tijd zijn het er nog geen tien."),
    )
    if any(fallback(series, report.today)[0] for series in report.series):
        title, longer = (
            f"Te weinig antwoorden in {month}: kijk naar het jaar",
            ("Hieronder staat waar dat kan het cijfer van een langere tijd."),
        )
    return Finding(
        kind="too-few",
        title=title,
        text=(
            f"Er {'is' if n == 1 else 'zijn'} {answers(n)}, en in geen kanaal tien. Onder de tien "
            f"zegt een cijfer niets, en is te raden wie het gaf. {longer}"
        ),
    )


def _nothing(report: DepartmentReport) -> Finding:
    if report.since is not None and report.since < report.month:
        text = (
            f"In de twaalf maanden ervoor is ook niets verschenen dat bij {report.department} "
            f"telt. De eerste antwoorden zijn van {month_name(report.since)}."
        )
    elif report.since is not None:
        text = (
            f"De eerste antwoorden die bij {report.department} tellen, zijn van "
            f"{month_name(report.since)}. Vanaf die maand staat er iets in dit rapport."
        )
    else:
        text = (
            f"Er is nog niets verschenen dat bij {report.department} telt. Antwoorden verschijnen "
            "met tien tegelijk, en op zijn vroegst de ochtend erna. Vanaf tien antwoorden staat "
            "hier een cijfer, en na de tweede maand of het anders is dan ervoor."
        )
    return Finding(
        kind="nothing", title=f"Er zijn geen cijfers over {month_name(report.month)}", text=text
    )


def of_channels(channels: Sequence[str]) -> str:
    """ "bij meldingen", or "in alle vier kanalen met genoeg antwoorden"."""
    if len(channels) == 1:
        return where(channels[0])
    return f"in alle {count(len(channels))} kanalen met genoeg antwoorden"


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

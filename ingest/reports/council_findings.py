"""What the council's page says first. Pure.

How the own municipality stands beside the others together, and never who is first or last: another
municipality asks in another hall, at another moment.
"""

from ingest.reports.certainty import CHANCE
from ingest.reports.figures import CouncilReport, RegionalChannel
from ingest.reports.findings import Finding, beside_title, of_channels
from ingest.reports.words import answers, capital, certain, number, quarter_name, where


def council_finding(report: CouncilReport) -> Finding:
    """How the own municipality stands beside the others together, over all channels."""
    judged = [each for each in report.channels if _p(each) <= 1]
    quarter = quarter_name(report.quarter)
    if not judged:
        return Finding(
            kind="none",
            title="Nog te weinig cijfers om naast elkaar te leggen",
            text=f"Van het {quarter} is nog geen kanaal met een cijfer van u en van een ander.",
        )
    sure = [each for each in judged if _p(each) < CHANCE]
    if not sure:
        channels = of_channels([each.channel for each in judged])
        return Finding(
            kind="same",
            title="Geen aantoonbaar verschil met de andere gemeenten",
            text=(
                f"In het {quarter} is {channels} het verschil met de andere gemeenten samen zo "
                "klein dat het toeval kan zijn. Ook dat is een uitkomst."
            ),
        )
    largest = max(sure, key=lambda each: abs(_difference(each)))
    higher = _difference(largest) > 0
    return Finding(
        kind="higher" if higher else "lower",
        title=beside_title(largest.channel, higher),
        text=" ".join(_beside_text(each, report.municipality) for each in sure),
    )


def _p(channel: RegionalChannel) -> float:
    """Above 1 where nothing was compared."""
    others = channel.others
    return 2.0 if others is None or others.p is None else others.p


def _difference(channel: RegionalChannel) -> float:
    return (channel.others.difference if channel.others else None) or 0.0


def _beside_text(channel: RegionalChannel, municipality: str) -> str:
    others = channel.others
    if others is None:
        return ""
    more = "hoger" if _difference(channel) > 0 else "lager"
    return (
        f"{capital(where(channel.channel))} gaf men in {municipality} {certain(others.own)}: "
        f"aantoonbaar {more} dan de {number(others.mean or 0.0)} ({answers(others.n)}) van de "
        f"andere {others.municipalities} samen."
    )

"""A department's report as a mail: the same sentences as on its page. Pure.

No word of a resident is in it: it is made of figures, and of sentences of the municipality.
"""

import re
from collections.abc import Iterable

import msgspec

from ingest.municipalities.touchpoints import CHANNEL_NAMES
from ingest.reports import sentences
from ingest.reports.figures import DepartmentReport, Work
from ingest.reports.findings import aim_text, findings_of, improved_text, theme_text
from ingest.reports.words import capital, day_name, month_name

_MOST_SUBJECT = 150
_HOW_TO_READ = (
    "8,1 (7,8 tot 8,4) betekent: antwoordde iedereen, dan lag het cijfer met 95 % zekerheid "
    "tussen 7,8 en 8,4. Vergelijk kanalen niet met elkaar."
)
# A mail's HTML makes links of addresses: a report needs none, and a file may write one.
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class ReportMail(msgspec.Struct, frozen=True, kw_only=True):
    """`plain` has an empty line between paragraphs; its HTML is made of that."""

    subject: str
    plain: str


def mail_of(report: DepartmentReport) -> ReportMail:
    """The mail with what the page says, without its pictures."""
    found = findings_of(report)
    month = month_name(report.month)
    preliminary = " (voorlopig)" if report.provisional else ""
    subject = f"{report.department}, {month}: {found[0].title}"
    parts = [
        f"{report.department}, gemeente {report.municipality}\n{capital(month)}{preliminary}",
        *(["Verzonnen cijfers, om te zien hoe een rapport eruitziet."] if report.fictional else []),
        found[0].title,
        found[0].text,
        *(f"Ook gevonden: {each.title}. {each.text}" for each in found[1:]),
        *_marks(report),
        *_part("Doelen", (f"{sentences.aim_verdict(a)}.\n{aim_text(a)}" for a in report.aims)),
        *_part(
            sentences.themes_heading(report),
            (theme_text(each) for each in report.themes or ()),
        ),
        *_part(
            "Wat met signalen is gedaan",
            (sentences.followed(each) for each in report.followed_up or ()),
        ),
        *_part(
            "Wat is verbeterd",
            (f"{day_name(i.day)}: {i.text}\n{improved_text(i)}" for i in report.improved),
        ),
        *_part("Het werk zelf", map(_work, report.work)),
        _HOW_TO_READ,
        sentences.as_of(report),
        "De pagina met grafieken maakt uw beheerder met 'meetpunt report'.",
    ]
    return ReportMail(
        subject=_one_line(subject)[:_MOST_SUBJECT],
        plain=_ADDRESS.sub("", "\n\n".join(parts)) + "\n",
    )


def _marks(report: DepartmentReport) -> list[str]:
    told = []
    for series in report.series:
        lines = [
            sentences.now(series, report.month, report.today),
            sentences.before(series),
            sentences.others(series),
        ]
        told.append("\n".join(line for line in lines if line))
    if not told:
        return ["Er is nog geen cijfer dat bij deze afdeling telt."]
    return ["Het cijfer, per kanaal", *told]


def _part(heading: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return [heading, *listed] if listed else []


def _work(each: Work) -> str:
    value, norm = sentences.work(each)
    return f"{_channel(each.channel)}, {each.measure.lower()}: {value}, {norm}."


def _channel(code: str) -> str:
    return CHANNEL_NAMES.get(code, code)


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""How a report says things in Dutch: numbers, months, channels. Pure."""

from datetime import date

from ingest.municipalities.touchpoints import CHANNEL_NAMES
from ingest.reports.figures import Figure, Series

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september"),
    *("oktober", "november", "december"),
)
_WHERE = {
    "balie": "aan de balie",
    "telefonie": "aan de telefoon",
    "online": "online",
    "melding": "bij meldingen",
    "chat": "in de chat",
    "terugbelverzoek": "bij terugbellen",
    "vergunning": "bij vergunningen",
    "huwelijk": "bij huwelijken",
    "sociaal-domein": "in het sociaal domein",
}
_QUARTERS = ("eerste", "tweede", "derde", "vierde")


_COUNTS = ("nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")


def count(n: int) -> str:
    """ "drie"; from eleven on in digits."""
    return _COUNTS[n] if n < len(_COUNTS) else number(n, 0)


def number(value: float, decimals: int = 1) -> str:
    """As the Dutch write it: a comma, and a dot between thousands (a space splits a number)."""
    written = f"{value:,.{decimals}f}"
    return written.replace(",", " ").replace(".", ",").replace(" ", ".")


def signed(value: float) -> str:
    """A difference: "+0,3", "−0,3" with a real minus sign, "0,0"."""
    written = number(abs(value))
    if written == number(0):
        return written
    return f"{'+' if value > 0 else '−'}{written}"  # a minus sign


def percent(share: float) -> str:
    """A share of 0 to 1 in whole percents: "17 %", the two kept together."""
    return f"{number(100 * share, 0)} %"


def answers(n: int) -> str:
    """ "1 antwoord", "1.234 antwoorden"."""
    return f"{number(n, 0)} {'antwoord' if n == 1 else 'antwoorden'}"


def month_name(month: date) -> str:
    """ "oktober 2026"."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def short_month(month: date) -> str:
    """ "okt ’26", below a picture; of March "mrt"."""
    short = "mrt" if month.month == 3 else MONTHS[month.month - 1][:3]
    return f"{short} ’{month.year % 100:02d}"


def day_name(day: date) -> str:
    """ "8 november 2026"."""
    return f"{day.day} {month_name(day)}"


def quarter_name(quarter: date) -> str:
    """ "derde kwartaal van 2026"."""
    return f"{_QUARTERS[(quarter.month - 1) // 3]} kwartaal van {quarter.year}"


def where(channel: str) -> str:
    """ "aan de balie"; a channel of one's own: "bij <name>"."""
    return _WHERE.get(channel, f"bij {CHANNEL_NAMES.get(channel, channel).lower()}")


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def certain(figure: Figure, *, share: bool = False) -> str:
    """ "8,1 (7,8 tot 8,4), 212 antwoorden"; under ten answers that there are too few."""
    if figure.mean is None or figure.low is None or figure.high is None:
        return f"te weinig antwoorden ({number(figure.n, 0)})"
    write = percent if share else number
    ends = f"{write(figure.low)} tot {write(figure.high)}"
    return f"{write(figure.mean)} ({ends}), {answers(figure.n)}"


def scale_note(series: Series) -> str:
    """Of another scale than school marks, between which ends it lies; else nothing."""
    if series.is_mark:
        return ""
    return f"op een schaal van {series.lowest} tot {series.highest}"

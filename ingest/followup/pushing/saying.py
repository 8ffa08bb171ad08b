"""What is told of signals: how many, where, why, and by which half day. Pure, and in Dutch.

Never a text, a mark or a detail of somebody's answer: none of that is in a signal.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from ingest.followup.pushing.statements import Count
from ingest.municipalities.departments import REST, Department, department_of
from ingest.municipalities.municipality import Municipality, Touchpoint

MORNING = "ochtend"

TYPE = "signals.shown"
TEST_TYPE = "signals.test"
"""What a webhook is told: that there are signals, or only that it can be reached."""

_REST_NAME = "Overig"
_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)


class ToldSignals(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """As a webhook is told of these."""

    touchpoint: str
    touchpoint_name: str
    department: str
    department_name: str
    reason: str
    theme: str | None
    day: date
    half_day: str
    count: int


class ToldData(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All of one delivery. `summary` says the same in Dutch, for a program that only shows it."""

    municipality: str
    count: int
    signals: list[ToldSignals]
    summary: str
    follow_up_url: str


class Told(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The body of a webhook; `timestamp` is when the delivery was made, the same at every try."""

    type: str
    timestamp: datetime
    data: ToldData


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A digest as a mail says it."""

    subject: str
    plain: str


def counted(signals: Iterable[Count]) -> list[Count]:
    """The same, each kind once and counted, in an order that tells nothing of who came first."""
    found: Counter[Count] = Counter()
    for each in signals:
        found[msgspec.structs.replace(each, n=0)] += each.n
    return [msgspec.structs.replace(each, n=n) for each, n in sorted(found.items(), key=_place)]


def whose(municipality: Municipality, number: int) -> Department | None:
    """The department that answers for a touchpoint; None: none does."""
    touchpoint = _touchpoint(municipality, number)
    if touchpoint is None:
        return None
    slug = department_of(municipality.departments, touchpoint)
    return next((each for each in municipality.departments if each.slug == slug), None)


def body_of(
    municipality: Municipality,
    counts: Sequence[Count],
    *,
    made: datetime,
    today: date,
    follow_up_url: str,
    kind: str = TYPE,
) -> bytes:
    """What a webhook is told. `today` is the day in Amsterdam, for words such as "vanmorgen"."""
    data = ToldData(
        municipality=municipality.slug,
        count=sum(each.n for each in counts),
        signals=[_signals(municipality, each) for each in counts],
        summary="\n".join(lines(municipality, counts, today=today)),
        follow_up_url=follow_up_url,
    )
    timestamp = made.astimezone(UTC).replace(microsecond=0)
    return msgspec.json.encode(Told(type=kind, timestamp=timestamp, data=data))


def mail_of_signals(
    municipality: Municipality,
    department: Department | None,
    counts: Sequence[Count],
    *,
    today: date,
    follow_up_url: str,
) -> Mail:
    """A digest for a department, or for who is told of what belongs to none."""
    many = sum(each.n for each in counts)
    signals = "1 signaal" if many == 1 else f"{many} signalen"
    where = f" voor {department.name}" if department else ""
    whose = "" if department else ", van geen afdeling met een eigen mailadres"
    listed = "\n".join(f"- {each}" for each in lines(municipality, counts, today=today))
    plain = f"""Hallo,

Er {"is" if many == 1 else "zijn"} {signals} van inwoners{where}{whose}:

{listed}

Kijk hier wat u ermee kunt doen:
{follow_up_url}

In dit bericht staat niet wat inwoners schreven, en niet wie het was.

Gemeente {municipality.name}
"""
    return Mail(subject=f"{signals} van inwoners{where}", plain=plain)


def lines(municipality: Municipality, counts: Sequence[Count], *, today: date) -> list[str]:
    """A line for each: "3 lage cijfers bij Balie in de hal, vanmorgen of eerder".

    Its half day is when ten were together: some of them may have answered before it.
    """
    return [
        f"{_what(each)} bij {_name(municipality, each.touchpoint)}, {when(each, today)} of eerder"
        for each in counts
    ]


def when(count: Count, today: date) -> str:
    """Its half day, as one says it `today`."""
    morning = count.half == MORNING
    if count.day == today:
        return "vanmorgen" if morning else "vanmiddag"
    if count.day == today - timedelta(days=1):
        return "gistermorgen" if morning else "gistermiddag"
    weekday = _WEEKDAYS[count.day.weekday()]
    half = "ochtend" if morning else "middag"
    return f"{weekday}{half} {count.day.day} {_MONTHS[count.day.month - 1]}"


def _what(count: Count) -> str:
    match count.reason:
        case "laag":
            return "1 laag cijfer" if count.n == 1 else f"{count.n} lage cijfers"
        case "niet-geholpen":
            return f"{count.n} keer niet geholpen"
        case _:
            return f"vaker opmerkingen over {count.theme or count.reason}"


def _touchpoint(municipality: Municipality, number: int) -> Touchpoint | None:
    """None where it was taken out of the file, which nobody should do."""
    return next((each for each in municipality.touchpoints if each.number == number), None)


def _name(municipality: Municipality, number: int) -> str:
    touchpoint = _touchpoint(municipality, number)
    return (
        f"meetpunt {number}" if touchpoint is None else touchpoint.name.get("nl", touchpoint.slug)
    )


def _signals(municipality: Municipality, count: Count) -> ToldSignals:
    touchpoint = _touchpoint(municipality, count.touchpoint)
    department = whose(municipality, count.touchpoint)
    return ToldSignals(
        touchpoint=touchpoint.slug if touchpoint else str(count.touchpoint),
        touchpoint_name=_name(municipality, count.touchpoint),
        department=department.slug if department else REST,
        department_name=department.name if department else _REST_NAME,
        reason=count.reason,
        theme=count.theme,
        day=count.day,
        half_day=count.half,
        count=count.n,
    )


def _place(counted: tuple[Count, int]) -> tuple[date, bool, int, str, str]:
    count, _ = counted
    return (
        count.day,
        count.half != MORNING,
        count.touchpoint,
        count.reason,
        count.theme or "",
    )

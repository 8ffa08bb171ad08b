"""Systems of others that we ask or tell: whether each does as asked, and since when it does not."""

from collections.abc import Iterator
from datetime import datetime

from ingest.clock import AMSTERDAM
from ingest.doctor.findings import Finding, ago, look, ok, wrong
from ingest.doctor.sight import INGEST, Sight, needs
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.this_machine import leads_here
from ingest.tasks.neighbours import Kind, Neighbour, read_neighbours

_NAMES = {
    Kind.CASES: ("the case system", "zgw"),
    Kind.CONTACTS: ("Open Klant", "openklant"),
    Kind.REPORTS: ("Signalen", "signalen"),
}
_DOES = {
    "key-refused": "refuses the key",
    "unreachable": "cannot be reached",
    "no-answer": "does not answer",
    "connection-lost": "does not answer",
    "system-failed": "fails when it is asked",
    "failing": "fails when it is asked",
    "certificate-refused": "has a certificate that is not trusted",
    "too-slow": "takes too long to answer",
    "failed": "tells what nobody here understands",
    "inbox-full": "tells of more than may wait here",
    "key-unreadable": "is not asked, as its key cannot be read",
}


async def examine(sight: Sight) -> list[Finding]:
    """Each that the files name, as it was when it was last asked, and whether it may be called."""
    return [*_here(sight), *await _asked(sight)]


def _here(sight: Sight) -> Iterator[Finding]:
    """What files say of this machine itself."""
    if sight.settings.loopback:
        yield look(
            "MEETPUNT_LOOPBACK=1: a municipality's file may have this machine itself called, and "
            "all that listens here alone."
        )
        return
    for here in sight.catalogue.municipalities.values() if sight.catalogue else ():
        for *table, key in leads_here(here):
            yield wrong(
                f"`{key}` in [{'.'.join(map(str, table))}] of {here.slug} leads to this machine "
                "itself, which is not called: MEETPUNT_LOOPBACK=1 allows it."
            )


async def _asked(sight: Sight) -> list[Finding]:
    db = sight.ingest or sight.work or sight.folder
    if db is None:
        return needs(INGEST)
    known = {(each.municipality, each.kind): each for each in await read_neighbours(db)}
    files = sight.catalogue.municipalities.values() if sight.catalogue else ()
    now = sight.clock()
    return [
        _told(here, kind, known.get((here.code, kind)), now)
        for here in files
        for kind in _kinds(here)
    ] or [
        ok(
            "No case system, Open Klant or Signalen is asked or told anything. Senders, and who is "
            "told of signals, stand under subjects of their own."
        )
    ]


def _kinds(here: Municipality) -> Iterator[Kind]:
    if here.cases:
        yield Kind.CASES
    if here.contacts:
        yield Kind.CONTACTS
    if here.signalen:
        yield Kind.REPORTS


def _told(here: Municipality, kind: Kind, known: Neighbour | None, now: datetime) -> Finding:
    name, command = _NAMES[kind]
    sentence = f"{name[0].upper()}{name[1:]} of {here.slug}"
    if known is not None and known.away_since is not None:
        does = _DOES.get(known.reason or "", f"does not do as asked ({known.reason})")
        since = known.away_since.astimezone(AMSTERDAM)
        return look(
            f"{sentence} {does} since {since:%Y-%m-%d %H:%M}; run 'meetpunt connect {command} "
            f"{here.slug}'."
        )
    if known is None or known.last_well is None:
        if kind is Kind.REPORTS:
            return ok(f"{sentence} was not told anything yet.")
        return look(
            f"{sentence} was not asked yet. Does 'meetpunt serve' or 'meetpunt work' run with "
            "MEETPUNT_WORK_URL?"
        )
    seconds = max((now - known.last_well).total_seconds(), 0.0)
    if kind is Kind.REPORTS:
        return ok(f"{sentence} did as asked, the last time.")
    return ok(f"{sentence} did as asked, some {ago(seconds)} ago.")

"""Who is told of signals: what waits, which webhook is no more, and what was lost."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from ingest.doctor.findings import Finding, counted, look, ok, unseen, wrong
from ingest.doctor.sight import INGEST, Sight, needs
from ingest.followup.pushing.making import pushing_of
from ingest.followup.pushing.standing_statements import (
    Gone,
    Standing,
    read_standing,
    webhooks_gone,
)
from ingest.followup.pushing.statements import WEBHOOK
from ingest.followup.pushing.trying import secret_findings
from ingest.followup.pushing.ways import address_code
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.pushing import Pushing

LATE_SECONDS = 1800.0
"""What is due for so long, nobody works on: who does tries it within minutes, and puts it off."""


async def examine(sight: Sight) -> list[Finding]:
    """By what waits and what was counted; secrets as this account can read them."""
    db = sight.ingest or sight.work or sight.folder
    if db is None:
        return needs(INGEST)
    if sight.catalogue is None:
        return [unseen("Whether who is told of signals is told, as the files hold errors.")]
    files = sight.catalogue.municipalities.values()
    named = {each.code: each.slug for each in files}
    told = {each.slug: pushing for each in files if (pushing := _told(each))}
    gone = {each.municipality: each for each in await webhooks_gone(db)}
    standing = await read_standing(db)
    if not told and not standing:
        return [ok("No municipality has anybody who is told of signals.")]
    silent = {
        code
        for code, each in gone.items()
        if (pushing := told.get(named.get(code, "")))
        and pushing.webhook
        and each.address == address_code(pushing.webhook)
    }
    faults = [
        *_webhooks(told, {named[code]: gone[code] for code in silent}),
        *_waiting(standing, named, silent),
        *_lost(standing, named),
    ]
    many = counted(sum(each.waiting for each in standing), "delivery", "deliveries")
    return faults or [ok(f"Waiting to be told of signals: {many}.")]


def _told(municipality: Municipality) -> Pushing | None:
    pushing = pushing_of(municipality)
    return pushing if pushing and (pushing.webhook or pushing.mail) else None


def _webhooks(told: Mapping[str, Pushing], gone: Mapping[str, Gone]) -> Iterator[Finding]:
    """`gone` are those that are gone at the address of their file."""
    for slug, pushing in told.items():
        webhook = pushing.webhook
        if webhook is None:
            continue
        for each in secret_findings(webhook):
            if not each.well:
                yield wrong(f"The webhook of {slug}: {each.sentence}")
        if slug in gone:
            yield wrong(
                f"The webhook of {slug} says since {gone[slug].since} that it is no more (410): "
                "nobody is told there. Write another address in its file; or once it works, "
                f"'meetpunt connect webhook {slug}' makes it count again."
            )


def _waiting(
    standing: Sequence[Standing], named: Mapping[str, str], silent: Collection[str]
) -> Iterator[Finding]:
    """To the webhooks of those that are `silent` nothing is sent: they are gone."""
    for each in standing:
        whose = f"{'Webhook' if each.way == WEBHOOK else 'Mail'} of {_name(each, named)}"
        waiting = counted(each.waiting, "delivery", "deliveries")
        if each.waiting and each.way == WEBHOOK and each.municipality in silent:
            yield look(
                f"{whose}: {waiting} of signals not told, as it is gone (410): nothing is sent "
                "there. What cannot be told within a day is lost; the signals themselves are there."
            )
        elif each.waiting and each.due_seconds > LATE_SECONDS and each.why != "gone":
            yield wrong(
                f"{whose}: {waiting} of signals due for {each.due_seconds / 60:.0f} minutes. Does "
                "'meetpunt serve' or 'meetpunt work' run with MEETPUNT_WORK_URL?"
            )
        elif each.why is not None:
            trying = f": 'meetpunt connect webhook {_name(each, named)}' says what is missing"
            yield look(
                f"{whose}: {waiting} of signals not told yet ({each.why}). It is tried for a day"
                f"{trying if each.way == WEBHOOK else ''}."
            )


def _lost(standing: Sequence[Standing], named: Mapping[str, str]) -> Iterator[Finding]:
    for each in standing:
        if each.lost:
            way = "webhook" if each.way == WEBHOOK else "mail"
            yield look(
                f"Lost since the beginning of last month: "
                f"{counted(each.lost, 'delivery', 'deliveries')} of signals by {way} of "
                f"{_name(each, named)}. It was away for a day, or refused what it was sent; the "
                "signals themselves are there. signal_deliveries_total in /metrics says why."
            )


def _name(standing: Standing, named: Mapping[str, str]) -> str:
    return named.get(standing.municipality, standing.municipality)

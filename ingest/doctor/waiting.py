"""What waits: responses that nobody can read yet, what was kept apart of kiosks, and reports."""

from ingest.doctor.findings import Finding, counted, look, ok
from ingest.doctor.sight import FOLDER, Sight, needs

_LONG_DAYS = 30


async def examine(sight: Sight) -> list[Finding]:
    """As the role that publishes."""
    if sight.folder is None:
        return needs(FOLDER)
    row = await sight.folder.fetchrow(_WAITING)
    findings = []
    sentence = f"Waiting to be published: {counted(row['unpublished'], 'response')}"
    if row["unpublished"] and row["days"] > _LONG_DAYS:
        findings.append(
            look(
                f"{sentence}, the oldest for {row['days']} days: fewer than ten came in there, or "
                "nobody looks."
            )
        )
    else:
        findings.append(ok(f"{sentence}."))
    if missing := await sight.folder.fetchval(_NOT_BROKEN_DOWN):
        findings.append(
            look(
                f"Breakdowns of {counted(missing, 'municipality', 'municipalities')} count fewer "
                "or more answers than their channels do, as after an upgrade: once no copy of the "
                "version before runs, 'meetpunt publish rebuild' counts them."
            )
        )
    if row["quarantine"]:
        findings.append(
            look(
                f"In quarantine: {counted(row['quarantine'], 'item')} of kiosks, the oldest for "
                f"{row['quarantine_days']} days: 'meetpunt kiosk kept' shows them."
            )
        )
    if row["set_aside"]:
        findings.append(
            look(f"Set aside: {counted(row['set_aside'], 'item')} of kiosks, never to be stored.")
        )
    reports = await sight.folder.fetchrow(REPORTS_NOT_SENT)
    if reports["lost"]:
        findings.append(
            look(
                "Not sent, as far as we know: the month of "
                f"{counted(reports['lost'], 'department')} ({reports['why']}). 'meetpunt report' "
                "makes the page."
            )
        )
    return findings


# Of what somebody may still miss.
REPORTS_NOT_SENT = """/* reports_not_sent */
    select count(*) as lost, string_agg(distinct coalesce(reason, state), ', ') as why
    from meetpunt.report
    where changed_on > current_date - 35
        and (state in ('failed', 'unknown')
            or state = 'waiting' and due < now() - interval '1 day'
            or state = 'waiting' and attempts > 10)"""

# Of months whose rows are there still: breakdowns go with their rows, figures of channels stay.
_NOT_BROKEN_DOWN = """/* not_broken_down */
    with counted as (
        select municipality, period, given, 1 as side from lees.cijfer where grain = 'month'
        union all
        select municipality, month, given, -1 from lees.cijfer_uitgesplitst
    ),
    sums as (
        select counted.municipality,
            sum(side * (select sum(n) from unnest(given) as n)) as left_over
        from counted
        left join meetpunt.purged_before as purged
            on purged.municipality = counted.municipality
        where purged.day is null or counted.period >= purged.day
        group by counted.municipality
    )
    select count(*) from sums where left_over <> 0
"""

_WAITING = """/* waiting */
    select unpublished, coalesce(current_date - oldest, 0) as days,
        quarantine, coalesce(current_date - quarantined, 0) as quarantine_days, set_aside
    from (select count(*) as unpublished, min(day) as oldest from meetpunt.unpublished) as _,
        (select count(*) as quarantine, min(received_on) as quarantined
            from meetpunt.kiosk_quarantine) as __,
        (select count(*) as set_aside from meetpunt.kiosk_set_aside) as ___
"""

"""What is set: which database, which files, and who is to do the tasks."""

from ingest.database.encryption import is_unsure, may_be_read
from ingest.doctor.findings import Finding, counted, look, ok, some, unseen, wrong
from ingest.doctor.sight import Sight

_MOST_FAULTS = 20  # `meetpunt check` shows each


async def examine(sight: Sight) -> list[Finding]:
    """The settings by themselves; asks nobody."""
    settings = sight.settings
    findings = []
    if sight.own:
        findings.append(ok(f"Meetpunt's own Postgres is used, in {settings.data.resolve()}."))
    else:
        findings.append(ok("The database is the one of MEETPUNT_DATABASE_URL."))
        findings += _of_other_roles(sight)
        findings += _of_the_way_there(sight)
    if not settings.tells:
        findings.append(
            look(
                "MEETPUNT_TELLS is nobody: with these settings no invitation, signal, report or "
                "answer to a report goes out, and no other system is followed. It is for a copy "
                "that somebody looks at; what waits to go out is not looked at here."
            )
        )
    if sight.catalogue is None:
        faults = str(sight.rejected).splitlines()
        findings += [wrong(fault) for fault in faults[:_MOST_FAULTS]]
        return [*findings, look("What runs goes on with the files that it read before that.")]
    municipalities = sight.catalogue.municipalities.values()
    if fictional := [each.slug for each in municipalities if each.fictional]:
        findings.append(look(f"These municipalities are fictional: {some(fictional)}."))
    else:
        held = counted(len(municipalities), "municipality", "municipalities")
        findings.append(ok(f"The files hold {held} and no error."))
    return findings


def _of_other_roles(sight: Sight) -> list[Finding]:
    findings = []
    if sight.settings.folder_url is None:
        findings.append(
            wrong(
                "MEETPUNT_FOLDER_URL is not set: with these settings nothing is published, counted "
                "or removed."
            )
        )
    if sight.settings.work_url is None:
        findings.append(
            look(
                "MEETPUNT_WORK_URL is not set: with these settings no invitation, signal or report "
                "is sent, and no other system is followed."
            )
        )
    if sight.settings.owner_url is None:
        findings.append(
            unseen(
                "MEETPUNT_OWNER_URL is not set, which is right where the service runs: what only "
                "the owner sees is left out."
            )
        )
    return findings


def _of_the_way_there(sight: Sight) -> list[Finding]:
    findings = []
    for role, url in sight.urls.items():
        sentence = f"The connection as {role} goes over a network without sslmode=verify-full"
        if may_be_read(url):
            findings.append(
                look(
                    f"{sentence}, and may go unencrypted: its password and all answers can be read "
                    "there."
                )
            )
        elif is_unsure(url):
            findings.append(look(f"{sentence}."))
    return findings
